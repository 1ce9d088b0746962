"""What the law calls the rights of a data principal: to see what is known about oneself, and to have it erased."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import selectors, services
from accounts.forms import EraseAccountForm
from pymart.common.errors import DomainError
from pymart.common.forms import form_page, posted


@login_required
@never_cache
@sensitive_post_parameters("current_password")
@require_http_methods(["GET", "POST"])
def your_data(request: HttpRequest) -> HttpResponse:
    form = EraseAccountForm(posted(request))
    if not form.is_valid():
        return form_page(request, "accounts/your_data.html", form)
    try:
        services.erase_own_account(user=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return form_page(request, "accounts/your_data.html", form, refusal=refusal)
    logout(request)
    messages.success(request, "Your account is deleted, and you are logged out everywhere.")
    return redirect("catalog:home")


@login_required
@never_cache
@require_safe
def your_data_download(request: HttpRequest) -> HttpResponse:
    name = f"your-data-{timezone.localdate()}.json"
    return JsonResponse(
        selectors.personal_data(request.user),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
