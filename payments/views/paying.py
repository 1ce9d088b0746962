"""The pay page of a pending order and the way back from Razorpay."""

from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from orders.models import Order
from orders.selectors import orders_of
from payments.forms import HandBackForm
from payments.services import PaymentForm, confirm_payment, payment_form
from payments.views.checkout import stepper
from pymart.common.errors import DomainError

# What Razorpay's checkout needs (its own Magento module's list); the sandbox answers from our origin.
_RAZORPAY = "https://*.razorpay.com"
CHECKOUT_CSP = {
    "script-src": [_RAZORPAY],
    "connect-src": [_RAZORPAY],
    "img-src": [_RAZORPAY],
    "form-action": ["https://api.razorpay.com"],
}
FAILURES = {
    "payment_cancelled": "You cancelled the payment. Nothing was charged.",
    "payment_timed_out": "The payment took too long. If money left your account, it returns by itself.",
    "insufficient_funds": "The bank declined: not enough balance. Please try another way to pay.",
    "card_declined": "The bank declined this card. Please try another way to pay.",
}
ANY_FAILURE = "The payment did not go through. If money left your account, it returns by itself within 5 to 7 days."


@require_GET
@login_required
@never_cache
@csp_update(CHECKOUT_CSP)
@csp_replace({"frame-src": [SELF, _RAZORPAY]})
def pay(request: HttpRequest, number: str) -> HttpResponse:
    order = get_object_or_404(orders_of(request.user), number=number)
    if not order.is_payable:
        return redirect(order)
    context = {"order": order, "steps": stepper(3, is_placed=True), "failure": _failure(request.GET.get("failed", ""))}
    try:
        form = payment_form(order)
    except DomainError as error:
        return render(request, "payments/pay.html", {**context, "unavailable": error}, status=error.status)
    back = f"{settings.SITE_URL}{reverse('payments:return')}?{urlencode({'order': order.number})}"
    context |= {
        "form": form,
        "options": _options(form, order),
        "callback_url": back,
        "cancel_url": f"{settings.SITE_URL}{order.get_absolute_url()}",
        "base": settings.RAZORPAY_BASE_URL,
        "checkout_js": settings.RAZORPAY_CHECKOUT_JS,
    }
    response = render(request, "payments/pay.html", context)
    response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"  # a bank's window must find its opener
    return response


def _options(form: PaymentForm, order: Order) -> dict[str, object]:
    """The options of `new Razorpay(…)`; our script adds the handlers."""
    return {
        "key": form.key_id,
        "order_id": form.razorpay_order_id,
        "amount": form.amount,
        "currency": form.currency,
        "name": form.name,
        "description": f"Order {order.number}",
        "prefill": form.prefill,
        "timeout": form.timeout,
        "theme": {"color": "#3b2f8f"},
        # UPI ID entry ended in February 2026.
        "config": {"display": {"hide": [{"method": "upi", "flows": ["collect"]}]}},
    }


def _failure(reason: str) -> str:
    return FAILURES.get(reason, ANY_FAILURE) if reason else ""


@require_GET
@login_required
@never_cache
def pay_status(request: HttpRequest, number: str) -> HttpResponse:
    """Polled by the open pay page: 204 while the order can be paid, then a redirect to the order."""
    order = get_object_or_404(Order, buyer=request.user, number=number)
    if order.is_payable:
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Redirect": order.get_absolute_url()})


@csrf_exempt
@require_POST
def hand_back(request: HttpRequest) -> HttpResponse:
    """
    Razorpay sends the browser back here by a cross-site POST: no session comes with it, so the signature alone says
    whose it is, and the answer is a redirect to a page that asks for the session again.
    """
    order = get_object_or_404(Order, number=request.GET.get("order", ""))
    form = HandBackForm(request.POST)
    if not form.is_valid():
        reason = request.POST.get("error[reason]") or "payment_failed"
        query = urlencode({"failed": reason[:60]})
        return _see_other(f"{reverse('payments:pay', args=[order.number])}?{query}")
    settled = confirm_payment(
        order,
        payment_id=form.cleaned_data["razorpay_payment_id"],
        signature=form.cleaned_data["razorpay_signature"],
    )
    return _see_other(order.get_absolute_url() + ("" if settled else "?payment=confirming"))


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
