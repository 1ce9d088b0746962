import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.signals import account_erased, personal_data_asked
from cart import selectors, services
from pymart.common.db import after_commit
from pymart.common.errors import Unavailable

log = logging.getLogger(__name__)


@receiver(user_logged_in)
def merge_guest_cart(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """What was put into the cart before logging in comes along. A login does not fail for it."""
    token = request.COOKIES.get(services.GUEST_COOKIE, "") if request else ""
    if not services.is_guest_token(token):
        return
    try:
        services.merge_guest_cart(guest=f"guest:{token}", user_id=user.pk)
    except Unavailable:
        log.warning("guest cart of user %s was not merged: no Redis", user.pk)


@receiver(personal_data_asked)
def tell_cart(user: User, **kwargs: Any) -> dict[str, Any]:
    owner = str(user.pk)
    cart, saved = services.get_cart(owner, mend=False), selectors.saved_for_later(owner)
    return {
        "cart": [{"product": line.offer.name, "quantity": line.quantity} for line in cart.lines],
        "saved_for_later": [offer.name for offer in saved],
    }


@receiver(account_erased)
def forget_carts(user: User, **kwargs: Any) -> None:
    after_commit(services.forget_carts, str(user.pk))
