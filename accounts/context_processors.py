from typing import Any

from django.http import HttpRequest

from accounts.models import Notification


def notifications(request: HttpRequest) -> dict[str, Any]:
    """`unread_count` for the bell; asked of the database only where a template shows it."""
    user = getattr(request, "user", None)  # an error page may be due before anybody asked who it is
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_count": Notification.objects.filter(user=user, read_at=None).count}
