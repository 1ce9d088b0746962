from django.db.models import QuerySet

from accounts.models import SellerProfile
from catalog.models import ProductImport


def imports_of(seller: SellerProfile) -> QuerySet[ProductImport]:
    """The shop's, newest first."""
    return ProductImport.objects.filter(seller=seller)
