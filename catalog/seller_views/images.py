"""
The pictures of a product: a section of its form with addresses of its own, for each change is saved at once.

To htmx the section's list is answered, with what was wrong in it; else it is back to the form.
"""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import SellerProfile
from accounts.services import seller_page
from catalog.models import Product, ProductImage
from catalog.seller_forms import AltForm, PicturesForm, posted_ids
from catalog.seller_selectors import pictures_of, products_of_seller
from catalog.services import change_product, describe_image
from pymart.common.errors import DomainError
from pymart.common.images import BadImage


@seller_page
@require_POST
def add_images(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    """Each file on its own: one that is no picture keeps no other from being added."""
    product = get_object_or_404(products_of_seller(seller), pk=pk)
    form = PicturesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, product, problems=form.errors["images"])
    files = form.cleaned_data["images"]
    if not files:
        return _answer(request, product, problems=["Choose a picture first."])
    problems = _add(request, product, files)
    added = len(files) - len(problems)
    said = f"{added} picture{'s' if added > 1 else ''} added." if added else ""
    return _answer(request, product, problems=problems, said=said)


def _add(request: HttpRequest, product: Product, files: Sequence[UploadedFile]) -> list[str]:
    """What was wrong with those that were not added."""
    problems = []
    for number, file in enumerate(files):
        try:
            change_product(product=product, actor=request.user, facts={}, images=[file])
        except BadImage as error:
            problems.append(f"{file.name}: {error}")
        except DomainError as error:  # the next would fare no better
            return problems + [f"{each.name}: {error}" for each in files[number:]]
    return problems


@seller_page
@require_POST
def remove_image(request: HttpRequest, seller: SellerProfile, pk: int, image_pk: int) -> HttpResponse:
    product, image = _picture(seller, pk, image_pk)
    return _changed(request, product, lambda: _change(request, product, remove_images=[image.pk]), "Picture removed.")


@seller_page
@require_POST
def order_images(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    """`order`: all pictures as they shall be; `moved` is the one whose new place is told."""
    product = get_object_or_404(products_of_seller(seller), pk=pk)
    order = posted_ids(request.POST.get("order", "").split(","), ProductImage.MAX_PER_PRODUCT + 1)
    moved = next(iter(posted_ids([request.POST.get("moved", "")], 1)), None)
    place = f"Now picture {order.index(moved) + 1} of {len(order)}." if moved in order else "Order saved."
    return _changed(request, product, lambda: _change(request, product, image_order=order), place)


@seller_page
@require_POST
def describe(request: HttpRequest, seller: SellerProfile, pk: int, image_pk: int) -> HttpResponse:
    product, image = _picture(seller, pk, image_pk)
    form = AltForm(request.POST)
    if not form.is_valid():
        return _answer(request, product, problems=form.errors["alt"])
    alt = form.cleaned_data["alt"]
    return _changed(request, product, lambda: describe_image(image=image, alt=alt, actor=request.user), "Text saved.")


def _picture(seller: SellerProfile, pk: int, image_pk: int) -> tuple[Product, ProductImage]:
    product = get_object_or_404(products_of_seller(seller), pk=pk)
    return product, get_object_or_404(product.images, pk=image_pk)


def _change(request: HttpRequest, product: Product, **changes: Sequence[int]) -> None:
    change_product(product=product, actor=request.user, facts={}, **changes)


def _changed(request: HttpRequest, product: Product, change: Callable[[], object], said: str) -> HttpResponse:
    try:
        change()
    except DomainError as error:
        return _answer(request, product, problems=[str(error)])
    return _answer(request, product, said=said)


def _answer(request: HttpRequest, product: Product, *, problems: Sequence[str] = (), said: str = "") -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        context = {"product": product, "pictures": pictures_of(product), "problems": problems, "said": said}
        return render(request, "seller/_product_pictures.html", context, status=422 if problems else 200)
    for problem in problems:
        messages.error(request, problem)
    if said:
        messages.success(request, said)
    return redirect(reverse("seller-products:edit", args=[product.pk]) + "#product-images")
