from typing import Any

from accounts.models import OutboundEmail, User


def queue_email(*, kind: str, key: str, user: User, params: dict[str, Any] | None = None) -> None:
    """Owe the user a mail, in the caller's transaction; the same key is owed once."""
    OutboundEmail.objects.bulk_create(
        [OutboundEmail(kind=kind, key=key, user=user, params=params or {})], ignore_conflicts=True
    )
