"""The pictures of a product: a section of its form with addresses of its own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.models import SellerProfile
from accounts.services import seller_page
from catalog import services
from catalog.seller_forms import PicturesForm
from catalog.seller_selectors import products_of_seller
from pymart.common.errors import DomainError


@seller_page
@require_POST
def add_images(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    product = get_object_or_404(products_of_seller(seller), pk=pk)
    form = PicturesForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["images"]))
        return redirect("seller-products:edit", pk)
    try:
        services.change_product(product=product, actor=request.user, facts={}, images=form.cleaned_data["images"])
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("seller-products:edit", pk)


@seller_page
@require_POST
def remove_image(request: HttpRequest, seller: SellerProfile, pk: int, image_pk: int) -> HttpResponse:
    product = get_object_or_404(products_of_seller(seller), pk=pk)
    get_object_or_404(product.images, pk=image_pk)
    try:
        services.change_product(product=product, actor=request.user, facts={}, remove_images=[image_pk])
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("seller-products:edit", pk)
