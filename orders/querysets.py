from typing import Self

from django.db import models


class OrderQuerySet(models.QuerySet):
    def locked(self) -> Self:
        """Locks come in one order everywhere: order, then its payments, then variants, then products."""
        return self.select_for_update(of=("self",), no_key=True)
