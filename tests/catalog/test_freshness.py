"""Every change of what a product's or a list's answer shows is told once it is committed, and only then."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from accounts.models import SellerStatus
from accounts.services import set_seller_status
from catalog import freshness
from catalog.models import Product
from catalog.services import (
    StockLine,
    add_variant,
    create_category,
    put_back,
    refresh_listing,
    reorder_images,
    restock,
    set_price,
    set_rating,
    set_status,
    take_stock,
    update_category,
)
from pymart.common.redis import connection, key
from tests.factories import make_image, make_product, make_variant

pytestmark = pytest.mark.django_db(transaction=True)
Told = Callable[..., set[str]]


@pytest.fixture
def product() -> Product:
    """In stock at 499; a second variant costs more."""
    made = make_product(price=499, stock=5)
    make_variant(made, price=899, stock=5, attributes={"Size": "L"})
    for _ in range(2):
        make_image(made)
    return made


@pytest.fixture
def told() -> Iterator[Told]:
    """What a change of something was told as."""

    def call(change: Callable[..., Any], **arguments: Any) -> set[str]:
        prefix = key("answers", "changed", "")
        with connection() as redis:
            for name in redis.scan_iter(f"{prefix}*"):
                redis.delete(name)
            change(**arguments)
            return {name.decode().removeprefix(prefix) for name in redis.scan_iter(f"{prefix}*")}

    return call


def test_what_only_the_product_shows_is_told_of_the_product(told: Told, product: Product) -> None:
    cheap, dear = product.variants.order_by("price")
    own = {freshness.product(product.pk)}
    line = StockLine(cheap.pk, 2)
    assert told(take_stock, lines=[line], reference="A", actor=None) == own
    assert told(put_back, lines=[line], reference="A", actor=None) == own
    assert told(restock, variant_id=cheap.pk, quantity=3) == own
    assert told(set_price, variant=dear, price=Decimal(799), mrp=Decimal(899)) == own


def test_what_lists_show_too_is_told_of_the_lists(told: Told, product: Product) -> None:
    cheap, dear = product.variants.order_by("price")
    both = {freshness.product(product.pk), freshness.LISTS}
    lines = [StockLine(cheap.pk, 5), StockLine(dear.pk, 5)]
    assert told(take_stock, lines=lines, reference="A", actor=None) == both, "sold out"
    assert told(put_back, lines=lines, reference="A", actor=None) == both, "there again"
    assert told(set_price, variant=cheap, price=Decimal(399), mrp=Decimal(499)) == both
    assert told(set_rating, product_id=product.pk, average=Decimal("4.50"), count=2) == both
    assert told(set_status, product=product, status="archived") == both
    assert told(set_status, product=product, status="active") == both
    product.title = "Copper bottle"
    assert told(product.save) == both
    assert told(make_image, product=product) == both
    ids = [image.pk for image in product.images.all()]
    assert told(reorder_images, product=product, image_ids=ids[::-1]) == both
    variant = {"sku": "X", "name": "XL", "price": Decimal(99), "mrp": Decimal(99)}
    assert told(add_variant, product=product, **variant) == both


def test_a_shop_that_closes_or_changes_its_name_changes_all_it_sells(told: Told, product: Product) -> None:
    every = {freshness.PRODUCTS, freshness.LISTS}
    assert told(set_seller_status, seller=product.seller, status=SellerStatus.SUSPENDED, reason="Late.") >= every
    product.seller.shop_name = "Asha & Daughters"
    assert told(product.seller.save) == every


def test_the_tree_is_told_of_by_itself(told: Told, product: Product) -> None:
    assert told(create_category, name="Food") == {freshness.CATEGORIES}
    assert freshness.CATEGORIES in told(update_category, category=product.category, name="Drinks")


def test_many_products_are_told_of_as_all(told: Told, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "MANY", 1)
    Product.objects.update(in_stock=False)
    assert told(refresh_listing, product_ids=[product.pk]) == {freshness.PRODUCTS, freshness.LISTS}


def test_what_changes_nothing_is_not_told(told: Told, product: Product) -> None:
    cheap = product.variants.order_by("price")[0]
    assert told(refresh_listing, product_ids=[product.pk]) == set()
    assert told(set_price, variant=cheap, price=cheap.price, mrp=cheap.mrp) == set()


def test_what_is_rolled_back_was_never_told(told: Told, product: Product) -> None:
    def change_and_repent() -> None:
        with transaction.atomic():
            product.title = "Gold bottle"
            product.save()
            create_category(name="Gold")
            take_stock([StockLine(product.variants.all()[0].pk, 1)], reference="A", actor=None)
            transaction.set_rollback(True)

    assert told(change_and_repent) == set()


def test_without_redis_a_change_is_a_change_all_the_same(
    settings: Any, product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    default = settings.CACHES["default"]
    settings.CACHES = {"default": {**default, "LOCATION": "redis://127.0.0.1:1/0"}}
    set_rating(product_id=product.pk, average=Decimal("4.50"), count=2)
    assert Product.objects.get(pk=product.pk).rating_count == 2
    assert "Error calling changed" in caplog.text
