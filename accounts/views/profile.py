from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import ProfileForm
from pymart.common.errors import DomainError
from pymart.common.forms import form_page, posted


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = request.user
    initial = {"full_name": user.full_name, "phone": user.phone}
    form = ProfileForm(posted(request), request.FILES or None, initial=initial)
    if not form.is_valid():
        return form_page(request, "accounts/profile.html", form)
    try:
        services.update_profile(user=user, **form.cleaned_data)
    except DomainError as refusal:
        return form_page(request, "accounts/profile.html", form, refusal=refusal)
    messages.success(request, "Your profile is saved.")
    return redirect("accounts:profile")


@login_required
@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    rows = selectors.sessions_of(request.user, this=request.session.session_key)
    return render(request, "accounts/sessions.html", {"sessions": rows})


@login_required
@never_cache
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    services.sign_out_elsewhere(request, user=request.user)
    messages.success(request, "All other devices are signed out.")
    return redirect("accounts:sessions")
