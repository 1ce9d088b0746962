"""From HTTP to a handler and back: authentication, JSON, the gateway's errors, and the API's faults."""

import base64
import binascii
import functools
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from payments.sandbox.entities import Entity
from payments.sandbox.errors import GatewayError, refused, unauthenticated, unknown_url
from payments.sandbox.faults import Kind, any_armed, take
from payments.sandbox.models import Fault

Handler = Callable[..., Entity]
PROXY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
DEFAULT_SECONDS = 15


def endpoint(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view of one URL: a handler by method, taking the request and the URL's parts and answering an entity."""

    @csrf_exempt
    def view(request: HttpRequest, **kwargs: str) -> HttpResponse:
        answer = functools.partial(_answer, handlers, request, kwargs)
        return _with_faults(request, answer)

    return view


def json_body(request: HttpRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.body or b"{}")
        if b"\\u0000" in request.body:  # PostgreSQL keeps no text with it
            raise ValueError
    except ValueError:
        raise refused("The request body is not valid JSON.") from None
    if not isinstance(data, dict):
        raise refused("The request body must be a JSON object.")
    return data


def _answer(handlers: dict[str, Handler], request: HttpRequest, kwargs: dict[str, str]) -> HttpResponse:
    try:
        _authenticate(request)
        handler = handlers.get(request.method or "")
        if handler is None:
            raise unknown_url()
        return JsonResponse(handler(request, **kwargs))
    except GatewayError as error:
        return JsonResponse(error.body(), status=error.status)


def _authenticate(request: HttpRequest) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(token, validate=True)
    except binascii.Error:
        raise unauthenticated() from None
    expected = f"{settings.RAZORPAY_KEY_ID}:{settings.RAZORPAY_KEY_SECRET}".encode()
    if scheme != "Basic" or not hmac.compare_digest(given, expected):
        raise unauthenticated()


def _with_faults(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    if not any_armed():
        return answer()
    subject = f"{request.method} {request.path}"
    if take(Kind.RATE_LIMITED, subject=subject):
        error = GatewayError("Too many requests", 429, "RATE_LIMIT_EXCEEDED", source="NA", step="NA", reason="NA")
        return JsonResponse(error.body(), status=429)
    if take(Kind.SERVER_ERROR, subject=subject):
        text = "We are facing some trouble completing your request at the moment. Please try again shortly."
        error = GatewayError(text, 500, "SERVER_ERROR", source="NA", step="NA", reason="NA")
        return JsonResponse(error.body(), status=500)
    if take(Kind.BAD_GATEWAY, subject=subject):
        return _proxy_page()
    if fault := take(Kind.TIMEOUT_BEFORE, subject=subject):
        _sleep(fault)
        return _proxy_page()
    if fault := take(Kind.SLOW, subject=subject):
        _sleep(fault)
    response = answer()
    if take(Kind.BAD_GATEWAY_AFTER, subject=subject):
        return _proxy_page()
    if fault := take(Kind.TIMEOUT_AFTER, subject=subject):
        _sleep(fault)
    return response


def _sleep(fault: Fault) -> None:
    time.sleep(fault.options.get("seconds") or DEFAULT_SECONDS)


def _proxy_page() -> HttpResponse:
    return HttpResponse(PROXY_PAGE, status=502, content_type="text/html")
