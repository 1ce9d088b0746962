"""The form of a product, new or known."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import SellerProfile
from accounts.services import seller_page
from catalog.models import Category, Product, ProductStatus
from catalog.seller_forms import Editor
from catalog.seller_selectors import pictures_of, products_of_seller
from catalog.services import ChangedMeanwhile, change_product, list_product
from pymart.common.errors import DomainError
from pymart.common.htmx import HtmxRequest, page_or_fragment

FRAGMENTS = {"product-attributes", "product-editor", "product-variants"}
SAVE = "save"


@seller_page
@require_http_methods(["GET", "POST"])
def new(request: HtmxRequest, seller: SellerProfile) -> HttpResponse:
    if request.method != "POST":
        return _page(request, seller, Editor.blank())
    if (step := request.POST.get("do", SAVE)) != SAVE:
        return _page(request, seller, Editor.stepped(request.POST, step))
    editor = Editor.posted(request.POST, request.FILES)
    if editor.is_valid():
        try:
            product = list_product(
                seller=seller,
                actor=request.user,
                offers=editor.offers,
                images=editor.pictures.cleaned_data["images"],
                status=editor.form.cleaned_data["status"],
                **_with_category(editor.facts),
            )
        except DomainError as refusal:
            editor.refuse(refusal)
        else:
            messages.success(request, _said(product))
            response = redirect("seller-products:edit", product.pk)
            return HttpResponseClientRedirect(response.url) if request.htmx else response
    return _page(request, seller, editor)


@seller_page
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    product = get_object_or_404(products_of_seller(seller).prefetch_related("variants"), pk=pk)
    if request.method != "POST":
        return _page(request, seller, Editor.of(product))
    if (step := request.POST.get("do", SAVE)) != SAVE:
        return _page(request, seller, Editor.stepped(request.POST, step, product))
    editor = Editor.posted(request.POST, product=product)
    if editor.is_valid():
        try:
            product = change_product(
                product=product,
                actor=request.user,
                facts=_with_category(editor.facts),
                offers=editor.offers,
                status=editor.form.cleaned_data["status"],
                seen=editor.form.cleaned_data["seen"],
            )
        except ChangedMeanwhile:
            editor.compare(products_of_seller(seller).prefetch_related("variants").get(pk=pk))
        except DomainError as refusal:
            editor.refuse(refusal)
        else:
            messages.success(request, _said(product))
            return redirect("seller-products:edit", product.pk)
    return _page(request, seller, editor)


def _page(request: HttpRequest, seller: SellerProfile, editor: Editor) -> HttpResponse:
    status = 422 if editor.has_problems or editor.is_outdated else 200
    context = {"seller": seller, "editor": editor, "product": editor.product}
    if editor.product:
        context["pictures"] = pictures_of(editor.product)
    return page_or_fragment(request, "seller/product_form.html", FRAGMENTS, context, status=status)


def _with_category(facts: dict[str, Any]) -> dict[str, Any]:
    return {**facts, "category": Category(pk=facts["category"])}


def _said(product: Product) -> str:
    if product.status == ProductStatus.ACTIVE:
        return f"Saved. “{product.title}” is on sale."
    return f"Saved. “{product.title}” is not on sale."
