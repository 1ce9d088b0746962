from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.devices import remember_device
from accounts.models import User
from accounts.selectors import has_second_factor
from accounts.sessions import note_sign_in


@receiver(user_logged_in)
def remember(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """
    Note the device in the session, and the account in the browser's cookie; for staff with a second factor only after
    that.
    """
    note_sign_in(request)
    if not (user.is_staff and has_second_factor(user)):
        remember_device(request, user.email)
