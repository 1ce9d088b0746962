"""The rows of products on the home page. Which they are is kept for some minutes; what they cost is always fresh."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Exists, F, FloatField, Min, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Cast, Least
from django.utils import timezone

from catalog.models import PriceChange, Product
from catalog.selectors.products import cards_by_id

RAIL_SIZE = 12
RAIL_SECONDS = 300
# A rating counts as if this many average ratings came with it, so one lone 5 does not win.
PRIOR_RATINGS = 20
# A "was" price is the lowest of this time before the price fell; a deal ends as long after.
PRICE_MEMORY = timedelta(days=30)
# A price counts as one that was asked only after so long: a product cannot be new and cut on one day.
PRICE_PROOF = timedelta(days=7)


@dataclass(frozen=True)
class Rails:
    deals: list[Product]
    best_rated: list[Product]
    newest: list[Product]


def home_rails() -> Rails:
    ids = {
        "deals": _remembered("deals", deal_ids),
        "best_rated": _remembered("best-rated", best_rated_ids),
        "newest": _remembered("newest", newest_ids),
    }
    products = {product.pk: product for product in cards_by_id({pk for rail in ids.values() for pk in rail})}
    return Rails(**{name: [products[pk] for pk in rail if pk in products] for name, rail in ids.items()})


def popular_ids() -> list[int]:
    return _remembered("popular", _best_selling_ids)


def _best_selling_ids() -> list[int]:
    products = Product.objects.listed().filter(in_stock=True).order_by("-units_sold", "-pk")
    return list(products.values_list("pk", flat=True)[:RAIL_SIZE])


def newest_ids() -> list[int]:
    products = Product.objects.listed().filter(in_stock=True).order_by("-created_at", "-pk")
    return list(products.values_list("pk", flat=True)[:RAIL_SIZE])


def best_rated_ids() -> list[int]:
    """By the average that remains after `PRIOR_RATINGS` average ratings are mixed in."""
    rated = Product.objects.listed().filter(in_stock=True, rating_count__gt=0)
    total = Sum(F("rating_average") * F("rating_count"), output_field=FloatField())
    mean = rated.aggregate(mean=Cast(total, FloatField()) / Cast(Sum("rating_count"), FloatField()))["mean"]
    if mean is None:
        return []
    average, count = Cast("rating_average", FloatField()), Cast("rating_count", FloatField())
    score = (average * count + Value(mean * PRIOR_RATINGS)) / (count + Value(float(PRIOR_RATINGS)))
    return list(rated.annotate(score=score).order_by("-score", "-pk").values_list("pk", flat=True)[:RAIL_SIZE])


def deal_ids() -> list[int]:
    """
    Products whose price fell lately below every price of the `PRICE_MEMORY` before, deepest cut first.

    Only their own history counts: neither the MRP, nor a price that was raised first, nor one that was only just set
    makes a deal.
    """
    now = timezone.now()
    history = PriceChange.objects.filter(variant=OuterRef("variant"))
    start = OuterRef("changed_at") - PRICE_MEMORY
    at_start = history.filter(changed_at__lte=start).order_by("-changed_at", "-pk").values("price")[:1]
    since = history.filter(changed_at__gt=start, changed_at__lt=OuterRef("changed_at")).order_by()
    lowest_since = since.values("variant").annotate(lowest=Min("price")).values("lowest")
    drops = (
        PriceChange.objects.filter(
            changed_at__gt=now - PRICE_MEMORY,
            price=F("variant__price"),
            variant__is_active=True,
            variant__stock__gt=0,
            variant__product__is_listed=True,
            variant__product__price=F("price"),  # what the card shows
        )
        .filter(Exists(history.filter(changed_at__lte=OuterRef("changed_at") - PRICE_PROOF)))
        .exclude(Exists(history.filter(changed_at__gt=OuterRef("changed_at"))))
        .annotate(before=Least(Subquery(at_start), Subquery(lowest_since)))
        .filter(price__lt=F("before"))
    )
    cuts: dict[int, Decimal] = {}
    for product_id, price, before in drops.values_list("variant__product", "price", "before"):
        cuts[product_id] = max(cuts.get(product_id, Decimal(0)), (before - price) / before)
    return sorted(cuts, key=lambda pk: (-cuts[pk], -pk))[:RAIL_SIZE]


def _remembered(name: str, find: Callable[[], list[int]]) -> list[int]:
    key = f"catalog.rail.{name}"
    ids = cache.get(key)
    if ids is None:
        ids = find()
        cache.set(key, ids, RAIL_SECONDS)
    return ids
