"""Several at once, each over a connection of its own."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.services.sellers import set_seller_status
from catalog import services
from catalog.models import Product, Variant
from catalog.selectors import stock_drift
from catalog.services import StockLine, take_stock, variants
from tests.api.conftest import as_user
from tests.catalog.writing import picture
from tests.factories import make_category, make_product, make_seller

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AT_ONCE = 6


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def together(jobs: list[Callable[[], object]]) -> Counter[object]:
    """Run all of the jobs from threads that start together; count their answers."""
    answers: list[object] = []
    start = threading.Barrier(len(jobs))

    def work(job: Callable[[], object]) -> None:
        try:
            start.wait()
            answers.append(job())
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return Counter(answers)


def body(**changes: object) -> dict[str, object]:
    category = make_category()
    return {
        "title": "Lamp",
        "description": "Of brass.",
        "category": category.slug,
        "price": "5.00",
        "stock": 1,
        **changes,
    }


@pytest.mark.parametrize("is_looked_up", [True, False])
def test_one_sku_at_the_same_moment_is_one_product(monkeypatch, settings, is_looked_up):
    """Whether the look-up finds the other, or only the database does."""
    if not is_looked_up:
        monkeypatch.setattr(variants, "_refuse_taken_skus", lambda *args: None)
    shop = make_seller()
    wanted = body(variants=[{"sku": "LAMP-1"}])
    clients = [as_user(shop.user) for _ in range(AT_ONCE)]

    def post(client):
        form = {**wanted, "variants": '[{"sku": "LAMP-1"}]', "images": [picture()]}
        return client.post("/api/v1/products", form, format="multipart").status_code

    answers = together([lambda client=client: post(client) for client in clients])

    assert answers == {201: 1, 409: AT_ONCE - 1}
    assert Product.objects.count() == Variant.objects.count() == 1
    assert sum(path.is_file() for path in settings.MEDIA_ROOT.rglob("*")) == 3


def test_stock_is_counted_while_it_is_sold():
    product = make_product(stock=50)
    variant = product.variants.get()
    client = as_user(product.seller.user)

    def sell() -> str:
        take_stock([StockLine(variant.pk, 1)], reference="", actor=None)
        return "sold"

    def count() -> int:
        return client.patch(f"/api/v1/products/{product.pk}", {"stock": 30, "title": "Counted"}).status_code

    answers = together([sell, count, sell, count, sell, count])

    assert answers == {"sold": 3, 200: 3}
    assert not stock_drift()
    assert 27 <= Variant.objects.get().stock <= 30


def test_who_changes_the_variants_sees_what_the_one_before_made_of_them():
    product = make_product()
    client = as_user(product.seller.user)

    def rename(name: str) -> int:
        wanted = {
            "variants": [{"name": name, "price": "5.00", "stock": 1}, {"name": f"{name}2", "price": "6.00", "stock": 1}]
        }
        return client.patch(f"/api/v1/products/{product.pk}", wanted).status_code

    answers = together([lambda name=name: rename(name) for name in "abcdef"])

    assert answers == {200: 6}
    first, second = product.variants.filter(is_active=True)
    assert second.name == f"{first.name}2"


def test_a_shop_that_is_suspended_meanwhile_has_nothing_on_sale():
    for _ in range(5):
        shop = make_seller()
        client, wanted = as_user(shop.user), body(status="active")

        def post(client=client, wanted=wanted) -> int:
            return client.post("/api/v1/products", wanted).status_code

        def suspend(shop=shop) -> str:
            set_seller_status(seller=shop, status="suspended", reason="Counterfeits")
            return "suspended"

        assert together([post, suspend, post])["suspended"] == 1
    assert not Product.objects.listed().exists()


def test_a_category_goes_or_gets_the_product_but_not_both():
    for _ in range(5):
        shop = make_seller()
        client, wanted = as_user(shop.user), body(status="active")
        category = services.create_category(name=f"Category of {shop.slug}")
        wanted["category"] = category.slug

        def post(client=client, wanted=wanted) -> int:
            return client.post("/api/v1/products", wanted).status_code

        def delete(category=category) -> str:
            try:
                services.delete_category(category=category)
            except services.CategoryInUse:
                return "in use"
            return "gone"

        answers = together([post, delete])
        assert answers in ({201: 1, "in use": 1}, {400: 1, "gone": 1})
