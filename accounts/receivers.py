from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.sessions import note_sign_in


@receiver(user_logged_in)
def remember_device(request: HttpRequest, **kwargs: Any) -> None:
    note_sign_in(request)
