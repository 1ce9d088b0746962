from typing import Any

from django.core.management.base import BaseCommand

from catalog.models import Product
from catalog.services import refresh_listing

CHUNK = 1000


class Command(BaseCommand):
    help = "Derive what lists and searches know of each product anew, as after a change of catalog/search/colours.txt."

    def handle(self, **options: Any) -> None:
        changed, after = 0, 0
        while ids := list(Product.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
            changed += len(refresh_listing(ids))
            after = ids[-1]
        self.stdout.write(f"{changed} products changed.")
