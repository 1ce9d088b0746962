from time import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import AddressForm
from accounts.models import Address
from pymart.common.errors import DomainError
from pymart.common.forms import PostalAddressForm, form_page, posted
from pymart.common.htmx import page_or_fragment
from pymart.common.india import clean_pincode, lookup_pincode

DELETED = "deleted_address"  # key in the session
UNDO_FOR = 300  # seconds


@login_required
@never_cache
@require_safe
def address_list(request: HttpRequest) -> HttpResponse:
    return _book(request)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def address_add(request: HttpRequest) -> HttpResponse:
    initial = {"full_name": request.user.full_name, "phone": request.user.phone}
    form = AddressForm(posted(request), initial=initial)
    if not form.is_valid():
        return form_page(request, "accounts/address_form.html", form)
    try:
        services.add_address(user=request.user, is_default=form.cleaned_data["is_default"], **form.address)
    except DomainError as refusal:
        return form_page(request, "accounts/address_form.html", form, refusal=refusal)
    messages.success(request, "The address is saved.")
    return redirect("accounts:addresses")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def address_edit(request: HttpRequest, pk: int) -> HttpResponse:
    address = _address(request, pk)
    form = AddressForm(posted(request), initial=model_to_dict(address))
    if not form.is_valid():
        return form_page(request, "accounts/address_form.html", form, {"address": address})
    services.edit_address(address=address, is_default=form.cleaned_data["is_default"], **form.address)
    messages.success(request, "The address is saved.")
    return redirect("accounts:addresses")


@login_required
@never_cache
@require_POST
def address_delete(request: HttpRequest, pk: int) -> HttpResponse:
    address = _address(request, pk)
    fields = model_to_dict(address, [*Address.FIELDS, "is_default"])
    services.delete_address(address=address)
    request.session[DELETED] = {"fields": fields, "until": time() + UNDO_FOR}
    return _book(request) if request.htmx else redirect("accounts:addresses")


@login_required
@never_cache
@require_POST
def address_undo(request: HttpRequest) -> HttpResponse:
    """Bring back the address that was deleted last."""
    if deleted := _deleted(request):
        services.add_address(user=request.user, **deleted)
    request.session.pop(DELETED, None)
    return _book(request) if request.htmx else redirect("accounts:addresses")


@login_required
@never_cache
@require_POST
def address_default(request: HttpRequest, pk: int) -> HttpResponse:
    services.make_default(address=_address(request, pk))
    return _book(request) if request.htmx else redirect("accounts:addresses")


@require_safe
def pincode(request: HttpRequest) -> HttpResponse:
    """City and state of a PIN code, as the fields of an address form; 204 while there is nothing to say."""
    try:
        code = clean_pincode(request.GET.get("pincode", ""))
    except ValidationError:
        return HttpResponse(status=204)
    place = lookup_pincode(code)
    if place is None or not place.states:
        return HttpResponse(status=204)
    city, state = request.GET.get("city", ""), request.GET.get("state", "")
    if state not in place.states:  # what stands there belongs to another PIN code, or is empty
        city, state = place.city, place.states[0]
    context = {
        "form": PostalAddressForm(initial={"city": city or place.city, "state": state}),
        "note": f"PIN code {code}: {', '.join([*place.districts[:1], ' or '.join(place.states)])}.",
    }
    return render(request, "accounts/_address_fields.html#address-place", context)


def _address(request: HttpRequest, pk: int) -> Address:
    return get_object_or_404(selectors.addresses_of(request.user), pk=pk)


def _book(request: HttpRequest) -> HttpResponse:
    context = {"addresses": selectors.addresses_of(request.user), "deleted": _deleted(request)}
    return page_or_fragment(request, "accounts/address_list.html", {"address-list"}, context)


def _deleted(request: HttpRequest) -> dict[str, Any] | None:
    deleted = request.session.get(DELETED)
    return deleted["fields"] if deleted and deleted["until"] > time() else None
