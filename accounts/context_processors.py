from typing import Any

from django.http import HttpRequest

from accounts.models import Notification


def notifications(request: HttpRequest) -> dict[str, Any]:
    """`unread_count` for the bell; asked of the database only where a template shows it."""
    if not request.user.is_authenticated:
        return {}
    return {"unread_count": Notification.objects.filter(user=request.user, read_at=None).count}
