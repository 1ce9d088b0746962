"""A seller's parts of orders. Sellers do not see orders that were never paid."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from accounts.models import SellerProfile
from orders.models import Invoice, SellerOrder
from orders.states import OrderStatus


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    statuses: tuple[str, ...]
    count: int = 0


TABS = (
    Tab("to-pack", "To pack", (OrderStatus.PAID, OrderStatus.PROCESSING)),
    Tab("shipped", OrderStatus.SHIPPED.label, (OrderStatus.SHIPPED,)),
    Tab("delivered", "Delivered", (OrderStatus.DELIVERED,)),
    Tab("cancelled", "Cancelled", (OrderStatus.CANCELLED,)),
)
TO_PACK = TABS[0]
NUMBER = re.compile(r"PM-[A-Z0-9]+")


def parts_of_seller(seller: SellerProfile) -> QuerySet[SellerOrder]:
    """With what a row or the page of an order shows, in a fixed number of queries."""
    parts = SellerOrder.objects.filter(seller=seller, paid_at__isnull=False)
    return parts.select_related("order", "invoice").prefetch_related("items")


def parts_numbered(seller: SellerProfile, numbers: Collection[str]) -> list[SellerOrder] | None:
    """The seller's parts of these orders, oldest first; None when one of them is not the seller's."""
    wanted = {number for number in numbers if NUMBER.fullmatch(number)}
    parts = list(parts_of_seller(seller).filter(order__number__in=wanted).order_by("pk"))
    return parts if parts and len(parts) == len(set(numbers)) else None


def parts_in(seller: SellerProfile, tab: Tab) -> QuerySet[SellerOrder]:
    """What is to be packed oldest first, all else newest first."""
    parts = parts_of_seller(seller).filter(status__in=tab.statuses)
    return parts.order_by("pk" if tab.name == TO_PACK.name else "-pk")


def latest_parts(seller: SellerProfile) -> QuerySet[SellerOrder]:
    return parts_of_seller(seller).order_by("-pk")


def parts_found(seller: SellerProfile, text: str) -> QuerySet[SellerOrder]:
    """By the beginning of their number, with or without its `PM-`."""
    number = re.sub(r"[^A-Z0-9-]", "", text.upper())
    number = number if number.startswith("PM-") else f"PM-{number}"
    return parts_of_seller(seller).filter(order__number__startswith=number).order_by("-pk")


def tabs_of(seller: SellerProfile) -> list[Tab]:
    """The tabs with how many orders are in each, in one query."""
    rows = SellerOrder.objects.filter(seller=seller, paid_at__isnull=False).order_by().values_list("status")
    counts = dict(rows.annotate(Count("pk")))
    return [Tab(tab.name, tab.label, tab.statuses, sum(counts.get(s, 0) for s in tab.statuses)) for tab in TABS]


def invoices_of_seller(seller: SellerProfile) -> QuerySet[Invoice]:
    return Invoice.objects.filter(seller=seller).select_related("seller_order__order").prefetch_related("lines")
