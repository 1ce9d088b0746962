from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import LoginForm, RegisterForm
from pymart.common.errors import DomainError
from pymart.common.forms import form_page, posted
from pymart.common.net import safe_next

HOME = "/"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    target, context = _target(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = LoginForm(posted(request))
    if not form.is_valid():
        return form_page(request, "accounts/login.html", form, context)
    try:
        services.log_in(request, **form.cleaned_data)
    except DomainError as refusal:
        return form_page(request, "accounts/login.html", form, context, refusal=refusal)
    return redirect(target)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    target, context = _target(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = RegisterForm(posted(request))
    if not form.is_valid():
        return form_page(request, "accounts/register.html", form, context)
    data = {name: form.cleaned_data[name] for name in ("full_name", "email", "phone", "password")}
    try:
        user = services.register(request, **data)
    except DomainError as refusal:
        return form_page(request, "accounts/register.html", form, context, refusal=refusal)
    auth.login(request, user)
    messages.success(request, f"Welcome, {user.get_short_name()}. Your account is ready.")
    return redirect(target)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    messages.info(request, "You are logged out.")
    return redirect(HOME)


def _target(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """Where to go on afterwards, and what the page needs so that this survives its forms and links."""
    target = safe_next(request, "")
    return target or HOME, {"next": target}
