import pytest

from catalog import services
from catalog.models import Category
from catalog.querysets import ProductQuerySet
from tests.factories import make_category, make_product

pytestmark = pytest.mark.django_db


def test_a_slug_is_made_from_the_name():
    assert services.create_category(name="Home & Kitchen").slug == "home-kitchen"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("कुर्ता", "kurta"), ("साड़ी और लहंगा", "sadi-aur-lhmga"), ("Crème & Café", "creme-cafe"), ("…", "category")],
)
def test_a_slug_of_a_name_in_another_script_is_its_sound(name, slug):
    assert services.create_category(name=name).slug == slug


def test_a_product_named_in_hindi_has_its_name_in_its_address():
    assert make_product(title="पीतल का दीया").slug.startswith("pitl-ka-diya-")


def test_a_slug_that_is_taken_gets_the_parents_in_front():
    services.create_category(name="Shirts")
    men = services.create_category(name="Men")

    assert services.create_category(name="Shirts", parent=men).slug == "men-shirts"


def test_two_children_of_one_parent_cannot_share_a_name_whatever_its_case():
    men = services.create_category(name="Men")
    services.create_category(name="Shirts", parent=men)

    with pytest.raises(services.CategoryExists):
        services.create_category(name="SHIRTS", parent=men)


def test_a_wanted_slug_that_is_taken_is_refused():
    services.create_category(name="Shirts")

    with pytest.raises(services.CategoryExists, match="shirts"):
        services.create_category(name="Kurtas", slug="shirts")


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_category_cannot_be_moved_below_itself(depth):
    chain = [make_category("a")]
    chain.append(make_category("b", chain[0]))
    chain.append(make_category("c", chain[1]))

    with pytest.raises(services.CategoryCycle):
        services.update_category(category=chain[0], parent=chain[depth])

    assert Category.objects.get(pk=chain[0].pk).parent is None


def test_a_new_name_reaches_the_search_of_products_below():
    root = make_category("Ethnic wear")
    product = make_product(category=make_category("Kurtas", root))

    services.update_category(category=root, name="Festive clothes")

    product.refresh_from_db()
    assert "Festive clothes" in product.keywords
    assert "Ethnic wear" not in product.keywords


def test_what_is_not_named_stays_as_it_is():
    category = make_category("Toys", icon="toy-brick")

    services.update_category(category=category, position=7)

    category.refresh_from_db()
    assert (category.name, category.slug, category.icon, category.position) == ("Toys", "toys", "toy-brick", 7)


def test_an_unused_category_can_be_deleted():
    category = make_category()

    services.delete_category(category=category)

    assert not Category.objects.exists()


def test_a_category_cannot_be_deleted_while_it_or_one_below_has_products_on_sale():
    root = make_category("Root")
    leaf = make_category("Leaf", root)
    make_product(category=leaf)

    for category in (root, leaf):
        with pytest.raises(services.CategoryInUse) as refusal:
            services.delete_category(category=category)
        assert (refusal.value.code, refusal.value.status) == ("category_in_use", 409)


def test_what_is_below_goes_too_and_what_is_not_on_sale_moves_up():
    root = make_category("Root")
    middle = make_category("Middle", root)
    product = make_product(category=make_category("Leaf", middle), status="archived")

    services.delete_category(category=middle)

    product.refresh_from_db()
    assert list(Category.objects.all()) == [root]
    assert product.category == root
    assert "Leaf" not in product.keywords


def test_what_a_deleted_root_leaves_is_unsorted_and_that_stays():
    for name in ("One", "Two"):
        make_product(category=make_category(name), status="draft")
        services.delete_category(category=Category.objects.get(name=name))

    unsorted = Category.objects.get()
    assert (unsorted.name, unsorted.products.count()) == ("Unsorted", 2)
    with pytest.raises(services.CategoryInUse):
        services.delete_category(category=unsorted)


def test_a_product_that_comes_in_meanwhile_keeps_its_category(monkeypatch):
    category = make_category()
    make_product(category=category)
    monkeypatch.setattr(ProductQuerySet, "exists", lambda products: False)
    monkeypatch.setattr(ProductQuerySet, "update", lambda products, **_: 0)

    with pytest.raises(services.CategoryInUse):
        services.delete_category(category=category)

    assert Category.objects.filter(pk=category.pk)


def test_a_name_that_is_a_number_gets_an_address_that_is_none():
    assert services.create_category(name="501").slug == "category-501"
