"""Each page of the admin, opened by an admin and by each group: it answers, keeps the house's rules, and costs the same
however much there is."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import SellerStatus
from catalog.models import Category, SearchLog, SearchSynonym
from catalog.search.synonyms import forget_synonyms
from orders.services import cancel_order, set_razorpay_order
from payments.gateway import PaymentSnapshot
from payments.models import Refund, RefundStatus, WebhookEvent
from payments.services import apply_payment
from pymart.staff.groups import GROUPS
from reviews.services import write_review
from tests.factories import make_address, make_admin, make_category, make_image, make_product, make_seller, make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 6
WHO = ["admin", *GROUPS]
SEARCHES = [
    "a",
    "PM-",
    "brass lamp",
    "user1@example.com",
    "1",
    "0d9a5c2e-0000-4000-8000-000000000000",
    "10.0.0.1",
    "%_\\'",
]


def fill(rows: int) -> None:
    """Rows of every model that the admin shows."""
    parent = make_category()
    for number in range(rows):
        buyer = make_user()
        make_address(buyer)
        make_seller(make_user(), status=SellerStatus.APPLIED)
        product = make_product(category=make_category(parent=parent))
        make_image(product)
        write_review(author=buyer, product=product, rating=4, body="As described.")
        order = place(buyer, make_variant(title="Brass lamp"), make_variant())
        set_razorpay_order(order=order, razorpay_order_id=f"order_{order.pk}")
        apply_payment(PaymentSnapshot(f"pay_{order.pk}", f"order_{order.pk}", "captured", order.total, "INR"))
        cancel_order(order=order, actor=None, reason="x")
        SearchSynonym.objects.create(line=f"lamp, diya {buyer.pk}")
        asked = {"query": f"lamp {order.pk}", "engine": "database", "milliseconds": 9, "created_at": timezone.now()}
        SearchLog.objects.create(id=order.pk, results=number, **asked)
        WebhookEvent.objects.create(event_id=f"evt_{order.pk}_{number}", type="payment.captured", body="{}")
    Refund.objects.update(status=RefundStatus.FAILED)
    boss = Client()
    boss.force_login(make_admin())
    chosen = {"action": "archive", "confirmed": "1", "reason": "x"}
    for category in Category.objects.all():
        for product in category.products.all():
            boss.post("/admin/catalog/product/", {**chosen, "_selected_action": [product.pk]})


def browser(who: str) -> Client:
    client = Client()
    if who == "admin":
        client.force_login(make_admin())
    else:
        user = make_user(is_staff=True)
        user.groups.add(Group.objects.get(name=who))
        client.force_login(user)
    return client


def pages(client: Client, request: Any) -> Iterator[tuple[str, str, bool]]:
    """What the page is, its address, and whether it is open to who asks."""
    yield "index", "/admin/", True
    yield "searches", "/admin/catalog/searchlog/report/?q=lamp", request.user.has_perm("catalog.view_searchlog")
    for model, shown in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        obj = model._default_manager.order_by("-pk").first()
        assert obj is not None, f"`fill` makes no {model.__name__}"
        may_view = shown.has_view_or_change_permission(request)
        yield f"{base} list", base, may_view
        yield f"{base} add", f"{base}add/", shown.has_add_permission(request)
        yield f"{base} change", f"{base}{obj.pk}/change/", shown.has_view_or_change_permission(request, obj)
        yield f"{base} history", f"{base}{obj.pk}/history/", shown.has_view_or_change_permission(request, obj)
        yield f"{base} delete", f"{base}{obj.pk}/delete/", shown.has_delete_permission(request, obj)
        everything = request.user.is_superuser  # the groups see the same lists
        for q in SEARCHES if everything else SEARCHES[:1]:
            yield f"{base} search", f"{base}?q={q}", may_view
        for column in range(1, len(shown.list_display) + 1) if everything else ():
            yield f"{base} order {column}", f"{base}?o={column}", may_view
        if may_view:
            cl = client.get(base).context["cl"]
            for spec in cl.filter_specs:
                for choice in list(spec.choices(cl))[: 6 if everything else 2]:
                    yield f"{base} filter {spec.title}", f"{base}{choice['query_string']}", True


def keeps_the_rules(html: str) -> None:
    """The Content-Security-Policy lets no style or script in that stands in the page; each page has one headline."""
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", html)
    assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", html)
    assert html.count("<h1") == 1


def costs(who: str) -> dict[str, int]:
    client = browser(who)
    request = client.get("/admin/").wsgi_request
    found: dict[str, int] = {}
    for name, url, is_open in list(pages(client, request)):
        cache.delete("staff.shop-stats")
        forget_synonyms()  # each process reads them twice a minute
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(url)
        assert response.status_code == (200 if is_open else 403), (who, url)
        if is_open:
            keeps_the_rules(response.content.decode())
        found[name] = max(found.get(name, 0), len(queries))
    return found


@pytest.mark.parametrize("who", WHO)
def test_every_page_opens_for_whom_it_should_and_costs_the_same_however_much_there_is(who):
    fill(FEW)
    few = costs(who)
    fill(MANY - FEW)
    many = costs(who)
    grown = {name: (few.get(name), count) for name, count in many.items() if count > few.get(name, count)}
    assert not grown
    dear = {name: count for name, count in many.items() if count > 26}
    assert not dear
