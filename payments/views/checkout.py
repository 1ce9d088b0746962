"""
The three steps: look over the cart, choose an address, place the order. Each is a page of its own, so "back" is
always safe; what was chosen waits in the session.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Address
from accounts.services import add_address
from cart.selectors import PricedCart
from cart.services import get_cart
from orders.models import Order
from orders.services import NotDeliverable, check_delivery, place_order
from payments.forms import SeenCartForm
from payments.services import payment_form
from pymart.common.errors import DomainError
from pymart.common.forms import PostalAddressForm, posted

CHOSEN = "checkout_address"
STEPS = [("Items", "payments:checkout"), ("Address", "payments:checkout-address"), ("Pay", "payments:checkout-pay")]
Step = Callable[[HttpRequest, PricedCart], HttpResponse]


def stepper(current: int, *, is_placed: bool = False) -> list[dict[str, str]]:
    """
    The steps as the component shows them: those before `current` are done and, until the order is placed,
    lead back.
    """
    states = ["done" if number < current else "current" if number == current else "todo" for number in (1, 2, 3)]
    return [
        {"label": label, "state": state, "url": "" if is_placed else reverse(name)}
        for (label, name), state in zip(STEPS, states, strict=True)
    ]


def checkout_step(view: Step) -> Callable[[HttpRequest], HttpResponse]:
    """
    Decorator: a step of the checkout, for people who are logged in and have something in the cart. Tells them what
    changed in it.
    """

    @wraps(view)
    def step(request: HttpRequest) -> HttpResponse:
        cart = get_cart(str(request.user.pk))
        for notice in cart.notices:
            messages.warning(request, notice.detail)
        # The last step answers for a cart that became an order a moment ago: pressed twice, or "back" after it.
        if cart.is_empty and not (request.method == "POST" and "cart_id" in request.POST):
            messages.info(request, "Your cart is empty.")
            return redirect("cart:show")
        return view(request, cart)

    return login_required(never_cache(step))


@require_GET
@checkout_step
def review(request: HttpRequest, cart: PricedCart) -> HttpResponse:
    return render(request, "payments/checkout_review.html", {"cart": cart, "steps": stepper(1)})


@require_http_methods(["GET", "POST"])
@checkout_step
def address(request: HttpRequest, cart: PricedCart) -> HttpResponse:
    """Choose an address from the address book, or enter a new one, which is added to it."""
    book = Address.objects.filter(user=request.user)
    chosen = request.POST.get("address", "") if request.method == "POST" else ""
    if chosen.isdecimal() and (known := book.filter(pk=int(chosen)).first()):
        return _choose(request, cart, known)
    form = PostalAddressForm(
        posted(request),
        initial={"full_name": request.user.full_name, "phone": request.user.phone},
    )
    if form.is_valid():
        try:
            return _choose(request, cart, add_address(user=request.user, **form.address))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    selected = request.session.get(CHOSEN) or next((known.pk for known in book if known.is_default), None)
    context = {"cart": cart, "steps": stepper(2), "book": book, "form": form, "selected": selected}
    return render(request, "payments/checkout_address.html", context, status=422 if form.is_bound else 200)


def _choose(request: HttpRequest, cart: PricedCart, address: Address) -> HttpResponse:
    """Remember the address and go on. If some of the cart cannot be delivered there, say so and stay."""
    request.session[CHOSEN] = address.pk
    try:
        check_delivery(cart, address.state)
    except NotDeliverable as refusal:
        messages.error(request, str(refusal))
        return redirect("payments:checkout-address")
    return redirect("payments:checkout-pay")


@require_http_methods(["GET", "POST"])
@checkout_step
def place(request: HttpRequest, cart: PricedCart) -> HttpResponse:
    """Show what will be paid; a press turns the cart into an order and goes on to its payment."""
    chosen = Address.objects.filter(user=request.user, pk=request.session.get(CHOSEN)).first()
    if chosen is None:
        return redirect("payments:checkout-address")
    form = SeenCartForm(posted(request))
    if form.is_valid():
        try:
            order = place_order(
                buyer=request.user,
                address={name: getattr(chosen, name) for name in Address.FIELDS},
                **form.cleaned_data,
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("payments:checkout-pay")
        _prepare_payment(order)
        return redirect("payments:pay", number=order.number)
    context = {"cart": cart, "steps": stepper(3), "address": chosen}
    return render(request, "payments/checkout_pay.html", context, status=422 if form.is_bound else 200)


def _prepare_payment(order: Order) -> None:
    """Make the Razorpay order now. If that fails the pay page, which comes next, tries again and explains."""
    with suppress(DomainError):
        payment_form(order, is_new=not order.razorpay_order_id)
