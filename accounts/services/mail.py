from typing import Any

from accounts.models import OutboundEmail, User


def queue_email(*, kind: str, key: str, user: User, **params: Any) -> None:
    """Owe the user a mail; the same key is owed once."""
    OutboundEmail.objects.bulk_create(
        [OutboundEmail(kind=kind, key=key, user=user, params=params)], ignore_conflicts=True
    )
