"""
What can go wrong on the way to a gateway, on demand.

`arm` turns a knob on for the next `times` occasions or until `reset`; the code at the place of the accident
asks `take`. The dashboard and the tests use the same functions.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from payments.sandbox.models import Fault


class Kind(models.TextChoices):
    SLOW = "slow", "Slow answer"
    TIMEOUT_BEFORE = "timeout_before", "Timeout, nothing done"
    TIMEOUT_AFTER = "timeout_after", "Timeout after the side effect"
    BAD_GATEWAY = "bad_gateway", "502 with HTML, nothing done"
    BAD_GATEWAY_AFTER = "bad_gateway_after", "502 with HTML after the side effect"
    RATE_LIMITED = "rate_limited", "429 too many requests"
    SERVER_ERROR = "server_error", "500 SERVER_ERROR"

    FAIL_FIRST_ATTEMPT = "fail_first_attempt", "Failure, then success"
    DELAYED_CAPTURE = "delayed_capture", "Delayed capture"
    LATE_AUTHORIZATION = "late_authorization", "Late authorisation"
    DOUBLE_CAPTURE = "double_capture", "Two captures for one order"
    NO_BROWSER_RETURN = "no_browser_return", "Browser never returns"
    WRONG_PAYMENT_SIGNATURE = "wrong_payment_signature", "Wrong checkout signature"

    DUPLICATE_WEBHOOK = "duplicate_webhook", "Duplicate delivery"
    REVERSED_WEBHOOKS = "reversed_webhooks", "Reversed order of events"
    NO_WEBHOOK = "no_webhook", "No webhook"
    WRONG_WEBHOOK_SIGNATURE = "wrong_webhook_signature", "Wrong webhook signature"
    OLD_WEBHOOK_SECRET = "old_webhook_secret", "Old webhook secret"

    REFUND_PENDING = "refund_pending", "Refund stays pending"
    REFUND_FAILS = "refund_fails", "Refund fails"


@dataclass(frozen=True)
class Knob:
    kind: Kind
    help: str
    options: tuple[str, ...] = ()


GROUPS: dict[str, tuple[Knob, ...]] = {
    "API": (
        Knob(Kind.SLOW, "Answers correctly, after some seconds.", ("seconds", "match")),
        Knob(Kind.TIMEOUT_BEFORE, "Sleeps longer than any client waits and does nothing.", ("seconds", "match")),
        Knob(Kind.TIMEOUT_AFTER, "Does the work, then sleeps longer than any client waits.", ("seconds", "match")),
        Knob(Kind.BAD_GATEWAY, "A proxy's error page instead of JSON.", ("match",)),
        Knob(Kind.BAD_GATEWAY_AFTER, "Does the work, then shows a proxy's error page.", ("match",)),
        Knob(Kind.RATE_LIMITED, "Refuses with 429.", ("match",)),
        Knob(Kind.SERVER_ERROR, "Refuses with 500 and code SERVER_ERROR.", ("match",)),
    ),
    "Checkout": (
        Knob(Kind.FAIL_FIRST_ATTEMPT, "The first attempt on an order fails whatever the buyer does."),
        Knob(Kind.DELAYED_CAPTURE, "Authorised now; captured after some seconds or by hand.", ("seconds",)),
        Knob(Kind.LATE_AUTHORIZATION, "Fails now; the bank says yes after some seconds or by hand.", ("seconds",)),
        Knob(Kind.DOUBLE_CAPTURE, "One click, two captured payments."),
        Knob(Kind.NO_BROWSER_RETURN, "The payment succeeds, the browser never hears of it."),
        Knob(Kind.WRONG_PAYMENT_SIGNATURE, "The browser brings back a signature that does not match."),
    ),
    "Webhooks": (
        Knob(Kind.DUPLICATE_WEBHOOK, "Every event is delivered twice with the same event id."),
        Knob(Kind.REVERSED_WEBHOOKS, "Events of one step arrive last first: captured before authorized."),
        Knob(Kind.NO_WEBHOOK, "Events are kept back; redeliver them by hand."),
        Knob(Kind.WRONG_WEBHOOK_SIGNATURE, "The signature does not match the body."),
        Knob(Kind.OLD_WEBHOOK_SECRET, "Signed with the secret from before the rotation.", ("secret",)),
    ),
    "Refunds": (
        Knob(Kind.REFUND_PENDING, "Pending now; processed after some seconds or by hand.", ("seconds",)),
        Knob(Kind.REFUND_FAILS, "Pending now; fails after some seconds or by hand.", ("seconds",)),
    ),
}


def arm(kind: Kind | str, *, times: int | None = None, **options: Any) -> None:
    """
    Turn a knob on, for the next `times` occasions or until it is reset.

    Options: `seconds` (how long, or how much later; without it "later" means by hand), `match` (only requests whose
    "METHOD path" contains it), `secret` (the old webhook secret).
    """
    Fault.objects.update_or_create(kind=Kind(kind).value, defaults={"remaining": times, "options": options})


def reset(*kinds: Kind | str) -> None:
    faults = Fault.objects.all()
    if kinds:
        faults = faults.filter(kind__in=[Kind(kind).value for kind in kinds])
    faults.delete()


def armed() -> dict[str, Fault]:
    return {fault.kind: fault for fault in Fault.objects.all()}


def take(kind: Kind, *, subject: str = "") -> Fault | None:
    """The knob if it is on for this subject, counting this occasion; else None."""
    if not Fault.objects.filter(kind=kind.value).exists():  # nearly always, and without a lock
        return None
    return _take(kind, subject)


def any_armed() -> bool:
    return Fault.objects.exists()


@transaction.atomic
def _take(kind: Kind, subject: str) -> Fault | None:
    fault = Fault.objects.select_for_update().filter(kind=kind.value).first()
    if fault is None or fault.options.get("match", "") not in subject:
        return None
    if fault.remaining is not None:
        fault.remaining -= 1
        if fault.remaining <= 0:
            fault.delete()
        else:
            fault.save(update_fields=["remaining"])
    return fault
