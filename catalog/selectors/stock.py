from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import SellerProfile
from catalog.models import ProductStatus, Variant
from catalog.selectors.variants import LOW_STOCK
from pymart.common.books import Drift


def stock_drift() -> list[Drift]:
    """Variants whose stock is not the sum of their movements."""
    moved = Variant.objects.annotate(moved=Coalesce(Sum("movements__quantity"), 0)).select_related("product")
    return [Drift(f"stock of {variant}", variant.stock, variant.moved) for variant in moved.exclude(stock=F("moved"))]


def low_stock(seller: SellerProfile) -> QuerySet[Variant]:
    """What is on sale and sold out, or will be soon; the emptiest first."""
    variants = Variant.objects.filter(seller=seller, is_active=True, stock__lte=LOW_STOCK)
    return variants.filter(product__status=ProductStatus.ACTIVE).select_related("product").order_by("stock", "pk")
