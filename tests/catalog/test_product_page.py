import json
import re
from decimal import Decimal
from html import unescape

import pytest

from catalog.services import set_rating
from tests.factories import make_admin, make_category, make_image, make_product, make_seller, make_user, make_variant

pytestmark = pytest.mark.django_db


def page(client, product, query="", **headers):
    response = client.get(f"{product.get_absolute_url()}{query}", headers=headers)
    assert response.status_code == 200
    return response


def text(response) -> str:
    """What stands on the page, without its markup."""
    html = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def structured(response):
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return {item["@type"]: item for item in json.loads(data)["@graph"]}


def test_the_page_says_what_a_buyer_must_know(client):
    seller = make_seller(
        shop_name="Jaipur Loom", legal_name="Loom Traders LLP", city="Jaipur", state="Rajasthan",
        line1="4 Johari Bazaar", support_email="care@loom.example", support_phone="+919414012345",
        gstin="08AAGCB7383J1Z8",
    )  # fmt: skip
    product = make_product(
        title="Cotton kurta", seller=seller, price="799.50", mrp=1299, attributes={"Material": "Cotton"},
        highlights=["Printed by hand"], description="First.\n\nSecond <b>bold</b>.", country_of_origin="NP",
    )  # fmt: skip

    shown = text(page(client, product))

    for fact in [
        "Cotton kurta", "₹799.50", "₹1,299", "38% off", "Inclusive of all taxes", "You save ₹499.50", "In stock",
        "Printed by hand", "Material Cotton", "Country of origin Nepal", "Jaipur Loom", "Loom Traders LLP",
        "GSTIN 08AAGCB7383J1Z8", "4 Johari Bazaar, Jaipur", "care@loom.example", "+919414012345",
    ]:  # fmt: skip
        assert fact in shown


def test_a_seller_without_gst_is_named_as_such(client):
    assert "Not registered for GST" in text(page(client, make_product(seller=make_seller(gstin=""))))


def test_without_a_lower_price_nothing_is_struck_through(client):
    html = page(client, make_product(price=500)).content.decode()

    assert "<s>" not in html
    assert "% off" not in html
    assert "You save" not in html


@pytest.mark.parametrize(
    ("stock", "said"), [(1, "Only 1 left"), (5, "Only 5 left"), (6, "In stock"), (0, "Out of stock")]
)
def test_the_stock_is_told_as_it_is(client, stock, said):
    response = page(client, make_product(stock=stock))

    assert said in text(response)
    assert ("Add to cart" in text(response)) is bool(stock)
    if stock > 5:
        assert "left" not in text(response)


@pytest.mark.parametrize(("stock", "highest"), [(3, 3), (40, 10)])
def test_no_more_can_be_asked_for_than_there_is_or_a_cart_takes(client, stock, highest):
    assert f'max="{highest}"' in page(client, make_product(stock=stock)).content.decode()


def test_a_variant_is_chosen_by_the_address(client):
    product = make_product(price=None)
    make_variant(product, attributes={"Size": "S"}, price=300)
    large = make_variant(product, attributes={"Size": "L"}, price=450)

    assert "₹300" in text(page(client, product))
    chosen = page(client, product, f"?v={large.pk}")
    assert "₹450" in text(chosen)
    assert f'name="variant" value="{large.pk}"' in chosen.content.decode()


@pytest.mark.parametrize("wanted", ["", "x", "0", "-1", "99999999999999999999", "1%00", "１"])
def test_a_variant_that_does_not_exist_shows_the_default(client, wanted):
    product = make_product(price=345)

    assert "₹345" in text(page(client, product, f"?v={wanted}"))


def test_a_retired_variant_is_not_offered(client):
    product = make_product(price=None)
    make_variant(product, name="Old", price=100, is_active=False)
    make_variant(product, name="New", price=200)

    shown = text(page(client, product))
    assert "₹200" in shown
    assert "Old" not in shown


def test_packs_say_net_quantity_and_unit_price(client):
    product = make_product(price=None)
    make_variant(product, attributes={"Weight": "500 g"}, price=250)

    assert "Net quantity 500 g (₹0.50 per g)" in text(page(client, product))


def test_htmx_gets_the_offer_alone_and_the_bar_of_the_phone(client):
    product = make_product(price=345)
    headers = {"HX-Request": "true", "HX-Target": "offer"}

    html = page(client, product, **headers).content.decode()

    assert html.lstrip().startswith('<div class="product__offer" id="offer">')
    assert 'hx-swap-oob="innerHTML:#buy-bar"' in html
    assert "<html" not in html


def test_a_pincode_is_answered_and_remembered(client):
    product = make_product(seller=make_seller(state="Karnataka"))

    shown = text(page(client, product, "?pincode=560 001"))
    assert "Bengaluru, Karnataka : 2 to 4 days" in shown
    assert client.cookies["pincode"].value == "560001"

    other = make_product(seller=make_seller(state="Assam"))
    assert "Bengaluru, Karnataka : 3 to 7 days" in text(page(client, other))


@pytest.mark.parametrize(
    ("pincode", "said"),
    [("", "Enter the PIN code"), ("56", "6-digit PIN code"), ("012345", "6-digit"), ("999999", "No post office")],
)
def test_a_wrong_pincode_is_said_beside_the_field_which_keeps_it(client, pincode, said):
    response = page(client, make_product(), f"?pincode={pincode}")

    assert said in text(response)
    assert "pincode" not in client.cookies
    if pincode:
        assert f'value="{pincode}"' in response.content.decode()


def test_a_wrong_pincode_in_the_cookie_is_nobodys_fault(client):
    client.cookies["pincode"] = "nonsense"

    shown = text(page(client, make_product()))
    assert "6-digit" not in shown
    assert "nonsense" not in shown


def test_htmx_gets_the_delivery_alone(client):
    headers = {"HX-Request": "true", "HX-Target": "delivery"}
    html = page(client, make_product(), "?pincode=110001", **headers).content.decode()

    assert html.lstrip().startswith("<section")
    assert 'id="delivery"' in html
    assert "<html" not in html


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_listed_exists_for_its_seller_and_the_staff_only(client, status):
    product = make_product(status=status)
    url = product.get_absolute_url()

    for stranger in (None, make_user(), make_seller().user):
        if stranger:
            client.force_login(stranger)
        assert client.get(url).status_code == 404
    for insider in (product.seller.user, make_admin()):
        client.force_login(insider)
        response = page(client, product)
        assert ("Preview of a draft" if status == "draft" else "not in the shop") in text(response)
        assert "Add to cart" not in text(response)
        assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_a_suspended_sellers_product_is_gone(client):
    product = make_product(seller=make_seller(status="suspended"))

    assert client.get(product.get_absolute_url()).status_code == 404


def test_a_draft_without_variants_can_be_previewed(client):
    product = make_product(status="draft", price=None)
    client.force_login(product.seller.user)

    assert "Out of stock" in text(page(client, product))


def test_markup_in_a_description_is_cleaned(client):
    html = page(
        client,
        make_product(description='<p onclick="x()">Soft <b>cotton</b><script>alert(1)</script><img src=x></p>'),
    ).content.decode()

    assert "<p>Soft <b>cotton</b></p>" in html
    assert "onclick" not in html
    assert "alert(1)" not in html


def test_hostile_words_stay_words(client):
    attack = "</script><script>alert(1)</script>"
    html = page(
        client,
        make_product(
            title=f"Lamp {attack}", brand=attack[:80], highlights=[attack], attributes={attack: attack},
            description="plain & simple",
        ),
    ).content.decode()  # fmt: skip

    assert attack not in html


def test_search_engines_get_product_offer_rating_and_breadcrumb(client):
    root = make_category("Fashion")
    product = make_product(title="Kurta", brand="Aranya", category=make_category("Kurtas", root), price=799)
    set_rating(product_id=product.pk, average=Decimal("4.25"), count=12)
    make_image(product)

    data = structured(page(client, product))

    assert data["Product"]["offers"] == {
        "@type": "Offer",
        "url": f"http://127.0.0.1:8000{product.get_absolute_url()}",
        "priceCurrency": "INR",
        "price": "799.00",
        "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/NewCondition",
        "seller": {"@type": "Organization", "name": product.seller.shop_name},
    }
    assert data["Product"]["aggregateRating"]["ratingValue"] == "4.25"
    assert data["Product"]["image"][0].startswith("http://127.0.0.1:8000/media/products/")
    names = [step["name"] for step in data["BreadcrumbList"]["itemListElement"]]
    assert names == ["Home", "Fashion", "Kurtas", "Kurta"]


def test_a_product_without_ratings_claims_none(client):
    assert "aggregateRating" not in structured(page(client, make_product()))["Product"]


def test_the_address_of_a_variant_is_not_a_page_of_its_own(client):
    product = make_product()
    html = page(client, product, f"?v={product.variants.get().pk}&utm_source=x").content.decode()

    assert f'<link rel="canonical" href="http://127.0.0.1:8000{product.get_absolute_url()}">' in html


@pytest.mark.parametrize("people", ["visitor", "buyer"])
def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries, people):
    category = make_category()
    small, large = make_product(category=category), make_product(category=category, price=None)
    for size in "SMLX":
        make_variant(large, attributes={"Size": size})
        make_image(large)
    if people == "buyer":
        client.force_login(make_user())
    page(client, small)
    with django_assert_max_num_queries(11) as few:
        page(client, small)
    for _ in range(10):
        make_image(make_product(category=category))
    with django_assert_max_num_queries(len(few)):
        page(client, large)
