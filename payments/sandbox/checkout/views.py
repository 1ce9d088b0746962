"""
The checkout page: choose a way to pay, answer as the bank would, go back to the shop.

The same pages serve the overlay of `checkout.js` and browsers without JavaScript. Knowing the session's id is the
only permission they need, as with the real gateway, so there is no CSRF token to check.
"""

from pathlib import Path
from typing import Any

from csp.decorators import csp_replace
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from payments.sandbox import acquiring, instruments
from payments.sandbox.checkout import sessions
from payments.sandbox.checkout.forms import PayForm
from payments.sandbox.errors import ORDER_IS_PAID, GatewayError, refused
from payments.sandbox.faults import Kind, take
from payments.sandbox.ids import is_id
from payments.sandbox.models import CheckoutSession, Order, Payment

UPI_ANSWERS = {instruments.UPI_APPROVES: "success", instruments.UPI_DECLINES: "failure"}
EMBEDDED = CheckoutSession.Mode.EMBEDDED
SUCCEEDED = (Payment.Status.AUTHORIZED, Payment.Status.CAPTURED, Payment.Status.REFUNDED)


@require_GET
def script(request: HttpRequest) -> HttpResponse:
    path = finders.find("sandbox/checkout.js")
    if path is None:
        raise Http404
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


@require_GET
@xframe_options_exempt
def public(request: HttpRequest) -> HttpResponse:
    """Where the overlay's frame begins."""
    return _open(request, request.GET.dict(), CheckoutSession.Mode.MODAL)


@csrf_exempt
@require_POST
def embedded(request: HttpRequest) -> HttpResponse:
    """Where a shop's form begins that needs no JavaScript."""
    return _open(request, request.POST.dict(), EMBEDDED)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@xframe_options_exempt
def pay(request: HttpRequest, session_id: str) -> HttpResponse:
    session = _session(session_id)
    if session.expires_at <= timezone.now():
        return _closed(request, session, refused("Payment was unsuccessful as you could not complete it in time."))
    if session.order.status == Order.Status.PAID:
        return _closed(request, session, refused(ORDER_IS_PAID))
    if request.method == "POST":
        form = PayForm(request.POST)
        if form.is_valid():
            try:
                payment = _start(session, form)
            except GatewayError as error:
                form.add_error(None, error.description)
            else:
                return redirect("sandbox:bank", session_id=session.pk, payment_id=payment.pk)
    else:
        form = PayForm(initial=_prefill(session))
    failed = _failed(session, request.GET.get("failed", ""))
    context: dict[str, Any] = {"form": form, "failed": failed, "test_cards": instruments.TEST_CARDS}
    if failed:
        context["message"] = {"event": "payment.failed", "data": {"error": sessions.payment_failure(session, failed)}}
    return _page(request, session, "sandbox/checkout/pay.html", context)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@xframe_options_exempt
def bank(request: HttpRequest, session_id: str, payment_id: str) -> HttpResponse:
    session = _session(session_id)
    payment = get_object_or_404(session.order.payments, pk=payment_id)
    if payment.status != Payment.Status.CREATED:
        return _result(request, session, payment)
    if request.method == "POST":
        _answer(session, payment, request.POST.dict())
        return redirect("sandbox:bank", session_id=session.pk, payment_id=payment.pk)
    context: dict[str, Any] = {"payment": payment, "outcome": UPI_ANSWERS.get(payment.instrument.get("vpa", ""))}
    return _page(request, session, "sandbox/checkout/bank.html", context)


def _open(request: HttpRequest, params: dict[str, str], mode: str) -> HttpResponse:
    try:
        session = sessions.open_session(params, mode=mode)
    except GatewayError as error:
        origin = sessions.origin_of(params)
        context = {"error": error, "origin": origin}
        return _render(request, "sandbox/checkout/error.html", context, status=error.status, origin=origin)
    return redirect("sandbox:pay", session_id=session.pk)


def _session(session_id: str) -> CheckoutSession:
    return get_object_or_404(CheckoutSession.objects.select_related("order"), pk=session_id)


def _failed(session: CheckoutSession, payment_id: str) -> Payment | None:
    """The attempt that the page tells of."""
    if not is_id(payment_id, "pay_"):
        return None
    return session.order.payments.filter(pk=payment_id, status=Payment.Status.FAILED).first()


def _prefill(session: CheckoutSession) -> dict[str, str]:
    prefill = {name: value for name, value in session.options["prefill"].items() if value}
    if prefill.get("method") not in dict(PayForm.base_fields["method"].choices):
        prefill.pop("method", None)
    return prefill


def _start(session: CheckoutSession, form: PayForm) -> Payment:
    buyer = {
        "email": form.cleaned_data["email"],
        "contact": form.cleaned_data["contact"],
        "description": session.options["description"],
        "notes": session.options["notes"],
    }
    return acquiring.start_payment(order_id=session.order_id, instrument=form.instrument(), buyer=buyer)


def _answer(session: CheckoutSession, payment: Payment, answer: dict[str, str]) -> None:
    """Speak for the bank: buttons say success, failure or cancel; an OTP of 4 to 10 digits is a yes."""
    outcome = answer.get("outcome", "")
    otp = answer.get("otp", "").strip()
    if outcome == "otp":
        outcome = "success" if otp.isdecimal() and 4 <= len(otp) <= 10 else "wrong-otp"
    if outcome == "success":
        payment = acquiring.authorize_payment(payment.pk)
        if payment.status in SUCCEEDED:
            _mislay(session)
        return
    reason = {"cancel": "payment_cancelled", "wrong-otp": "invalid_otp"}.get(outcome)
    acquiring.fail_payment(payment.pk, reason=reason or payment.instrument.get("failure") or "payment_failed")


def _mislay(session: CheckoutSession) -> None:
    """What may go wrong on the way back to the shop is decided once, so that a reload shows the same."""
    session.options["no_return"] = bool(take(Kind.NO_BROWSER_RETURN))
    session.options["wrong_signature"] = bool(take(Kind.WRONG_PAYMENT_SIGNATURE))
    session.save(update_fields=["options"])


def _result(request: HttpRequest, session: CheckoutSession, payment: Payment) -> HttpResponse:
    if payment.status in SUCCEEDED:
        fields = sessions.success_fields(session, payment)
        context: dict[str, Any] = {"payment": payment, "is_success": True}
        if session.options.get("no_return"):
            return _page(request, session, "sandbox/checkout/lost.html", context)
        context |= {"fields": fields, "message": {"event": "payment.success", "data": fields}}
        return _page(request, session, "sandbox/checkout/result.html", context)
    if session.mode == EMBEDDED:
        error = sessions.payment_failure(session, payment)
        context = {"payment": payment, "error": error, "fields": sessions.failure_fields(error)}
        return _page(request, session, "sandbox/checkout/result.html", context)
    return redirect(reverse("sandbox:pay", kwargs={"session_id": session.pk}) + f"?failed={payment.pk}")


def _closed(request: HttpRequest, session: CheckoutSession, error: GatewayError) -> HttpResponse:
    """This session can take no payment any more."""
    details = sessions.failure(error, session)
    context = {"error": error, "fields": sessions.failure_fields(details)}
    return _page(request, session, "sandbox/checkout/closed.html", context)


def _page(
    request: HttpRequest, session: CheckoutSession, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {"session": session, "order": session.order, "options": session.options}
    return _render(request, template, context, status=status, origin=session.options["origin"])


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int, origin: str = ""
) -> HttpResponse:
    policy = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "https:"],
        "connect-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["*"],
        "frame-ancestors": [origin or "'self'"],
    }
    response = csp_replace(policy)(render)(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response
