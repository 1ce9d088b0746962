from typing import Self

from django.db import models


class ReviewQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(removed_at=None)
