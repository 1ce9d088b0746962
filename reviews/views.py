from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.models import Product
from pymart.common.errors import DomainError
from pymart.common.forms import posted
from pymart.common.htmx import page_or_fragment
from reviews import services
from reviews.forms import ReportForm, ReviewForm
from reviews.models import Review
from reviews.selectors import SORTS, breakdown, own_review, reviews_of

PAGE_SIZE = 10
SORT_LABELS = {
    "newest": "Newest first",
    "helpful": "Most helpful",
    "-rating": "Best rated first",
    "rating": "Worst rated first",
}


def _product(product_id: int) -> Product:
    return get_object_or_404(Product.objects.listed().select_related("seller"), pk=product_id)


def _filters(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; what makes no sense is left out."""
    rating = request.GET.get("rating", "")
    sort = request.GET.get("sort", "")
    return {
        "sort": sort if sort in SORTS else "newest",
        "rating": int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
        "verified": request.GET.get("verified") == "1",
    }


@require_GET
def review_list(request: HttpRequest, product_id: int) -> HttpResponse:
    """A page of its own, and the fragment that the product page loads."""
    product = _product(product_id)
    viewer = request.user if request.user.is_authenticated else None
    filters = _filters(request)
    page = Paginator(reviews_of(product.pk, viewer=viewer, **filters), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "product": product,
        "page": page,
        "filters": filters,
        "sorts": SORT_LABELS.items(),
        "histogram": breakdown(product.pk),
        "own": own_review(viewer, product.pk) if viewer else None,
    }
    return page_or_fragment(request, "reviews/review_list.html", {"product-reviews"}, context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, product_id: int) -> HttpResponse:
    """Write a review, or edit one's own."""
    product = _product(product_id)
    own = own_review(request.user, product.pk)
    form = ReviewForm(request.POST) if request.method == "POST" else ReviewForm.of(own) if own else ReviewForm()
    if request.method == "POST" and form.is_valid():
        try:
            if own:
                services.edit_review(review=own, **form.cleaned_data)
            else:
                services.write_review(author=request.user, product=product, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you: your review is online.")
            return redirect(f"{product.get_absolute_url()}#reviews")
    context = {"product": product, "form": form, "own": own}
    return render(request, "reviews/review_form.html", context, status=422 if form.is_bound else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, product_id: int) -> HttpResponse:
    """GET asks, POST does."""
    own = get_object_or_404(Review.objects.published(), author=request.user, product_id=product_id)
    if request.method == "POST":
        services.remove_review(review=own, reason=services.REMOVED_BY_AUTHOR)
        messages.success(request, "Your review is removed.")
        return redirect(own.product)
    return render(request, "reviews/review_delete.html", {"review": own})


@login_required
@require_POST
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.published().select_related("product", "author"), pk=pk)
    review.voted = services.toggle_helpful(review=review, user=request.user)  # type: ignore[attr-defined]
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "reviews/_helpful.html", {"review": review})
    return redirect(f"{review.product.get_absolute_url()}#review-{review.pk}")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask staff to look at somebody's review."""
    review = get_object_or_404(Review.objects.published().select_related("product", "author"), pk=pk)
    form = ReportForm(posted(request))
    if form.is_valid():
        try:
            services.report_review(review=review, user=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you: we will look at this review.")
            return redirect(f"{review.product.get_absolute_url()}#review-{review.pk}")
    context = {"review": review, "form": form}
    return render(request, "reviews/review_report.html", context, status=422 if form.is_bound else 200)
