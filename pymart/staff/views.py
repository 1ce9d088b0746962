"""The second factor of staff. These pages are for who is logged in as one of them and has not shown it yet."""

from base64 import b32encode
from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import has_second_factor, has_shown_second_factor
from accounts.services import (
    connect_app,
    new_recovery_codes,
    second_factor_to_set_up,
    show_second_factor,
)
from pymart.common import audit
from pymart.common.errors import DomainError, Throttled
from pymart.common.net import safe_next

View = Callable[[HttpRequest], HttpResponse]


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        error_messages={"required": "Enter the code."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


def for_staff(view: View) -> View:
    """With or without the second factor."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        if not admin.site.is_staff(request):  # type: ignore[attr-defined]
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(request)

    return page


@for_staff
def second_factor(request: HttpRequest) -> HttpResponse:
    """Asks for a code; whoever has nothing to make one with sets that up first."""
    target = safe_next(request, reverse("admin:index"))
    if has_shown_second_factor(request):
        return redirect(target)
    if not has_second_factor(request.user):
        return redirect("admin:second-factor-set-up")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            show_second_factor(request, user=request.user, code=form.cleaned_data["code"])
        except DomainError as refusal:
            return _page(request, "admin/second_factor.html", form, refusal, next=target)
        audit.record(request, request.user, "log_in")
        return redirect(target)
    return _page(request, "admin/second_factor.html", form, next=target)


@for_staff
def set_up(request: HttpRequest) -> HttpResponse:
    """Connects an app; in place of another only for who has shown that one."""
    if has_second_factor(request.user) and not has_shown_second_factor(request):
        return redirect("admin:second-factor")
    form = CodeForm(request.POST or None)
    refusal = None
    if form.is_valid():
        try:
            codes = connect_app(request, user=request.user, code=form.cleaned_data["code"])
        except DomainError as error:
            refusal = error
        else:
            audit.record(request, request.user, "set_up_second_factor")
            return _codes(request, codes)
    device = second_factor_to_set_up(user=request.user)
    context = {
        "qr": segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, light="#fff"),
        "secret": _in_fours(device),
        "replaces": has_second_factor(request.user),
    }
    return _page(request, "admin/second_factor_set_up.html", form, refusal, **context)


@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New ones in place of the old, for who has shown the second factor."""
    if not has_second_factor(request.user):
        messages.error(request, "Connect an app first.")
        return redirect("admin:second-factor-set-up")
    codes = new_recovery_codes(user=request.user)
    audit.record(request, request.user, "new_recovery_codes")
    return _codes(request, codes)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    request._second_factor_shown = True  # type: ignore[attr-defined]
    context = {**admin.site.each_context(request), "title": "Your recovery codes", "codes": codes}
    return TemplateResponse(request, "admin/recovery_codes.html", context)


def _page(
    request: HttpRequest, template: str, form: CodeForm, refusal: DomainError | None = None, **context: Any
) -> HttpResponse:
    status, headers = 200, {}
    if refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        status = refusal.status
        headers = refusal.headers() if isinstance(refusal, Throttled) else {}
    context = {**admin.site.each_context(request), "title": "Second factor", "form": form, **context}
    return TemplateResponse(request, template, context, status=status, headers=headers)


def _in_fours(device: Any) -> str:
    """The secret as people type it into an app that cannot take a picture."""
    secret = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
