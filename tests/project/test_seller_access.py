"""
Who may open and do what below `/seller/`, address by address. Every address has a row in the table, of whichever app it
is: what belongs to another shop is not there, and nothing of it changes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import SellerProfile, User
from catalog.models import Product, ProductImage
from orders.models import SellerOrder
from tests.catalog.importing import NEW, imported
from tests.catalog.selling import posted, posted_again
from tests.factories import make_admin, make_image, make_product, make_seller, make_user, picture_file
from tests.orders.selling import sold_by

pytestmark = pytest.mark.django_db
WATCHED = [
    *("catalog.Product", "catalog.Variant", "catalog.ProductImage", "catalog.ProductImport"),
    *("orders.SellerOrder", "accounts.SellerProfile"),
]


@dataclass
class World:
    """Two shops, each with a product that has a picture; of the first an order and an import with an error, too."""

    seller: SellerProfile = field(default_factory=make_seller)
    other: SellerProfile = field(default_factory=make_seller)
    buyer: User = field(default_factory=make_user)

    def __post_init__(self) -> None:
        self.product, self.foreign = (self._product(shop) for shop in (self.seller, self.other))
        self.part: SellerOrder = sold_by(self.seller, self.product.variants.get(), status="shipped")
        self.image: ProductImage = self.product.images.get()
        self.job = imported(self.seller, {**NEW, "price": "none"}, is_dry_run=True)

    @staticmethod
    def _product(seller: SellerProfile) -> Product:
        product = make_product(seller=seller, description="Of brass.")
        make_image(product)
        return product


@dataclass(frozen=True)
class Row:
    """
    An address, and what answers to the owner of what it is about. With `foreign`, another seller gets that instead.

    `fields` are of a POST that the owner could send.
    """

    own: int
    method: str = "get"
    args: Callable[[World], list[Any]] = lambda world: []
    fields: Callable[[World], dict[str, Any]] = lambda world: {}
    foreign: int = 404


def of_product(world: World) -> list[Any]:
    return [world.product.pk]


def of_image(world: World) -> list[Any]:
    return [world.product.pk, world.image.pk]


def of_order(world: World) -> list[Any]:
    return [world.part.order.number]


def of_import(world: World) -> list[Any]:
    return [world.job.pk]


def number(world: World) -> dict[str, Any]:
    return {"order": world.part.order.number}


def restocked(product: Product) -> dict[str, Any]:
    return {"variant": product.variants.get().pk, "reason": "restock", "pieces": 3}


TABLE: dict[str, list[Row]] = {
    "seller:dashboard": [Row(200, foreign=200)],
    "seller:figures": [Row(200, foreign=200)],
    "seller:figures-csv": [
        Row(200, args=lambda world, table=table: [table], foreign=200)
        for table in ("sales", "best-sellers", "low-stock")
    ],
    "sell:settings": [Row(200, foreign=200), Row(422, "post", foreign=422)],
    "seller-orders:list": [Row(200, foreign=200)],
    "seller-orders:ticked": [Row(302, "post", fields=lambda world: {**number(world), "to": "delivered"})],
    "seller-orders:ship": [
        Row(200, fields=number),
        Row(302, "post", fields=lambda world: {**number(world), "carrier": "Own delivery"}),
    ],
    "seller-orders:slips": [Row(200, fields=number)],
    "seller-orders:detail": [Row(200, args=of_order)],
    "seller-orders:invoice": [Row(200, args=of_order)],
    "seller-products:list": [Row(200, foreign=200)],
    "seller-products:new": [
        Row(200, foreign=200),
        Row(302, "post", fields=lambda world: posted(world.product.category), foreign=302),
        Row(422, "post", fields=lambda world: posted(world.product.category, {"id": world.product.pk}), foreign=422),
    ],
    "seller-products:edit": [
        Row(200, args=of_product),
        Row(302, "post", of_product, lambda world: posted_again(world.product, title="Another")),
        Row(200, "post", of_product, lambda world: posted_again(world.product, do="add-variants")),
    ],
    "seller-products:stock": [
        Row(200, args=of_product),
        Row(302, "post", of_product, lambda world: restocked(world.product)),
    ],
    "seller-products:row": [
        Row(302, "post", of_product, lambda world: {"status": "archived", "initial-status": "active"}),
    ],
    "seller-products:ticked": [
        Row(302, "post", fields=lambda world: {"product": world.product.pk, "status": "archived"}),
    ],
    "seller-products:undo": [
        Row(302, "post", fields=lambda world: {"was": f"{world.product.pk}:draft", "now": "active"}),
    ],
    "seller-products:images": [Row(302, "post", of_product, lambda world: {"images": picture_file()})],
    "seller-products:images-order": [Row(302, "post", of_product, lambda world: {"order": world.image.pk})],
    "seller-products:image-alt": [Row(302, "post", of_image, lambda world: {"alt": "From the side"})],
    "seller-products:image-remove": [Row(302, "post", of_image)],
    "seller-imports:start": [Row(200, foreign=200), Row(422, "post", foreign=422)],
    "seller-imports:help": [Row(200, foreign=200)],
    "seller-imports:template": [Row(200, foreign=200)],
    "seller-imports:detail": [Row(200, args=of_import)],
    "seller-imports:cancel": [Row(302, "post", of_import)],
    "seller-imports:carry-out": [Row(302, "post", of_import)],
    "seller-imports:errors": [Row(200, args=of_import)],
    "seller-imports:export": [Row(200, foreign=200)],
    "seller-reviews:list": [Row(200, foreign=200)],
}
ROWS = [
    pytest.param(name, row, id=f"{name}-{row.method}-{n}") for name, rows in TABLE.items() for n, row in enumerate(rows)
]


def addresses(patterns: list[Any], route: str = "", names: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each route with the full name of its view."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = (*names, pattern.namespace) if pattern.namespace else names
            yield from addresses(pattern.url_patterns, here, space)
        elif isinstance(pattern, URLPattern):
            yield here, ":".join([*names, str(pattern.name)])


def test_every_address_of_sellers_has_a_row():
    found = {name for route, name in addresses(get_resolver().url_patterns) if route.startswith("seller/")}
    assert found == set(TABLE), "Add what is missing to TABLE: who may open it, and what another seller gets."


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world() -> World:
    return World()


def ask(client, world: World, name: str, row: Row):
    return getattr(client, row.method)(reverse(name, args=row.args(world)), row.fields(world))


def text_of(response) -> str:
    """A file is closed once it is read."""
    return (response.getvalue() if response.streaming else response.content).decode()


def everything() -> str:
    models: list[type[Model]] = [apps.get_model(label) for label in WATCHED]
    return "\n".join(serializers.serialize("json", model._base_manager.order_by("pk")) for model in models)


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_the_owner_may(client, world, name, row):
    client.force_login(world.seller.user)
    response = ask(client, world, name, row)
    assert response.status_code == row.own
    text_of(response)


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_another_seller_may_not_and_sees_nothing_of_it(client, world, name, row):
    client.force_login(world.other.user)
    fields, before = row.fields(world), everything()
    response = getattr(client, row.method)(reverse(name, args=row.args(world)), fields)
    assert response.status_code == row.foreign
    if response.status_code == 404:
        assert everything() == before
    assert world.product.title not in text_of(response)
    world.product.refresh_from_db()
    assert (world.product.seller, world.product.status) == (world.seller, "active")


def _closed(status: str) -> Callable[[World], User]:
    def close(world: World) -> User:
        SellerProfile.objects.filter(pk=world.seller.pk).update(status=status)
        return world.seller.user

    return close


REFUSED: dict[str, tuple[Callable[[World], User | None], str]] = {
    "anonymous": (lambda world: None, "/account/login/"),
    "buyer": (lambda world: world.buyer, "/sell/"),
    "staff": (lambda world: make_admin(), "/sell/"),
    "applicant": (_closed("applied"), "/sell/status/"),
    "rejected": (_closed("rejected"), "/sell/status/"),
    "suspended": (_closed("suspended"), "/sell/status/"),
}


@pytest.mark.parametrize("who", REFUSED)
def test_others_are_led_to_where_they_stand(client, world, who):
    person, target = REFUSED[who]
    if user := person(world):
        client.force_login(user)
    before = everything()
    for name, row in ((name, row) for name, rows in TABLE.items() for row in rows):
        response = ask(client, world, name, row)
        assert (name, response.status_code) == (name, 302)
        assert (name, response.url.partition("?")[0]) == (name, target)
    assert everything() == before


@pytest.mark.parametrize("name", [name for name, rows in TABLE.items() if {row.method for row in rows} == {"post"}])
def test_what_changes_something_is_not_done_by_a_link(client, world, name):
    client.force_login(world.seller.user)
    before = everything()
    assert client.get(reverse(name, args=TABLE[name][0].args(world))).status_code == 405
    assert everything() == before
