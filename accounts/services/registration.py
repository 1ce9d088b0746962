from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.services.mail import queue_email
from pymart.common import throttle
from pymart.common.errors import DomainError
from pymart.common.net import client_ip


class EmailTaken(DomainError):
    code = "email_taken"
    message = "This e-mail has an account already. If it is yours, log in or reset the password."
    field = "email"


def register(request: HttpRequest, *, email: str, password: str, full_name: str, phone: str = "") -> User:
    """
    A new buyer, who is owed a welcome mail.

    :raises Throttled, Unavailable, EmailTaken:
    """
    limit, seconds = settings.REGISTER_ATTEMPTS
    throttle.count("register", client_ip(request), limit=limit, seconds=seconds)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, full_name=full_name, phone=phone)
            queue_email(kind="welcome", key=f"welcome:{user.pk}", user=user)
    except IntegrityError as error:
        if User.objects.filter(email=email.strip().lower()).exists():
            raise EmailTaken from error
        raise
    return user
