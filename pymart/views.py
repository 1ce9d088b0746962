"""Pages that belong to no app."""

from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from pymart.common.staticfiles import stylesheet_urls


def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, for it answers for every page when the network is gone."""
    return render(request, "sw.js", {"stylesheet_urls": stylesheet_urls()}, content_type="text/javascript")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"csrf": True}, status=403)


def mail_list(request: HttpRequest) -> HttpResponse:
    """The mails that were written to files instead of being sent, newest first."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.eml"), key=lambda file: -file.stat().st_mtime)
    mails = [{"name": file.name, "message": _read(file)} for file in files[:100]]
    return render(request, "debug/mail_list.html", {"mails": mails})


def mail_show(request: HttpRequest, name: str) -> HttpResponse:
    file = Path(settings.EMAIL_FILE_PATH) / name
    if file.suffix != ".eml" or file.parent != Path(settings.EMAIL_FILE_PATH) or not file.exists():
        raise Http404
    message = _read(file)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    context = {
        "message": message,
        "html": html.get_content() if html else "",
        "text": text.get_content() if text else "",
    }
    return render(request, "debug/mail_show.html", context)


def _read(file: Path):
    return message_from_bytes(file.read_bytes(), policy=policy.default)
