"""The way to a shop: what selling means, the application, what became of it, and what a seller may change."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import SellerApplicationForm, ShopSettingsForm
from accounts.models import Role, SellerBankAccount, SellerProfile, SellerStatus
from accounts.selectors import seller_of
from accounts.services import seller_page
from accounts.services.sellers import TERMS_VERSION
from pymart.common.errors import DomainError
from pymart.common.forms import form_page, posted
from pymart.common.htmx import page_or_fragment
from pymart.common.net import client_ip


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    seller = seller_of(request.user) if request.user.is_authenticated else None
    return render(request, "accounts/sell.html", {"seller": seller})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sell_terms.html", {"version": TERMS_VERSION})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Once, and again after a rejection: then with what was said before filled in."""
    user, seller = request.user, seller_of(request.user)
    if seller and seller.status != SellerStatus.REJECTED:
        return redirect("sell:status")
    if user.role == Role.ADMIN:
        messages.info(request, services.StaffDoNotSell.message)
        return redirect("sell:landing")
    account = SellerBankAccount.objects.filter(seller=seller).first() if seller else None
    initial = _said_before(seller, account) if seller else {"support_email": user.email, "support_phone": user.phone}
    form = SellerApplicationForm(posted(request), initial=initial, known_last4=account.last4 if account else "")
    if not form.is_valid():
        return form_page(request, "accounts/sell_apply.html", form, {"seller": seller})
    try:
        services.apply_to_sell(
            user=user, shop=form.shop, bank=form.bank, is_registered=form.is_registered, ip=client_ip(request)
        )
    except services.AlreadyApplied:
        return redirect("sell:status")
    except DomainError as refusal:
        return form_page(request, "accounts/sell_apply.html", form, {"seller": seller}, refusal=refusal)
    return redirect("sell:status")


def _said_before(seller: SellerProfile, account: SellerBankAccount | None) -> dict[str, str]:
    form = SellerApplicationForm
    said = {name: getattr(seller, name) for name in (*SellerApplicationForm.SHOP, "support_email", "support_phone")}
    said["gst"] = form.REGISTERED if seller.is_registered else form.UNREGISTERED
    if account:
        said |= {"bank_holder": account.holder, "bank_ifsc": account.ifsc}
    return said


@login_required
@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """The open page asks for itself anew when a notification may have brought the decision."""
    seller = seller_of(request.user)
    if seller is None:
        return redirect("sell:landing")
    return page_or_fragment(request, "accounts/sell_status.html", {"seller-status"}, {"seller": seller})


@seller_page
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    form = ShopSettingsForm(seller, posted(request))
    if not form.is_valid():
        context = {"seller": seller, "account": SellerBankAccount.objects.filter(seller=seller).first()}
        return form_page(request, "seller/settings.html", form, context)
    services.update_shop(seller=seller, **{name: form.cleaned_data[name] for name in form.FIELDS})
    messages.success(request, "Your shop's details are saved.")
    return redirect("sell:settings")
