"""What a shop hands over when it opens the checkout page, and what it gets back."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from payments.sandbox import signing
from payments.sandbox.errors import (
    GatewayError,
    invalid,
    malformed_id,
    refused,
    unknown_id,
)
from payments.sandbox.ids import is_id
from payments.sandbox.models import CheckoutSession, Order, Payment

DEFAULT_MINUTES = 15
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
NOTE = re.compile(r"notes\[([^\]]+)\]")
Fields = dict[str, str]


def open_session(params: Mapping[str, str], *, mode: str) -> CheckoutSession:
    """Check the shop's options against its order. The same names serve the overlay and the form POST."""
    if params.get("key_id") != settings.RAZORPAY_KEY_ID:
        raise refused("The api key provided is invalid", status=401)
    order = _order(params.get("order_id", ""))
    if params.get("amount") not in (None, "", str(order.amount)):
        raise invalid(
            "Your payment amount is different from your order amount. To pay successfully, please try using right "
            "amount.",
            "amount",
        )
    seconds = params.get("timeout", "")
    lifetime = timedelta(seconds=int(seconds[:6])) if seconds.isdecimal() else timedelta(minutes=DEFAULT_MINUTES)
    options = _options(params)
    if mode == CheckoutSession.Mode.EMBEDDED and not options["callback_url"]:
        raise invalid("The callback_url field is required.", "callback_url")
    return CheckoutSession.objects.create(
        order=order, mode=mode, options=options, expires_at=timezone.now() + min(lifetime, timedelta(days=1))
    )


def origin_of(params: Mapping[str, str]) -> str:
    """The origin of the shop's page, which alone may frame the checkout and hear from it."""
    origin = params.get("origin", "")
    return origin if ORIGIN.fullmatch(origin) else ""


def success_fields(session: CheckoutSession, payment: Payment) -> Fields:
    signature = signing.sign_checkout(order_id=session.order_id, payment_id=payment.pk)
    if session.options.get("wrong_signature"):
        signature = signing.sign(payment.pk, "not the key secret")
    return {
        "razorpay_payment_id": payment.pk,
        "razorpay_order_id": session.order_id,
        "razorpay_signature": signature,
    }


def failure(error: GatewayError, session: CheckoutSession, payment_id: str = "") -> dict[str, Any]:
    """The `error` object of `payment.failed`."""
    fields = error.body()["error"]
    metadata = {"order_id": session.order_id}
    if payment_id:
        metadata["payment_id"] = payment_id
    return {**fields, "metadata": metadata}


def payment_failure(session: CheckoutSession, payment: Payment) -> dict[str, Any]:
    return {**payment.error, "metadata": {"payment_id": payment.pk, "order_id": session.order_id}}


def failure_fields(error: dict[str, Any]) -> Fields:
    """The same object as a form can post it: `error[code]`, …; metadata travels as JSON."""
    return {f"error[{name}]": json.dumps(value) if name == "metadata" else str(value) for name, value in error.items()}


def _order(order_id: str) -> Order:
    if not is_id(order_id, "order_"):
        raise malformed_id(order_id)
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise unknown_id()
    return order


def _options(params: Mapping[str, str]) -> dict[str, Any]:
    def text(name: str, limit: int = 255) -> str:
        return _clean(params.get(name, ""))[:limit]

    colour = text("theme[color]")
    return {
        "name": text("name") or "Test merchant",
        "description": text("description"),
        "image": _web_url(params, "image"),
        "prefill": {name: text(f"prefill[{name}]") for name in ("name", "email", "contact", "method")},
        "notes": {
            _clean(match[1]): _clean(value)[:256] for key, value in params.items() if (match := NOTE.fullmatch(key))
        },
        "colour": colour if HEX_COLOUR.fullmatch(colour) else "",
        "callback_url": _web_url(params, "callback_url"),
        "cancel_url": _web_url(params, "cancel_url"),
        "origin": origin_of(params),
        "retry": params.get("retry") != "false",
        "confirm_close": params.get("modal[confirm_close]") == "true",
        "escape": params.get("modal[escape]") != "false",
    }


def _web_url(params: Mapping[str, str], name: str) -> str:
    value = _clean(params.get(name, ""))
    if value and not _is_web_url(value):
        raise invalid(f"The {name} format is invalid.", name)
    return value


def _is_web_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _clean(value: str) -> str:
    return value.replace("\0", "")  # PostgreSQL keeps no text with it
