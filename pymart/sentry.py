"""
Reports of errors to Sentry, with `SENTRY_DSN` set. A report says what failed and in which request, and nothing about
the person it failed for but the number of their account: of a request little else than its address is kept, of
everything else each text is scrubbed.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import sentry_sdk
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport

from pymart.common import logs
from pymart.common.scrub import REMOVED, scrub

KEPT_HEADERS = {"accept", "content-length", "content-type", "host", "hx-request", "user-agent", "x-request-id"}
# What a value is called where it is somebody's, wherever it turns up in a report.
PRIVATE = (
    "address", "authorization", "avatar", "bank", "body", "city", "contact", "cookie", "csrf", "email", "first_name",
    "full_name", "gstin", "holder", "ifsc", "ip_address", "landmark", "last_name", "legal_name", "line1", "line2",
    "otp", "passw", "phone", "pincode", "query_string", "secret", "session", "signature", "token", "username",
)  # fmt: skip
OPEN = {"session_id", "trace_id", "span_id"}  # by their names only
TAGS = ("request_id", "order", "task")


def start(transport: type[Transport] | Transport | None = None) -> None:
    """:param transport: another way to send them, for tests."""
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=settings.RELEASE or None,
        environment=settings.SENTRY_ENVIRONMENT,
        traces_sample_rate=settings.SENTRY_TRACES,
        max_request_body_size="never",
        include_local_variables=False,  # they hold whatever was worked on
        before_send=without_persons,
        before_send_transaction=without_persons,
        default_integrations=True,
        auto_enabling_integrations=False,  # none that nobody looked at
        integrations=[
            DjangoIntegration(signals_spans=False),
            CeleryIntegration(propagate_traces=False),
            LoggingIntegration(
                level=None, sentry_logs_level=None
            ),  # no trail of earlier lines: they are in the log, by the request's id
        ],
        max_breadcrumbs=0,
        transport=transport,
    )


class TagMiddleware:
    """A measurement is sent when the request is over; so it is tagged while there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sentry_sdk.set_tags(_tags(logs.context()))
        return self.get_response(request)


def without_persons(event: Any, hint: Mapping[str, Any] | None = None) -> Any:
    """For `before_send`: the report as it may leave the house."""
    record = (hint or {}).get("log_record")
    known = logs.context_of(record) if record else logs.context()
    request = _request(event.pop("request", {}))
    event.pop("user", None)
    event.pop("breadcrumbs", None)
    event = _scrubbed(event)
    if request:
        event["request"] = request
    if "user_id" in known:
        event["user"] = {"id": str(known["user_id"])}
    event["tags"] = {**(event.get("tags") or {}), **_tags(known)}
    return event


def _tags(known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in TAGS if name in known}


def _request(request: Mapping[str, Any]) -> dict[str, Any]:
    headers = {name: value for name, value in (request.get("headers") or {}).items() if name.lower() in KEPT_HEADERS}
    address = urlsplit(request.get("url", ""))._replace(query="", fragment="").geturl()
    kept = {"method": request.get("method"), "url": scrub(address), "headers": _scrubbed(headers)}
    return {name: value for name, value in kept.items() if value}


def _scrubbed(value: Any, name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _scrubbed(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(item, name) for item in value]
    if isinstance(value, str):
        is_private = name.lower() not in OPEN and any(word in name.lower() for word in PRIVATE)
        return REMOVED if is_private else scrub(value)
    return value
