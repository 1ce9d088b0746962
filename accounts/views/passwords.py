from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import NewPasswordForm, PasswordChangeForm, PasswordResetForm
from accounts.models import User
from pymart.common.errors import DomainError
from pymart.common.forms import form_page, posted


@login_required
@never_cache
@sensitive_post_parameters("current_password", "password")
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    form = PasswordChangeForm(request.user, posted(request))
    if not form.is_valid():
        return form_page(request, "accounts/password_change.html", form)
    try:
        services.change_password(request, user=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return form_page(request, "accounts/password_change.html", form, refusal=refusal)
    messages.success(request, "Your password is changed. All other devices are signed out.")
    return redirect("accounts:profile")


@require_http_methods(["GET", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    initial = {"email": request.user.email} if request.user.is_authenticated else {}
    form = PasswordResetForm(posted(request), initial=initial)
    if not form.is_valid():
        return form_page(request, "accounts/password_reset.html", form)
    try:
        services.request_password_reset(request, email=form.cleaned_data["email"])
    except DomainError as refusal:
        return form_page(request, "accounts/password_reset.html", form, refusal=refusal)
    return redirect("accounts:password-reset-sent")


@require_safe
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_sent.html")


class PasswordResetConfirm(PasswordResetConfirmView):
    """Where the mailed link leads. The token moves into the session at once, so that no Referer tells it."""

    form_class = NewPasswordForm
    template_name = "accounts/password_reset_confirm.html"

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_invalid(self, form: NewPasswordForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        services.set_password(user=self.user, password=form.cleaned_data["password"])
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        login(self.request, self.user)
        messages.success(self.request, "Your new password is set, and you are logged in.")
        return redirect("accounts:profile")

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        kwargs.setdefault("status", 200 if context["validlink"] else 410)
        return super().render_to_response(context, **kwargs)
