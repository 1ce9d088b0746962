"""
What mails say. Each kind has a composer, which gets the user and the row's params when the mail is sent, not when it
is queued. Other apps add theirs with `accounts.services.composer`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import selectors
from accounts.mailer import KEY_HEADER
from accounts.models import OutboundEmail, SellerProfile, SellerStatus, User


@dataclass(frozen=True)
class Mail:
    """`template` names `templates/emails/<template>.html` and `.txt`."""

    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


Params = dict[str, Any]
Composer = Callable[[User, Params], Mail]
_composers: dict[str, Composer] = {}


def composer(kind: str) -> Callable[[Composer], Composer]:
    """Decorator: this function writes mails of that kind."""

    def register(function: Composer) -> Composer:
        if kind in _composers:
            raise ValueError(f"Two composers for {kind}")
        _composers[kind] = function
        return function

    return register


def require_composer(kind: str) -> None:
    """:raises LookupError: when nobody writes mails of that kind."""
    if kind not in _composers:
        raise LookupError(f"No composer writes {kind}")


def compose(row: OutboundEmail) -> EmailMultiAlternatives:
    """
    The mail as it is to be sent.

    :raises LookupError: see `require_composer`.
    """
    require_composer(row.kind)
    mail = _composers[row.kind](row.user, row.params)
    context = {
        "user": row.user,
        "site": {**settings.MARKETPLACE, "url": settings.SITE_URL},
        "subject": mail.subject,
        **mail.context,
    }
    message = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=render_to_string(f"emails/{mail.template}.txt", context).strip() + "\n",
        to=[row.user.email],
        reply_to=[settings.MARKETPLACE["support_email"]],
        headers={KEY_HEADER: row.key, "Date": format_datetime(timezone.localtime(row.created_at))},
    )
    message.attach_alternative(render_to_string(f"emails/{mail.template}.html", context), "text/html")
    return message


@composer("welcome")
def welcome(user: User, params: Params) -> Mail:
    return Mail(f"Welcome to {settings.MARKETPLACE['name']}, {user.get_short_name()}", "welcome")


@composer("password-reset")
def password_reset(user: User, params: Params) -> Mail:
    """The link is made now: a mail that had to wait must not bring one that has expired."""
    path = selectors.password_reset_path(user, asked_at=timezone.now())
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return Mail("Choose a new password", "password_reset", {"link": f"{settings.SITE_URL}{path}", "hours": hours})


@composer("seller-decision")
def seller_decision(user: User, params: Params) -> Mail:
    """About the decision in the params, even if staff have changed it since."""
    seller = SellerProfile.objects.get(pk=params["seller"])
    subject, template = {
        SellerStatus.APPROVED: (f"{seller.shop_name} is approved", "seller_approved"),
        SellerStatus.REJECTED: (f"Your application for {seller.shop_name}", "seller_rejected"),
        SellerStatus.SUSPENDED: (f"{seller.shop_name} is suspended", "seller_suspended"),
    }[SellerStatus(params["status"])]
    return Mail(subject, template, {"seller": seller, "reason": params["reason"]})
