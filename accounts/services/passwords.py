from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.services.guessing import forget_strangers
from accounts.services.login import sign_out_everywhere
from accounts.services.mail import queue_email
from pymart.common import throttle
from pymart.common.db import after_commit
from pymart.common.errors import DomainError
from pymart.common.net import client_ip

RESET_MAIL_EVERY = 120  # seconds: who asks again sooner has a mail on its way


class WrongPassword(DomainError):
    code = "wrong_password"
    status = 403
    message = "This is not your current password."
    field = "current_password"


def request_password_reset(request: HttpRequest, *, email: str) -> None:
    """
    Owe a mail with a link to whoever has this address; nothing tells whether somebody does.

    :raises Throttled, Unavailable:
    """
    limit, seconds = settings.PASSWORD_RESET_ATTEMPTS
    throttle.count("password-reset", client_ip(request), limit=limit, seconds=seconds)
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user:
        send_password_link(user=user)


def send_password_link(*, user: User) -> None:
    """Owe a mail with a link to choose a new password, which nobody but its reader learns."""
    period = int(timezone.now().timestamp()) // RESET_MAIL_EVERY
    queue_email(kind="password-reset", key=f"password-reset:{user.pk}:{period}", user=user)


def change_password(request: HttpRequest, *, user: User, current_password: str, password: str) -> None:
    """
    Change the password and end all sessions but this one.

    :raises Throttled, Unavailable, WrongPassword:
    """
    confirm_password(user=user, current_password=current_password)
    set_password(user=user, password=password)
    update_session_auth_hash(request, user)


def confirm_password(*, user: User, current_password: str) -> None:
    """
    Before something that a borrowed phone must not do.

    :raises Throttled, Unavailable, WrongPassword:
    """
    limit, seconds = settings.LOGIN_ATTEMPTS
    throttle.count("password-change", str(user.pk), limit=limit, seconds=seconds)
    if not user.check_password(current_password):
        raise WrongPassword
    throttle.reset("password-change", str(user.pk))


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """Set the password and sign the user out everywhere."""
    user.set_password(password)
    user.save(update_fields=["password"])
    sign_out_everywhere(user=user)
    after_commit(forget_strangers, user.email)
