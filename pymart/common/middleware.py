import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django_htmx.http import trigger_client_event

from pymart.common import logs
from pymart.common.errors import DomainError, Throttled

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
INSIDE = {"/health", "/live", "/metrics"}
Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request an id (the caller's, where it is sane) and repeats it in the response."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request.id = given if SANE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        who = partial(logs.known_user, request)
        with logs.bound(request_id=request.id, user_id=who):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


class PageHeadersMiddleware:
    """A page has its reader's name in its head, so only their own cache keeps it. It asks nothing of their device."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class PagesMiddleware:
    """
    Runs `settings.PAGES_MIDDLEWARE` as Django would run it, but not for requests to the API, nor from inside: those
    call the server by whatever name it has there. Of what they do for every answer, only the length is left to say.
    """

    def __init__(self, get_response: Handler) -> None:
        self.api = self.pages = get_response
        self.view_hooks: list[Callable[..., HttpResponse | None]] = []
        self.exception_hooks: list[Callable[..., HttpResponse | None]] = []
        for name in reversed(settings.PAGES_MIDDLEWARE):
            middleware = import_string(name)(self.pages)
            self.pages = convert_exception_to_response(middleware)
            if hook := getattr(middleware, "process_view", None):
                self.view_hooks.insert(0, hook)
            if hook := getattr(middleware, "process_exception", None):
                self.exception_hooks.append(hook)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_bare(request):
            return self.pages(request)
        response = self.api(request)
        if not response.streaming and response.status_code != 204:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        return self._first(self.view_hooks, request, *view)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._first(self.exception_hooks, request, exception)

    def _first(
        self, hooks: list[Callable[..., HttpResponse | None]], request: HttpRequest, *args: Any
    ) -> HttpResponse | None:
        if _is_bare(request):
            return None
        return next((response for hook in hooks if (response := hook(request, *args))), None)


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _is_bare(request: HttpRequest) -> bool:
    return is_api(request) or request.path_info in INSIDE


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
