"""The first page of the admin: how the shop does and what waits, each figure a link to the rows behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import OutboundEmail, SellerProfile, SellerStatus
from accounts.selectors import emails_given_up
from catalog.models import ProductStatus
from orders.states import OrderStatus
from payments.models import WebhookEvent
from payments.selectors import failed_refunds, shop_stats
from pymart.common.models import AuditEntry
from pymart.common.money import group_indian, inr
from reviews.selectors import reported_reviews

KEPT_SECONDS = 60  # what counts every row is counted once a minute
_KEY = "staff.shop-stats"


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    figures: list[Figure]
    is_urgent: bool = False


def figures(request: HttpRequest) -> list[Group]:
    """What whoever asks may see the rows of."""
    may = request.user.has_perm
    stats: dict[str, Any] = cache.get_or_set(_KEY, shop_stats, KEPT_SECONDS)
    groups = [Group("Waiting", _waiting(request), is_urgent=True)]
    if may("payments.view_payment"):
        groups.append(Group("Revenue", _revenue(stats["revenue"], timezone.localtime())))
    if may("orders.view_order"):
        groups.append(
            Group("Orders", _counts("orders_order", "status", OrderStatus.choices, stats["orders"]["by_status"]))
        )
    if may("catalog.view_product"):
        by_status = stats["products"]["by_status"]
        groups.append(Group("Products", _counts("catalog_product", "status", ProductStatus.choices, by_status)))
    if may("accounts.view_user"):
        roles = [("buyer", "Buyers"), ("seller", "Sellers"), ("admin", "Admins")]
        counts = {role: stats["users"][f"{role}s"] for role, _ in roles}
        groups.append(Group("Users", _counts("accounts_user", "role", roles, counts)))
    return [group for group in groups if group.figures]


def recent_actions(request: HttpRequest) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(actor=request.user.pk)[:10]


def _waiting(request: HttpRequest) -> list[Figure]:
    """Counted now: what is done must be gone from here."""
    waits: list[tuple[str, str, str, dict[str, str], QuerySet[Any]]] = [
        (
            "accounts.view_sellerprofile", "Seller applications", "accounts_sellerprofile",
            {"status__exact": SellerStatus.APPLIED}, SellerProfile.objects.filter(status=SellerStatus.APPLIED),
        ),
        ("payments.view_refund", "Failed refunds", "payments_refund", {"state": "failed"}, failed_refunds()),
        (
            "payments.view_webhookevent", "Unprocessed webhooks", "payments_webhookevent",
            {"processed_at__isempty": "1"}, WebhookEvent.objects.filter(processed_at=None),
        ),
        ("reviews.view_review", "Reported reviews", "reviews_review", {"reported": "1"}, reported_reviews()),
        (
            "accounts.view_outboundemail", "E-mails given up", "accounts_outboundemail",
            {"state": "given_up"}, OutboundEmail.objects.filter(emails_given_up()),
        ),
    ]  # fmt: skip
    return [
        Figure(label, group_indian(rows.order_by().count()), _list(model, **query))
        for permission, label, model, query, rows in waits
        if request.user.has_perm(permission)
    ]


def _revenue(revenue: dict[str, Any], now: datetime) -> list[Figure]:
    this_month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    change = revenue["change_percent"]
    note = f"{change:+g}% on last month" if change is not None else ""
    return [
        Figure("This month", inr(revenue["this_month"]), _paid_between(this_month, None), note),
        Figure("Last month", inr(revenue["last_month"]), _paid_between(last_month, this_month)),
    ]


def _paid_between(start: datetime, end: datetime | None) -> str:
    query = {"payment_status__exact": "paid", "paid_at__gte": start.isoformat(" ")}
    return _list("orders_order", **query, **({"paid_at__lt": end.isoformat(" ")} if end else {}))


def _counts(model: str, column: str, values: list[tuple[str, str]], counts: dict[str, int]) -> list[Figure]:
    return [
        Figure(label, group_indian(counts[value]), _list(model, **{f"{column}__exact": value}))
        for value, label in values
    ]


def _list(model: str, **query: str) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(query)}"
