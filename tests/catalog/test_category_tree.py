import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import RequestFactory

from catalog.context_processors import menu
from catalog.selectors import breadcrumbs, category_tree, descendant_ids, forget_tree, get_tree
from catalog.services import create_category, delete_category, update_category
from tests.factories import make_category, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_redis(settings):
    """Nothing listens there."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}


def outline(nodes):
    return [(node.name, outline(node.children)) for node in nodes]


def test_the_tree_is_nested_in_the_order_of_position_and_name():
    food = make_category("Food", position=2)
    make_category("Toys", position=1)
    make_category("Tea", food)
    make_category("Rice", food)

    assert outline(category_tree()) == [("Toys", []), ("Food", [("Rice", []), ("Tea", [])])]


def test_a_node_says_what_the_menu_needs():
    food = make_category("Food", icon="wheat")
    rice = make_category("Rice", food)
    make_product(category=rice)
    make_product(category=food)
    make_product(category=rice, status="draft")

    (root,) = category_tree()
    (child,) = root.children

    assert (root.id, root.slug, root.icon, root.url, root.ancestors) == (food.pk, "food", "wheat", "/c/food/", [])
    assert (root.product_count, child.product_count) == (2, 1)
    assert child.ancestors == [root]


def test_a_warm_tree_costs_no_query(django_assert_num_queries):
    make_category("Food")
    category_tree()

    with django_assert_num_queries(0):
        categories = menu(RequestFactory().get("/"))["categories"]
        assert [node.name for node in categories] == ["Food"]


def test_without_redis_the_tree_comes_from_the_database(no_redis):
    make_category("Food")

    assert outline(category_tree()) == [("Food", [])]
    assert outline(category_tree()) == [("Food", [])]


def test_a_broken_value_in_redis_is_read_anew():
    make_category("Food")
    forget_tree()
    cache.set("catalog.category-tree", ("an older version", [(1, None, "Old", "old", "", 0)]), 60)

    assert outline(category_tree()) == [("Food", [])]


def test_every_change_shows_at_once(django_capture_on_commit_callbacks):
    def change(function, **arguments):
        with django_capture_on_commit_callbacks(execute=True):
            return function(**arguments)

    category_tree()
    food = change(create_category, name="Food")
    assert outline(category_tree()) == [("Food", [])]

    change(update_category, category=food, name="Groceries")
    assert outline(category_tree()) == [("Groceries", [])]

    change(delete_category, category=food)
    assert outline(category_tree()) == []


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_the_cached_tree_alone(django_assert_num_queries):
    create_category(name="Food")
    category_tree()

    with transaction.atomic():
        create_category(name="Toys")
        transaction.set_rollback(True)

    with django_assert_num_queries(0):
        assert outline(category_tree()) == [("Food", [])]


def test_a_reader_that_was_overtaken_by_a_change_does_not_bring_the_old_tree_back(monkeypatch):
    make_category("Food")
    from catalog.selectors import categories

    read = categories._read_rows

    def slow_read():
        rows = read()
        make_category("Toys")
        forget_tree()
        return rows

    monkeypatch.setattr(categories, "_read_rows", slow_read)
    assert outline(category_tree()) == [("Food", [])]
    monkeypatch.undo()

    assert outline(category_tree()) == [("Food", []), ("Toys", [])]


def test_descendants_and_breadcrumbs():
    food = make_category("Food")
    rice = make_category("Rice", food)
    basmati = make_category("Basmati", rice)
    make_category("Tea", food)

    assert set(descendant_ids(rice)) == {rice.pk, basmati.pk}
    assert [node.name for node in breadcrumbs(basmati.pk)] == ["Food", "Rice", "Basmati"]
    assert [node.id for node in get_tree().by_slug["basmati"].ancestors] == [food.pk, rice.pk]
