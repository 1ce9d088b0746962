"""The page of a product's stock: what is noted there, and what it shows."""

import pytest
from django.urls import reverse

from catalog.models import StockMovement
from tests.factories import make_product, make_seller, make_user, make_variant
from tests.shop import place, stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    seller = make_seller()
    client.force_login(seller.user)
    return seller


@pytest.fixture
def lamp(seller):
    return make_product(seller=seller, stock=10)


def url(product) -> str:
    return reverse("seller-products:stock", args=[product.pk])


def note(client, variant, reason: str, pieces: object):
    return client.post(url(variant.product), {"variant": variant.pk, "reason": reason, "pieces": pieces})


@pytest.mark.parametrize(
    ("reason", "pieces", "moved"), [("restock", 5, 5), ("return", 1, 1), ("damage", 4, -4), ("correction", 7, -3)]
)
def test_each_reason_moves_the_stock_its_way(client, seller, lamp, reason, pieces, moved):
    variant = lamp.variants.get()
    assert note(client, variant, reason, pieces).status_code == 302
    assert stock_of(variant) == 10 + moved
    movement = StockMovement.objects.latest("pk")
    assert (movement.reason, movement.quantity, movement.actor) == (reason, moved, seller.user)


def test_counting_what_is_there_moves_nothing(client, lamp):
    before = StockMovement.objects.count()
    assert note(client, lamp.variants.get(), "correction", 10).status_code == 302
    assert StockMovement.objects.count() == before


@pytest.mark.parametrize(
    ("reason", "pieces", "said"),
    [
        ("damage", 11, "There are only 10."),
        ("restock", 0, "Enter how many."),
        ("restock", "", "Enter how many."),
        ("restock", -1, "Stock cannot be below 0."),
        ("restock", "many", "Enter a number of pieces."),
        ("restock", 1_000_000, "There cannot be more than 10,00,000 in stock."),
        ("order", 1, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_moves_nothing(client, lamp, reason, pieces, said):
    response = note(client, lamp.variants.get(), reason, pieces)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert stock_of(lamp.variants.get()) == 10


def test_a_variant_of_another_product_is_none_of_the_choices(client, seller, lamp):
    foreign = make_product(seller=seller).variants.get()
    response = client.post(url(lamp), {"variant": foreign.pk, "reason": "restock", "pieces": 1})
    assert response.status_code == 422
    assert stock_of(foreign) == 10


def test_what_is_taken_off_a_draft_is_counted_right(client, seller):
    draft = make_product(seller=seller, status="draft", stock=2)
    response = note(client, draft.variants.get(), "damage", 3)
    assert "There are only 2." in response.content.decode()
    assert note(client, draft.variants.get(), "damage", 2).status_code == 302


def test_the_page_shows_what_moved_with_its_order_the_latest_first(client, lamp, django_assert_max_num_queries):
    order = place(make_user(), lamp.variants.get(), quantity=2)
    for pieces in range(1, 8):
        note(client, lamp.variants.get(), "restock", pieces)
    with django_assert_max_num_queries(14):
        page = client.get(url(lamp)).content.decode()
    assert page.index("+7") < page.index("+1<") < page.index(order.number)
    assert "−2" in page
    assert f'href="{reverse("seller-orders:list")}?q={order.number}"' in page


def test_a_product_with_variants_asks_of_which(client, lamp):
    make_variant(lamp, name="Large", stock=3)
    assert "Large: 3 in stock" in client.get(url(lamp)).content.decode()
