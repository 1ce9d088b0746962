"""What shoppers say about a seller's products, to read."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import SellerProfile
from accounts.services import seller_page
from pymart.common.htmx import page_or_fragment
from reviews.seller_selectors import reviews_of_seller, stars_of_seller

PAGE_SIZE = 25


@seller_page
@require_safe
def review_list(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    """A page of its own, and the newest few for the dashboard."""
    stars = stars_of_seller(seller)
    asked = request.GET.get("rating", "")
    rating = next((row.stars for row in stars if str(row.stars) == asked), None)
    context = {
        "seller": seller,
        "stars": stars,
        "total": sum(row.count for row in stars),
        "rating": rating,
        "page": Paginator(reviews_of_seller(seller, rating=rating), PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return page_or_fragment(request, "seller/review_list.html", {"seller-reviews", "latest-reviews"}, context)
