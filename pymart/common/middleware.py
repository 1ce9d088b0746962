import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

from pymart.common.errors import DomainError, Throttled

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request an id (the caller's, where it is sane) and repeats it in the response."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if SANE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


class DomainErrorMiddleware:
    """The last net: a refusal that no view turned into a form error becomes a page, or a toast for htmx."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if request.htmx:  # type: ignore[attr-defined]
            response = HttpResponse(status=exception.status, headers={"HX-Reswap": "none"})
            trigger_client_event(response, "toast", {"level": "error", "text": str(exception)})
        else:
            template = "429.html" if exception.status == 429 else "refused.html"
            response = render(request, template, {"error": exception}, status=exception.status)
        if isinstance(exception, Throttled):
            for name, value in exception.headers().items():
                response[name] = value
        return response
