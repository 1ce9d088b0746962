"""
Razorpay, and the only place where paise exist.

Every call has a timeout and answers with our own types or one of two errors: `GatewayUnavailable` (worth repeating:
Razorpay is away, or does not take our key) and `GatewayRefused` (not). The SDK's retry stays off: it would repeat
POSTs.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import razorpay
import requests
from django.conf import settings
from razorpay.errors import BadRequestError, GatewayError, ServerError, SignatureVerificationError

from pymart.common.errors import DomainError

log = logging.getLogger(__name__)

# How Razorpay refuses our key. The SDK keeps nothing of an error but its description.
WRONG_KEY = {"authentication failed", "the api key provided is invalid"}


class GatewayUnavailable(DomainError):
    code = "payment_gateway_unavailable"
    status = 503
    message = "The payment service does not answer at the moment. Your order is kept; please try again in a minute."


class GatewayRefused(DomainError):
    """Razorpay understood and said no; the message is its description."""

    code = "payment_gateway_refused"
    status = 502


class BadSignature(DomainError):
    code = "bad_signature"
    status = 400
    message = "We cannot see that this comes from Razorpay: the signature is not right."


@dataclass(frozen=True)
class PaymentSnapshot:
    """A Razorpay payment at some moment; messages may be old, so newer knowledge is never overwritten by it."""

    id: str
    order_id: str
    status: str
    amount: Decimal
    currency: str
    method: str = ""
    error_reason: str = ""
    error_description: str = ""

    @classmethod
    def from_entity(cls, entity: Mapping[str, Any]) -> "PaymentSnapshot":
        return cls(
            id=entity["id"],
            order_id=entity.get("order_id") or "",
            status=entity["status"],
            amount=rupees(entity["amount"]),
            currency=entity["currency"],
            method=entity.get("method") or "",
            error_reason=entity.get("error_reason") or "",
            error_description=(entity.get("error_description") or "")[:300],
        )


@dataclass(frozen=True)
class RefundSnapshot:
    id: str
    payment_id: str
    status: str
    amount: Decimal
    receipt: str = ""

    @classmethod
    def from_entity(cls, entity: Mapping[str, Any]) -> "RefundSnapshot":
        return cls(
            id=entity["id"],
            payment_id=entity["payment_id"],
            status=entity["status"],
            amount=rupees(entity["amount"]),
            receipt=entity.get("receipt") or "",
        )


def rupees(paise: int) -> Decimal:
    return Decimal(paise).scaleb(-2)


def paise(amount: Decimal) -> int:
    """:raises ValueError: for a fraction of a paisa."""
    value = amount.scaleb(2)
    if value != value.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of paise")
    return int(value)


def _client() -> razorpay.Client:
    return _client_for(settings.RAZORPAY_KEY_ID, settings.RAZORPAY_KEY_SECRET, settings.RAZORPAY_BASE_URL)


@cache
def _client_for(key_id: str, key_secret: str, base_url: str) -> razorpay.Client:
    client = razorpay.Client(auth=(key_id, key_secret), base_url=base_url)
    client.set_app_details({"title": "PyMart", "version": "1.0"})
    return client


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except BadRequestError as error:
        if str(error).strip(" .").lower() in WRONG_KEY:  # which says nothing about what was asked
            log.error("razorpay: %s: %s", type(error).__name__, error)
            raise GatewayUnavailable from error
        raise GatewayRefused(str(error)) from error
    # The SDK's own errors have no common base, and an HTML error page surfaces as ValueError from the JSON parser.
    except (GatewayError, ServerError, requests.RequestException, ValueError) as error:
        log.warning("razorpay: %s: %s", type(error).__name__, error)
        raise GatewayUnavailable from error


def _call(method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with _errors():
        return method(*args, timeout=settings.RAZORPAY_TIMEOUT, **kwargs)


def create_order(*, receipt: str, amount: Decimal, currency: str = "INR") -> str:
    """A Razorpay order that captures by itself; answers its id."""
    data = {
        "amount": paise(amount),
        "currency": currency,
        "receipt": receipt,
        "payment": {
            "capture": "automatic",
            "capture_options": {"automatic_expiry_period": 12, "manual_expiry_period": 7200, "refund_speed": "normal"},
        },
    }
    return str(_call(_client().order.create, data)["id"])


def find_order(*, receipt: str, amount: Decimal) -> str | None:
    """The id of the order made for this receipt, if one was: order creation has no idempotency key."""
    found = _call(_client().order.all, {"receipt": receipt})["items"]
    return next((item["id"] for item in found if item["amount"] == paise(amount)), None)


def order_payments(razorpay_order_id: str) -> list[PaymentSnapshot]:
    """Every attempt, failed ones too."""
    items = _call(_client().order.payments, razorpay_order_id)["items"]
    return [PaymentSnapshot.from_entity(item) for item in items]


def fetch_payment(payment_id: str) -> PaymentSnapshot:
    return PaymentSnapshot.from_entity(_call(_client().payment.fetch, payment_id))


def capture(payment: PaymentSnapshot) -> PaymentSnapshot:
    """Take an authorised payment's money."""
    data = {"currency": payment.currency}  # a fresh dict: the SDK writes into it
    return PaymentSnapshot.from_entity(_call(_client().payment.capture, payment.id, paise(payment.amount), data))


def refund(*, payment_id: str, amount: Decimal, key: str) -> RefundSnapshot:
    """Send money back. The same `key` is the same refund, however often it is asked for."""
    data = {"amount": paise(amount), "speed": "normal", "receipt": key}
    headers = {"X-Refund-Idempotency": key}
    return RefundSnapshot.from_entity(_call(_client().payment.refund, payment_id, data, headers=headers))


def payment_refunds(payment_id: str) -> list[RefundSnapshot]:
    items = _call(_client().payment.fetch_multiple_refund, payment_id)["items"]
    return [RefundSnapshot.from_entity(item) for item in items]


def check_payment_signature(*, razorpay_order_id: str, payment_id: str, signature: str) -> None:
    """
    Proves that Razorpay authorised the payment for this order; `razorpay_order_id` must be the one in our database.

    :raises BadSignature:
    """
    fields = {
        "razorpay_order_id": razorpay_order_id,
        "razorpay_payment_id": payment_id,
        "razorpay_signature": signature,
    }
    try:
        _client().utility.verify_payment_signature(fields)
    except (SignatureVerificationError, TypeError) as error:
        raise BadSignature from error


def check_webhook_signature(body: bytes, signature: str) -> str:
    """
    Check the raw body against the webhook secret, or the one before it (retries keep the old signature).

    Answers the body as text. :raises BadSignature:
    """
    secrets = [settings.RAZORPAY_WEBHOOK_SECRET, settings.RAZORPAY_WEBHOOK_SECRET_PREVIOUS]
    for secret in filter(None, secrets):
        try:
            text = body.decode()
            _client().utility.verify_webhook_signature(text, signature, secret)
        except (SignatureVerificationError, TypeError, UnicodeDecodeError):
            continue
        return text
    raise BadSignature
