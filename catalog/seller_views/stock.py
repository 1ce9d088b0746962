"""What came in and went out of a product's stock, and why."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.models import SellerProfile
from accounts.services import seller_page
from catalog.seller_forms import StockForm
from catalog.seller_selectors import movements_of, products_of_seller
from pymart.common.forms import form_page, posted
from pymart.common.money import group_indian

PAGE_SIZE = 50


@seller_page
@require_http_methods(["GET", "POST"])
def stock(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    product = get_object_or_404(products_of_seller(seller).prefetch_related("variants"), pk=pk)
    form = StockForm(product, posted(request))
    if form.is_valid() and form.move(request.user):
        left = form.cleaned_data["variant"]
        left.refresh_from_db(fields=["stock"])
        messages.success(request, f"Noted. {group_indian(left.stock)} in stock now.")
        return redirect("seller-products:stock", product.pk)
    page = Paginator(movements_of(product), PAGE_SIZE).get_page(request.GET.get("page"))
    return form_page(request, "seller/product_stock.html", form, {"seller": seller, "product": product, "page": page})
