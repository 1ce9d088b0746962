"""What is kept encrypted in the database, and the keys it is encrypted with."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models, transaction


def encrypt(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """:raises InvalidToken: none of the keys is the one it was encrypted with."""
    return _fernet().decrypt(token.encode()).decode()


def reencrypt(model: type[models.Model], *, at_once: int = 500) -> int:
    """
    Encrypt what a model keeps with the first of the keys, so that the others can go. Answers the number of rows; those
    that somebody writes meanwhile are written with the first key anyway.

    :raises ValueError: none of the keys opens a value.
    """
    names = [field.attname for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
    last: Any = None
    done = 0
    while names:
        with transaction.atomic():
            rows = model._base_manager.select_for_update().order_by("pk")
            batch = list((rows.filter(pk__gt=last) if last is not None else rows).only("pk", *names)[:at_once])
            for row in batch:
                model._base_manager.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names})
        if not batch:
            break
        last, done = batch[-1].pk, done + len(batch)
    return done


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.DATA_KEYS])


class EncryptedTextField(models.TextField):
    """Text that the database only sees encrypted: neither searched nor sorted by."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        try:
            return decrypt(value)
        except InvalidToken as error:
            raise ValueError(f"No key of DATA_KEYS opens {self.model.__name__}.{self.name}") from error

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else encrypt(str(value))

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
