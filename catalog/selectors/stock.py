from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from catalog.models import Variant
from pymart.common.books import Drift


def stock_drift() -> list[Drift]:
    """Variants whose stock is not the sum of their movements."""
    moved = Variant.objects.annotate(moved=Coalesce(Sum("movements__quantity"), 0)).select_related("product")
    return [Drift(f"stock of {variant}", variant.stock, variant.moved) for variant in moved.exclude(stock=F("moved"))]
