import json

import pytest

from catalog import services
from catalog.models import WishlistItem
from tests.factories import make_image, make_product, make_user, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(client):
    user = make_user()
    client.force_login(user)
    return user


def on_list(user):
    return list(WishlistItem.objects.filter(user=user).values_list("product", flat=True))


def test_a_product_is_added_once_and_removed(client, buyer):
    product = make_product()

    for _ in range(2):
        response = client.post("/wishlist/add/", {"product": product.pk})
        assert response.status_code == 302
        assert response.url == product.get_absolute_url()
    assert on_list(buyer) == [product.pk]
    assert 'aria-pressed="true"' in client.get(product.get_absolute_url()).content.decode()

    client.post("/wishlist/remove/", {"product": product.pk})
    assert on_list(buyer) == []


def test_htmx_gets_the_button_and_a_toast(client, buyer):
    product = make_product()

    response = client.post(
        "/wishlist/add/", {"product": product.pk}, headers={"HX-Request": "true", "HX-Target": "wishlist-button"}
    )

    html = response.content.decode()
    assert html.strip().startswith('<form id="wishlist-button"')
    assert 'aria-pressed="true"' in html
    assert json.loads(response["HX-Trigger"])["toast"]["text"] == "Added to your wishlist."


def test_removing_on_the_list_by_htmx_gets_what_remains(client, buyer):
    gone, stays = make_product(title="Gone"), make_product(title="Stays")
    for product in (gone, stays):
        services.add_to_wishlist(user=buyer, product=product)

    response = client.post(
        "/wishlist/remove/", {"product": gone.pk}, headers={"HX-Request": "true", "HX-Target": "wishlist-items"}
    )

    html = response.content.decode()
    assert html.strip().startswith('<div id="wishlist-items"')
    assert "Stays" in html
    assert "Gone" not in html


def test_a_visitor_is_asked_to_log_in_and_comes_back_to_the_product(client):
    product = make_product()

    response = client.post("/wishlist/add/", {"product": product.pk})
    assert response.url == f"/account/login/?next={product.get_absolute_url()}"
    response = client.post("/wishlist/add/", {"product": product.pk}, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == f"/account/login/?next={product.get_absolute_url()}"
    assert client.get("/wishlist/").status_code == 302
    assert not WishlistItem.objects.exists()


@pytest.mark.parametrize("product", ["", "x", "0", "-1", "999999", "9" * 40])
def test_what_is_no_product_is_404(client, buyer, product):
    for action in ("add", "remove"):
        assert client.post(f"/wishlist/{action}/", {"product": product}).status_code == 404


def test_a_draft_of_somebody_else_cannot_be_added(client, buyer):
    draft = make_product(status="draft")

    assert client.post("/wishlist/add/", {"product": draft.pk}).status_code == 404
    assert on_list(buyer) == []


def test_only_posts_change_the_list(client, buyer):
    assert client.get("/wishlist/add/").status_code == 405
    assert client.get("/wishlist/remove/").status_code == 405


def test_the_list_is_the_buyers_own(client, buyer):
    services.add_to_wishlist(user=make_user(), product=make_product(title="Somebody else's lamp"))

    html = client.get("/wishlist/").content.decode()
    assert "Somebody else" not in html
    assert "Nothing on your wishlist yet" in html


def test_what_can_be_bought_at_once_can_be_moved_to_the_cart(client, buyer):
    simple, choice = make_product(title="Lamp"), make_product(title="Kurta", price=None)
    for size in "SM":
        make_variant(choice, attributes={"Size": size})
    gone, sold_out = make_product(title="Vase"), make_product(title="Bowl", stock=0)
    for product in (simple, choice, gone, sold_out):
        services.add_to_wishlist(user=buyer, product=product)
    services.set_status(product=gone, status="archived")

    html = client.get("/wishlist/").content.decode()

    assert html.count('name="from_wishlist"') == 1
    assert f'name="variant" value="{simple.variants.get().pk}"' in html
    assert "See options" in html
    assert "No longer sold" in html
    assert "Out of stock" in html


def test_what_is_moved_to_the_cart_leaves_the_list_and_nothing_else_does(client, buyer):
    moved, stays, sold_out = make_product(), make_product(), make_product(stock=0)
    for product in (moved, stays, sold_out):
        services.add_to_wishlist(user=buyer, product=product)

    for product in (moved, sold_out):
        client.post(
            "/cart/add/",
            {"variant": product.variants.get().pk, "quantity": 1, "from_wishlist": product.pk, "next": "/wishlist/"},
        )

    assert on_list(buyer) == [stays.pk, sold_out.pk]
    assert client.get("/").context["cart_count"]() == 1


def test_what_is_no_longer_sold_can_still_be_removed(client, buyer):
    product = make_product()
    services.add_to_wishlist(user=buyer, product=product)
    services.set_status(product=product, status="archived")

    client.post("/wishlist/remove/", {"product": product.pk, "next": "/wishlist/"})

    assert on_list(buyer) == []


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "nonsense", "javascript:alert(1)"])
def test_the_way_back_is_a_path_on_this_site(client, buyer, elsewhere):
    product = make_product()

    response = client.post("/wishlist/add/", {"product": product.pk, "next": elsewhere})
    assert response.url == product.get_absolute_url()


def test_a_list_has_an_end(buyer, monkeypatch):
    monkeypatch.setattr("catalog.services.wishlist.MAX_ITEMS", 1)
    first = make_product()
    services.add_to_wishlist(user=buyer, product=first)
    services.add_to_wishlist(user=buyer, product=first)

    with pytest.raises(services.WishlistFull):
        services.add_to_wishlist(user=buyer, product=make_product())


@pytest.mark.parametrize("products", [1, 10])
def test_the_number_of_queries_does_not_grow(client, buyer, django_assert_num_queries, products):
    for _ in range(products):
        product = make_product()
        make_image(product)
        services.add_to_wishlist(user=buyer, product=product)
    client.get("/wishlist/")

    with django_assert_num_queries(6):
        client.get("/wishlist/")
