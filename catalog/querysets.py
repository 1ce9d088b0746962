from typing import Self

from django.db import models


class CategoryQuerySet(models.QuerySet):
    def roots(self) -> Self:
        return self.filter(parent=None)


class ProductQuerySet(models.QuerySet):
    def listed(self) -> Self:
        """What shoppers may see."""
        return self.filter(is_listed=True)
