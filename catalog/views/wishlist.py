from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from catalog.forms import WishlistForm
from catalog.models import Product
from catalog.selectors import visible_products, wishlist, wishlist_ids
from catalog.services import add_to_wishlist, remove_from_wishlist
from pymart.common.errors import DomainError
from pymart.common.htmx import HtmxRequest, page_or_fragment, wants_fragment
from pymart.common.net import safe_next

_BUTTON = {"wishlist-button"}
_ITEMS = {"wishlist-items"}


@login_required
@require_safe
def show(request: HtmxRequest) -> HttpResponse:
    return _page(request)


@require_POST
def add(request: HtmxRequest) -> HttpResponse:
    product = _product(request)
    if not request.user.is_authenticated:
        return _log_in_first(request, product)
    try:
        add_to_wishlist(user=request.user, product=product)
    except DomainError as error:
        return _answer(request, product, str(error), level="warning", on_wishlist=False)
    return _answer(request, product, "Added to your wishlist.", on_wishlist=True)


@require_POST
def remove(request: HtmxRequest) -> HttpResponse:
    product = _product(request)
    if not request.user.is_authenticated:
        return _log_in_first(request, product)
    remove_from_wishlist(user=request.user, product_id=product.pk)
    return _answer(request, product, "Removed from your wishlist.", on_wishlist=False)


def _page(request: HtmxRequest) -> HttpResponse:
    return page_or_fragment(request, "catalog/wishlist.html", _ITEMS, {"products": wishlist(request.user)})


def _product(request: HtmxRequest) -> Product:
    """The posted product, if this person may see it or has it on the wishlist already. :raises Http404:"""
    form = WishlistForm(request.POST)
    if not form.is_valid():
        raise Http404
    pk = form.cleaned_data["product"]
    product = visible_products(request.user).filter(pk=pk).first()
    if product is None and request.user.is_authenticated:
        product = Product.objects.filter(pk=pk, pk__in=wishlist_ids(request.user)).first()
    if product is None:
        raise Http404
    return product


def _log_in_first(request: HtmxRequest, product: Product) -> HttpResponse:
    response = redirect_to_login(product.get_absolute_url())
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def _answer(
    request: HtmxRequest, product: Product, text: str, *, on_wishlist: bool, level: str = "success"
) -> HttpResponse:
    if wants_fragment(request, _BUTTON):
        response = render(request, "catalog/_wishlist_button.html", {"product": product, "on_wishlist": on_wishlist})
    elif wants_fragment(request, _ITEMS):
        response = _page(request)
    else:
        messages.success(request, text) if level == "success" else messages.warning(request, text)
        return redirect(safe_next(request, product.get_absolute_url()))
    trigger_client_event(response, "toast", {"level": level, "text": text})
    return response
