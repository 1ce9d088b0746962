from accounts.models import Notification, User


def notify(
    *,
    user: User,
    type: str,
    title: str,
    body: str = "",
    url: str = "",
    order_id: int | None = None,
    number: str = "",
) -> Notification:
    """Tell a person something: a row in the caller's transaction."""
    return Notification.objects.create(
        user=user, type=type, title=title, body=body[:300], url=url, order_id=order_id, number=number
    )
