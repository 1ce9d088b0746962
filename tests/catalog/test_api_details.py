"""One product and the categories over HTTP, and that what is kept of them is never old or somebody else's."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts.models import SellerStatus
from accounts.services import issue_tokens, set_seller_status
from catalog.models import Product
from catalog.selectors import FullProduct
from catalog.services import (
    StockLine,
    create_category,
    delete_category,
    remove_image,
    set_price,
    set_rating,
    set_status,
    take_stock,
    update_category,
)
from tests.factories import make_admin, make_category, make_image, make_product, make_seller, make_user, make_variant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def saree() -> Product:
    women = make_category("Women")
    made = make_product(
        title="Silk saree",
        category=make_category("Sarees", women),
        seller=make_seller(shop_name="Kashi Looms"),
        price=2499,
        mrp=3999,
        stock=4,
        tags=["silk"],
        attributes={"Fabric": "Silk"},
        brand="Kashi Looms",
        highlights=["Pure silk"],
        hsn="5007",
        gst_rate=5,
        description="Handwoven.\n\nDry clean only & keep dry.",
    )
    make_variant(made, price=2599, mrp=3999, stock=3, attributes={"Colour": "Red"})
    return made


def path(product: Product) -> str:
    return f"/api/v1/products/{product.slug}"


def as_user(user: Any) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_tokens(user).access_token}")
    return client


def test_a_product_says_what_the_contract_says(api: APIClient, saree: Product) -> None:
    image = make_image(saree, alt="Draped")
    plain, red = saree.variants.order_by("price")
    answer = api.get(path(saree)).json()
    stem = f"http://127.0.0.1:8000/media/{image.image.name.removesuffix('-1200.webp')}"
    times = [datetime.fromisoformat(answer.pop(name)) for name in ("created_at", "updated_at")]
    assert [str(time.utcoffset()) for time in times] == ["5:30:00", "5:30:00"]
    assert answer == {
        "id": saree.pk,
        "slug": saree.slug,
        "title": "Silk saree",
        "price": "2499.00",
        "mrp": "3999.00",
        "discount_percent": 37,
        "currency": "INR",
        "image": f"{stem}-640.webp",
        "category": {"id": saree.category_id, "slug": "sarees", "name": "Sarees"},
        "seller": {"id": saree.seller_id, "name": "Kashi Looms"},
        "rating_average": 0.0,
        "rating_count": 0,
        "in_stock": True,
        "description": "Handwoven.\n\nDry clean only & keep dry.",
        "images": [
            {
                "id": image.pk,
                "url": f"{stem}-1200.webp",
                "width": 1200,
                "height": 900,
                "alt": "Draped",
                "srcset": f"{stem}-320.webp 320w, {stem}-640.webp 640w, {stem}-1200.webp 1200w",
            }
        ],
        "tags": ["silk"],
        "attributes": {"Fabric": "Silk"},
        "brand": "Kashi Looms",
        "highlights": ["Pure silk"],
        "hsn": "5007",
        "gst_rate": "5.00",
        "country_of_origin": "IN",
        "variants": [
            {
                "id": plain.pk,
                "sku": plain.sku,
                "name": "",
                "price": "2499.00",
                "mrp": "3999.00",
                "stock": 4,
                "attributes": {},
            },
            {
                "id": red.pk,
                "sku": red.sku,
                "name": "Red",
                "price": "2599.00",
                "mrp": "3999.00",
                "stock": 3,
                "attributes": {"Colour": "Red"},
            },
        ],
        "stock": 7,
        "status": "active",
        "blocked_reason": None,
        "breadcrumbs": [
            {"id": saree.category.parent_id, "slug": "women", "name": "Women"},
            {"id": saree.category_id, "slug": "sarees", "name": "Sarees"},
        ],
    }


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Rice < 5 kg & dal", "Rice < 5 kg & dal"),
        ("<p onclick=x()>Soft<script>steal()</script></p>", "<p>Soft</p>"),
        ("<ul><li>One</ul><img src=x onerror=y>", "<ul><li>One</li></ul>"),
        ("शुद्ध रेशम", "शुद्ध रेशम"),
        ("<!-- hidden", ""),
    ],
)
def test_a_description_is_safe_to_show(api: APIClient, written: str, told: str) -> None:
    assert api.get(path(make_product(description=written))).json()["description"] == told


def test_a_sold_out_and_bare_product_has_a_page_too(api: APIClient) -> None:
    answer = api.get(path(make_product(stock=0))).json()
    assert (answer["in_stock"], answer["stock"], answer["image"], answer["images"]) == (False, 0, None, [])


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_on_sale_is_there_for_its_seller_and_staff(api: APIClient, status: str) -> None:
    hidden = make_product(status=status)
    for user in (hidden.seller.user, make_admin()):
        answer = as_user(user).get(path(hidden))
        assert (answer.status_code, answer.json()["status"]) == (200, status)
        assert answer["Cache-Control"] == "private, max-age=0, must-revalidate"
    for other in (api, as_user(make_user()), as_user(make_seller().user)):
        answer = other.get(path(hidden))
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "not_found")


def test_what_is_not_there_is_404(api: APIClient) -> None:
    for address in ("products/no-such-thing", "categories/no-such-thing", "products/no such", "products/4711"):
        answer = api.get(f"/api/v1/{address}")
        assert (answer.status_code, answer.json()["type"]) == (404, "client_error")


def test_the_second_look_asks_no_database(
    api: APIClient, saree: Product, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    addresses = (path(saree), "/api/v1/products", "/api/v1/products?q=saree", "/api/v1/categories")
    first = [api.get(address).content for address in addresses]
    with django_assert_num_queries(0):
        assert [api.get(address).content for address in addresses] == first


CHANGES = {
    "title": lambda saree: Product.objects.get(pk=saree.pk),
    "stock": lambda saree: take_stock([StockLine(_cheap(saree).pk, 1)], reference="A", actor=None),
    "price": lambda saree: set_price(variant=_cheap(saree), price=Decimal(1999), mrp=Decimal(3999)),
    "rating": lambda saree: set_rating(product_id=saree.pk, average=Decimal("4.5"), count=2),
    "image": lambda saree: make_image(saree),
    "no image": lambda saree: remove_image(image=saree.images.get()),
    "variant": lambda saree: make_variant(saree, price=99, name="XL"),
    "shop": lambda saree: _rename_shop(saree),
    "category": lambda saree: update_category(category=saree.category, name="Saris"),
    "category above": lambda saree: update_category(category=saree.category.parent, name="Ladies"),
}


def _cheap(saree: Product) -> Any:
    return saree.variants.order_by("price")[0]


def _rename_shop(saree: Product) -> None:
    saree.seller.shop_name = "Varanasi Looms"
    saree.seller.save()


def _rename(saree: Product) -> None:
    saree.title = "Silk sari"
    saree.save()


@pytest.mark.parametrize("change", [*(pytest.param(c, id=n) for n, c in CHANGES.items() if n != "title"), _rename])
def test_a_change_shows_at_once(api: APIClient, saree: Product, change: Any) -> None:
    make_image(saree)
    before = {address: api.get(address).json() for address in (path(saree), "/api/v1/products")}
    change(saree)
    fresh = as_user(make_user())  # is never answered from what is kept
    assert fresh.get(path(saree)).json() != before[path(saree)]
    for address in before:
        assert api.get(address).json() == fresh.get(address).json()


@pytest.mark.parametrize(
    "hide",
    [
        lambda saree: set_status(product=saree, status="archived"),
        lambda saree: set_seller_status(seller=saree.seller, status=SellerStatus.SUSPENDED, reason="Late."),
    ],
    ids=["archived", "shop suspended"],
)
def test_what_is_hidden_is_hidden_at_once(api: APIClient, saree: Product, hide: Any) -> None:
    assert api.get(path(saree)).status_code == 200
    assert api.get("/api/v1/products").json()["count"] == 1
    hide(saree)
    assert api.get(path(saree)).status_code == 404
    assert api.get("/api/v1/products").json()["count"] == 0


def test_a_change_that_is_rolled_back_changes_nothing(
    api: APIClient, saree: Product, django_assert_num_queries: Any
) -> None:
    before = api.get(path(saree)).content
    with transaction.atomic():
        _rename(saree)
        transaction.set_rollback(True)
    with django_assert_num_queries(0):
        assert api.get(path(saree)).content == before


def test_a_reader_that_a_change_overtook_keeps_nothing_old(
    api: APIClient, saree: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog.api.views import reading

    read = reading.full_product

    def slow_read(*args: Any) -> FullProduct:
        found = read(*args)
        _rename(saree)
        return found

    monkeypatch.setattr(reading, "full_product", slow_read)
    assert api.get(path(saree)).json()["title"] == "Silk saree"
    monkeypatch.undo()
    assert api.get(path(saree)).json()["title"] == "Silk sari"


def test_a_session_gets_into_nothing_that_is_kept(api: APIClient, saree: Product) -> None:
    seller = saree.seller.user
    browser = APIClient()
    browser.force_login(seller)
    draft = make_product(seller=saree.seller, status="draft")
    assert browser.get(path(draft)).status_code == 404, "the API knows tokens, not sessions"
    answer = browser.get(path(saree))
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert api.get(path(saree)).content == answer.content


def test_a_token_that_does_not_count_is_refused_though_the_answer_is_kept(api: APIClient, saree: Product) -> None:
    assert api.get(path(saree)).status_code == 200
    api.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    assert api.get(path(saree)).status_code == 401


def test_the_whole_tree(api: APIClient, saree: Product) -> None:
    make_category("Books", position=9)
    assert api.get("/api/v1/categories").json() == [
        {
            "id": saree.category.parent_id,
            "slug": "women",
            "name": "Women",
            "children": [
                {
                    "id": saree.category_id,
                    "slug": "sarees",
                    "name": "Sarees",
                    "children": [],
                    "product_count": 1,
                }
            ],
            "product_count": 1,
        },
        {"id": saree.category_id + 1, "slug": "books", "name": "Books", "children": [], "product_count": 0},
    ]


def test_one_category(api: APIClient, saree: Product) -> None:
    women, sarees = saree.category.parent, saree.category
    assert api.get("/api/v1/categories/sarees").json() == {
        "id": sarees.pk,
        "slug": "sarees",
        "name": "Sarees",
        "children": [],
        "product_count": 1,
        "breadcrumbs": [
            {"id": women.pk, "slug": "women", "name": "Women"},
            {"id": sarees.pk, "slug": "sarees", "name": "Sarees"},
        ],
    }
    (child,) = api.get("/api/v1/categories/women").json()["children"]
    assert child["slug"] == "sarees"


def test_a_change_of_the_tree_shows_at_once(api: APIClient) -> None:
    def names() -> list[str]:
        return [root["name"] for root in api.get("/api/v1/categories").json()]

    assert names() == []
    food = create_category(name="Food")
    assert names() == ["Food"]
    update_category(category=food, name="Groceries")
    assert names() == ["Groceries"]
    assert api.get("/api/v1/categories/food").json()["name"] == "Groceries"
    delete_category(category=food)
    assert names() == []
    assert api.get("/api/v1/categories/food").status_code == 404


def test_people_with_a_token_get_what_is_kept_for_everybody(api, django_assert_num_queries):
    product, buyer_api = make_product(), as_user(make_user())
    path = f"/api/v1/products/{product.slug}"
    first = buyer_api.get(path)
    with django_assert_num_queries(0):
        anonymous = api.get(path)
    with django_assert_num_queries(1):  # who asks
        again = buyer_api.get(path)

    assert first.content == anonymous.content == again.content
    assert (anonymous["Cache-Control"], again["Cache-Control"]) == (
        "public, max-age=0, must-revalidate",
        "private, max-age=0, must-revalidate",
    )
    assert buyer_api.get(path, headers={"If-None-Match": again["ETag"]}).status_code == 304


def test_a_token_that_does_not_count_gets_nothing_that_is_kept(api):
    path = f"/api/v1/products/{make_product().slug}"
    api.get(path)

    assert api.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_a_draft_that_its_seller_looks_at_is_not_kept(api):
    product = make_product(status="draft")
    path = f"/api/v1/products/{product.slug}"

    assert as_user(product.seller.user).get(path).status_code == 200
    assert api.get(path).status_code == 404
