"""Pages that belong to no app."""

import sys
from datetime import UTC, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_replace
from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views import defaults
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from pymart.common.api.errors import error_response
from pymart.common.errors import Unavailable
from pymart.common.middleware import is_api
from pymart.common.staticfiles import stylesheet_urls

MAILS_SHOWN = 100
SECURITY_TXT_LIFE = timedelta(days=180)


def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116. It expires within a year, as it must, and is renewed by being asked for."""
    expires = (timezone.now() + SECURITY_TXT_LIFE).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": expires.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "Preferred-Languages": "en, hi",
        "Canonical": f"{settings.SITE_URL}{request.path}",
        "Policy": f"{settings.SITE_URL}{reverse('help')}#security",
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, for it answers for every page when the network is gone."""
    return render(request, "sw.js", {"stylesheet_urls": stylesheet_urls()}, content_type="text/javascript")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"csrf": True}, status=403)


def error_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also of a Host that is not ours, before anybody has looked who asks: no context."""
    told = _told_in_json(request, 400, "bad_request", "Bad request.")
    return told or HttpResponseBadRequest(render_to_string("400.html"))


def error_403(request: HttpRequest, exception: Exception) -> HttpResponse:
    refused = _told_in_json(request, 403, "permission_denied", "You are not allowed to do this.")
    return refused or defaults.permission_denied(request, exception)


def error_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told_in_json(request, 404, "not_found", "Not found.") or defaults.page_not_found(request, exception)


def api_not_found(request: HttpRequest) -> HttpResponse:
    """Before Django's page for developers, which no program can read."""
    return error_response(status=404, code="not_found", detail="Not found.")


def error_500(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exception(), OperationalError):  # the database is away: machines should come again
        error = Unavailable()
        told = _told_in_json(request, error.status, error.code, str(error))
        response = told or HttpResponse(render_to_string("500.html"), status=error.status)
        response["Retry-After"] = "30"
        return response
    return _told_in_json(request, 500, "error", "Server Error (500)") or defaults.server_error(request)


def _told_in_json(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse | None:
    """What goes wrong below `/api/` before a view of the API is reached."""
    return error_response(status=status, code=code, detail=detail) if is_api(request) else None


@require_safe
@cache_control(public=True, max_age=300)
def api_schema(request: HttpRequest) -> HttpResponse:
    """The schema as it is committed; the tests compare it with the code."""
    return HttpResponse((settings.BASE_DIR / "openapi.json").read_bytes(), content_type="application/json")


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI."""
    return render(request, "api_docs.html")


def mail_list(request: HttpRequest) -> HttpResponse:
    """The mails that were written to files instead of being sent, newest first."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.eml"), reverse=True)[:MAILS_SHOWN]
    return render(request, "debug/mail_list.html", {"mails": [(file.name, _read(file)) for file in files]})


@csp_replace({"frame-src": [SELF]})
def mail_show(request: HttpRequest, name: str) -> HttpResponse:
    message = _read(_mail_file(name))
    text = message.get_body(("plain",))
    context = {
        "name": name,
        "message": message,
        "key": message["X-Idempotency-Key"],
        "text": text.get_content() if text else "",
    }
    return render(request, "debug/mail_show.html", context)


@xframe_options_sameorigin
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": [SELF], "frame-ancestors": [SELF]})
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The mail as a mail program would show it, for the frame in `mail_show`: no scripts, links leave the frame."""
    html = _read(_mail_file(name)).get_body(("html",))
    content = html.get_content() if html else ""
    return HttpResponse(content.replace("<head>", '<head><base target="_top">', 1))


def _mail_file(name: str) -> Path:
    file = Path(settings.EMAIL_FILE_PATH) / name
    if file.suffix != ".eml" or file.parent != Path(settings.EMAIL_FILE_PATH) or not file.exists():
        raise Http404
    return file


def _read(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=policy.default)
