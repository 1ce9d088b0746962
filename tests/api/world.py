"""A small shop with one of everything, and somebody of every kind who may want something of it."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from rest_framework.test import APIClient

from accounts.models import Notification, User
from accounts.services import issue_tokens
from catalog.models import ProductStatus
from orders.models import Order
from orders.services import mark_paid
from reviews.services import write_review
from tests.factories import make_admin, make_category, make_product, make_seller, make_user
from tests.shop import place


@dataclass
class World:
    actors: dict[str, User | None]
    ids: dict[str, Any]

    def client(self, actor: str) -> APIClient:
        """As this person's app would call: with a token that was good when it was issued."""
        client = APIClient()
        if token := self.tokens[actor]:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    def __post_init__(self) -> None:
        self.tokens = {name: issue_tokens(user).access_token if user else "" for name, user in self.actors.items()}


def make_world() -> World:
    buyer, other_buyer, inactive = make_user(), make_user(), make_user()
    shop, other_shop = make_seller(), make_seller()
    category = make_category("Lamps")
    product = make_product(seller=shop, category=category, title="Brass lamp", price=600, stock=50)
    draft = make_product(seller=shop, category=category, title="Clay lamp", status=ProductStatus.DRAFT)
    variant = product.variants.get()
    pending, paid = place(buyer, variant), place(buyer, variant)
    paid = pay(paid)
    review = write_review(author=buyer, product=product, rating=4, title="Shines", body="As on the picture.")
    world = World(
        actors={
            "anonymous": None,
            "buyer": buyer,
            "other_buyer": other_buyer,
            "seller": shop.user,
            "other_seller": other_shop.user,
            "admin": make_admin(),
            "inactive": inactive,
        },
        ids={
            "category": category.pk,
            "category_slug": category.slug,
            "empty_category": make_category("Nothing yet").pk,
            "product": product.pk,
            "product_slug": product.slug,
            "variant": variant.pk,
            "draft": draft.pk,
            "draft_slug": draft.slug,
            "pending_order": pending.pk,
            "paid_order": paid.pk,
            "seller_order": paid.seller_orders.get().pk,
            "review": review.pk,
            "notification": Notification.objects.filter(user=buyer).latest("pk").pk,
            "buyer": buyer.pk,
        },
    )
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    return world


@transaction.atomic
def pay(order: Order) -> Order:
    order = Order.objects.locked().get(pk=order.pk)
    mark_paid(order=order)
    return order
