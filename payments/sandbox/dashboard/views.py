"""The gateway's dashboard, for developers: what happened, what is armed, and buttons for what the world does late."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from payments.sandbox import acquiring, faults, instruments, refunds, webhooks
from payments.sandbox.dashboard.forms import KnobForm
from payments.sandbox.errors import GatewayError
from payments.sandbox.models import Delivery, Event, Order, Payment, Refund

PAGE_SIZE = 25
TABS = {"orders": "Orders", "payments": "Payments", "refunds": "Refunds", "webhooks": "Webhooks"}


def debug_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@debug_only
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return _page(request, "sandbox/dashboard/knobs.html", {"groups": _knobs(), "tab": "knobs"})


@debug_only
@require_GET
def listing(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in TABS:
        raise Http404
    query = request.GET.get("q", "").replace("\0", "").strip()
    page = Paginator(_rows(kind, query), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "tab": kind, "query": query, "title": TABS[kind]}
    return _page(request, f"sandbox/dashboard/{kind}.html", context)


@debug_only
@require_GET
def order(request: HttpRequest, order_id: str) -> HttpResponse:
    found = get_object_or_404(Order, pk=order_id)
    context = {
        "order": found,
        "payments": found.payments.all(),
        "refunds": Refund.objects.filter(payment__order=found).select_related("payment__order"),
        "deliveries": Delivery.objects.filter(event__order=found).select_related("event__order"),
        "tab": "orders",
    }
    return _page(request, "sandbox/dashboard/order.html", context)


@debug_only
@require_POST
def set_knob(request: HttpRequest) -> HttpResponse:
    form = KnobForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    elif request.POST.get("set") == "off":
        faults.reset(form.cleaned_data["kind"])
    else:
        form.arm()
    return redirect("sandbox:dashboard")


@debug_only
@require_POST
def reset_knobs(request: HttpRequest) -> HttpResponse:
    faults.reset()
    messages.success(request, "All knobs are off.")
    return redirect("sandbox:dashboard")


@debug_only
@require_POST
def act(request: HttpRequest, action: str, pk: str) -> HttpResponse:
    """Do what a button says and go back to the page it was on."""
    if action not in ACTIONS:
        raise Http404
    do, done = ACTIONS[action]
    try:
        do(pk)
    except GatewayError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return _back(request)


@debug_only
@require_POST
def deliver(request: HttpRequest) -> HttpResponse:
    sent = webhooks.deliver_due()
    messages.success(request, f"{sent} webhook{'' if sent == 1 else 's'} sent.")
    return _back(request)


def _redeliver(event_id: str) -> None:
    webhooks.redeliver(get_object_or_404(Event, pk=event_id))


def _capture_again(order_id: str) -> None:
    acquiring.capture_again(order_id, instrument=instruments.upi())


ACTIONS: dict[str, tuple[Callable[[str], object], str]] = {
    "capture": (acquiring.capture_payment, "Captured."),
    "authorize-late": (acquiring.authorize_late, "The bank said yes after all."),
    "capture-again": (_capture_again, "Another payment was captured on this order."),
    "process-refund": (refunds.process_refund, "The refund is processed."),
    "fail-refund": (refunds.fail_refund, "The refund failed."),
    "redeliver": (_redeliver, "The webhook is on its way again, with the same event id."),
    "redeliver-reversed": (webhooks.redeliver_in_reverse, "All events of the order are on their way, last first."),
}


def _rows(kind: str, query: str) -> Any:
    if kind == "orders":
        rows = Order.objects.all()
        of_payment = Payment.objects.filter(pk=query).values("order_id")
        return rows.filter(Q(pk=query) | Q(receipt=query) | Q(pk__in=of_payment)) if query else rows
    if kind == "payments":
        rows = Payment.objects.select_related("order")
        return rows.filter(Q(pk=query) | Q(order_id=query) | Q(order__receipt=query)) if query else rows
    if kind == "refunds":
        rows = Refund.objects.select_related("payment__order")
        return rows.filter(Q(pk=query) | Q(payment_id=query) | Q(receipt=query)) if query else rows
    rows = Delivery.objects.select_related("event__order")
    return rows.filter(Q(event_id=query) | Q(event__order_id=query) | Q(event__name=query)) if query else rows


def _knobs() -> dict[str, list[dict[str, Any]]]:
    armed = faults.armed()
    return {
        name: [{"knob": knob, "fault": armed.get(knob.kind.value)} for knob in knobs]
        for name, knobs in faults.GROUPS.items()
    }


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    shared = {"tabs": TABS, "armed_count": len(faults.armed()), "webhook_url": settings.RAZORPAY_SANDBOX_WEBHOOK_URL}
    return render(request, template, shared | context)


def _back(request: HttpRequest) -> HttpResponse:
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return redirect(came_from)
    return redirect("sandbox:dashboard")
