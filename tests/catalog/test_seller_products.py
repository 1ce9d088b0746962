"""The seller's list of products: what it shows, and what is changed in it."""

import pytest
from django.urls import reverse

from catalog.models import Product, StockMovement
from tests.factories import make_category, make_image, make_product, make_seller, make_variant

pytestmark = pytest.mark.django_db
LIST, TICKED, UNDO = (reverse(f"seller-products:{name}") for name in ("list", "ticked", "undo"))


@pytest.fixture
def seller(client):
    seller = make_seller(shop_name="Lamps & Co")
    client.force_login(seller.user)
    return seller


def body(response, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def shown(client, **query) -> list[str]:
    return [row.product.title for row in client.get(LIST, query).context["rows"]]


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def statuses(*products: Product) -> list[str]:
    return [Product.objects.get(pk=product.pk).status for product in products]


def row_url(product: Product) -> str:
    return reverse("seller-products:row", args=[product.pk])


def row_fields(product: Product, **changes) -> dict[str, object]:
    """What the row's form posts; it knows what was there before."""
    variant = product.variants.get()
    was = {"price": variant.price, "stock": variant.stock, "status": product.status}
    return {**was, **{f"initial-{name}": value for name, value in was.items()}, "variant": variant.pk, **changes}


def test_the_tabs_count_and_show_the_products_of_each_status(client, seller):
    for status in ("active", "draft", "archived"):
        make_product(seller=seller, title=f"An {status} lamp", status=status)
    make_product(title="Foreign lamp")
    assert shown(client) == ["An archived lamp", "An draft lamp", "An active lamp"]
    assert shown(client, tab="draft") == ["An draft lamp"]
    assert [(tab.label, tab.count) for tab in client.get(LIST).context["tabs"]] == [
        ("All", 3),
        ("On sale", 1),
        ("Drafts", 1),
        ("Archived", 1),
    ]


def test_products_are_found_by_words_of_the_title_and_the_beginning_of_a_sku(client, seller):
    lamp = make_product(seller=seller, title="Brass peacock lamp", price=None)
    make_variant(lamp, sku="LMP-0042")
    make_product(seller=seller, title="Cotton kurta")
    for text in ("peacock", "PEACOCK LAMP", "lmp-00"):
        assert shown(client, q=text) == ["Brass peacock lamp"]
    assert "No product fits" in body(client.get(LIST, {"q": "nothing like it"}))


def test_the_list_is_narrowed_by_category_with_those_below_and_by_stock(client, seller):
    home = make_category("Home")
    lamps, cloth = make_category("Lamps", home), make_category("Cloth")
    make_product(seller=seller, title="Lamp", category=lamps, stock=3)
    make_product(seller=seller, title="Rug", category=home, stock=60)
    make_product(seller=seller, title="Kurta", category=cloth, stock=0)
    assert shown(client, category=home.pk) == ["Rug", "Lamp"]
    assert shown(client, stock="low") == ["Kurta", "Lamp"]
    assert shown(client, stock="out") == ["Kurta"]
    assert shown(client, sort="title") == ["Kurta", "Lamp", "Rug"]


@pytest.mark.parametrize("text", ["\x00", "%", "'; --", "x" * 500, "प", "-1", "999999999999999999999"])
def test_whatever_is_asked_of_the_list_is_answered(client, seller, text):
    make_product(seller=seller)
    query = {"q": text, "page": text, "tab": text, "category": text, "stock": text, "sort": text}
    assert client.get(LIST, query).status_code == 200
    assert client.post(TICKED, {"product": text, "status": "draft"}).status_code == 404
    assert client.post(UNDO, {"was": f"{text}:draft", "now": text}).status_code == 404


def test_a_row_shows_what_the_seller_looks_for(client, seller):
    lamp = make_product(seller=seller, title="Lamp", price=499, mrp=999, stock=4, units_sold=17)
    make_image(lamp)
    page = body(client.get(LIST))
    assert lamp.variants.get().sku in page
    for words in ('value="499"', "₹999", 'value="4"', "17 sold", "Low stock", "See in the shop", "-320.webp"):
        assert words in page


def test_an_empty_shop_is_told_how_to_begin(client, seller):
    assert "List your first product" in body(client.get(LIST))


def test_htmx_gets_the_list_alone(client, seller):
    make_product(seller=seller)
    page = body(client.get(LIST, headers={"HX-Request": "true", "HX-Target": "seller-products"}))
    assert page.strip().startswith('<div class="stack" id="seller-products"')


def test_price_stock_and_status_are_changed_in_the_row(client, seller):
    lamp = make_product(seller=seller, price=499, mrp=999, stock=10, status="draft")
    response = client.post(row_url(lamp), row_fields(lamp, price="450", stock="12", status="active"))
    assert response.url == LIST
    variant = lamp.variants.get()
    assert (variant.price, variant.mrp, variant.stock) == (450, 999, 12)
    assert statuses(lamp) == ["active"]
    last = StockMovement.objects.latest("pk")
    assert (last.quantity, last.reason, last.actor) == (2, "correction", seller.user)


def test_with_htmx_the_row_comes_back_with_the_way_to_undo_it(client, seller):
    lamp = make_product(seller=seller)
    headers = {"HX-Request": "true", "HX-Target": f"product-{lamp.pk}"}
    page = body(client.post(row_url(lamp), row_fields(lamp, status="archived"), headers=headers))
    assert page.strip().startswith('<article class="card product-row"')
    assert f'name="was" value="{lamp.pk}:active"' in page
    assert '<span hx-swap-oob="innerHTML:#products-archived">1</span>' in page
    assert statuses(lamp) == ["archived"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": "1000"}, "The MRP cannot be below the price."),
        ({"price": "0"}, "greater than or equal to 1"),
        ({"price": "1e3"}, "Enter an amount"),
        ({"price": ""}, "Enter a price."),
        ({"stock": "-1"}, "Stock cannot be below 0."),
        ({"stock": "\x00"}, "Enter a number of pieces."),
        ({"stock": "4" * 30}, "less than or equal to 1000000"),
        ({"status": "gone"}, "valid choice"),
    ],
)
@pytest.mark.parametrize("is_htmx", [False, True])
def test_what_is_wrong_in_a_row_is_said_there_and_changes_nothing(client, seller, changes, words, is_htmx):
    lamp = make_product(seller=seller, price=499, mrp=999)
    headers = {"HX-Request": "true", "HX-Target": f"product-{lamp.pk}"} if is_htmx else {}
    assert words in body(client.post(row_url(lamp), row_fields(lamp, **changes), headers=headers), 422)
    variant = lamp.variants.get()
    assert (variant.price, variant.stock, statuses(lamp)) == (499, 10, ["active"])


def test_a_stock_that_was_sold_from_meanwhile_is_asked_for_again(client, seller):
    lamp = make_product(seller=seller, stock=10)
    fields = row_fields(lamp, stock="12")
    lamp.variants.update(stock=8)
    page = body(client.post(row_url(lamp), fields), 422)
    assert "Meanwhile it became 8" in page
    assert 'name="initial-stock" value="8"' in page
    assert client.post(row_url(lamp), {**fields, "initial-stock": "8"}).status_code == 302
    assert lamp.variants.get().stock == 12


def test_a_variant_of_another_product_is_not_changed_by_a_row(client, seller):
    lamp, other = make_product(seller=seller), make_product(seller=seller)
    foreign = make_product()
    for theirs in (other, foreign):
        fields = row_fields(lamp, variant=theirs.variants.get().pk, price="1", stock="1")
        assert "no such variant" in body(client.post(row_url(lamp), fields), 422)
        assert theirs.variants.get().price == 499


def test_ticked_products_change_together_and_can_be_put_back(client, seller):
    first, second, third = (make_product(seller=seller, status=name) for name in ("active", "draft", "archived"))
    ids = [first.pk, second.pk, third.pk]
    page = body(client.post(TICKED, {"product": ids, "status": "archived", "next": LIST}, follow=True))
    assert "2 products are each archived." in page
    assert statuses(first, second, third) == ["archived"] * 3
    assert "products are each" not in body(client.get(LIST))  # it is offered once
    was = [f"{first.pk}:active", f"{second.pk}:draft"]
    assert said(client.post(UNDO, {"was": was, "now": "archived"}, follow=True)) == ["Undone."]
    assert statuses(first, second, third) == ["active", "draft", "archived"]


def test_what_changed_since_is_not_undone(client, seller):
    lamp = make_product(seller=seller, status="draft")
    response = client.post(UNDO, {"was": f"{lamp.pk}:archived", "now": "active"}, follow=True)
    assert said(response) == ["There is nothing left to undo."]
    assert statuses(lamp) == ["draft"]


def test_what_cannot_go_on_sale_says_why_and_holds_up_no_other(client, seller):
    bare, good = make_product(seller=seller, price=None, status="draft"), make_product(seller=seller, status="draft")
    response = client.post(TICKED, {"product": [bare.pk, good.pk], "status": "active"}, follow=True)
    assert said(response) == [f"{bare.title}: Give the product a variant with a price first. Then it can go on sale."]
    assert statuses(bare, good) == ["draft", "active"]


@pytest.mark.parametrize(
    ("fields", "words"), [({"status": "active"}, "Tick the products first."), ({"product": 1}, "what a product can")]
)
def test_a_press_without_products_or_with_no_status_changes_nothing(client, seller, fields, words):
    make_product(seller=seller)
    assert words in said(client.post(TICKED, fields, follow=True))[0]


def test_the_way_back_stays_on_this_site(client, seller):
    lamp = make_product(seller=seller)
    fields = {"product": lamp.pk, "status": "draft", "next": "https://elsewhere.example/"}
    assert client.post(TICKED, fields).url == LIST


def test_the_list_costs_the_same_for_one_and_for_fifty_products(client, seller, django_assert_max_num_queries):
    category = make_category()
    for count in (1, 50):
        for _ in range(count):
            lamp = make_product(seller=seller, category=category)
            make_variant(lamp, attributes={"Size": "L"})
            make_image(lamp)
        client.get(LIST)
        with django_assert_max_num_queries(9):
            body(client.get(LIST))
        with django_assert_max_num_queries(10):
            body(client.get(LIST, {"q": "steel", "stock": "low", "category": category.pk}))
