from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Count, Min, Q, QuerySet, Subquery
from django.forms import model_to_dict
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts import tokens
from accounts.models import Address, Notification, OutboundEmail, SellerProfile, User
from accounts.sessions import SessionStore, device_name
from accounts.signals import personal_data_asked
from accounts.tokens import Claims, InvalidToken

INBOX_SIZE = 50


@dataclass(frozen=True)
class SignedIn:
    device: str
    ip: str | None
    at: datetime | None
    is_this: bool


def addresses_of(user: User) -> QuerySet[Address]:
    """The user's address book, the default first."""
    return Address.objects.filter(user=user)


def seller_of(user: User) -> SellerProfile | None:
    """The user's shop, whatever became of it."""
    return SellerProfile.objects.filter(user=user).first()


def sessions_of(user: User, *, this: str | None) -> list[SignedIn]:
    """Where the user is signed in, `this` session first, then the newest."""
    rows = user.sessions.filter(expire_date__gt=timezone.now()).order_by("-signed_in_at")
    signed_in = [
        SignedIn(device_name(row.user_agent), row.ip, row.signed_in_at, row.session_key == this) for row in rows
    ]
    return sorted(signed_in, key=lambda session: not session.is_this)


def personal_data(user: User) -> dict[str, Any]:
    """
    What is kept about somebody, by what it is, in plain values; each app answers for its own. Left out are secrets, and
    what lives for hours to protect the account.

    :raises Unavailable: carts cannot be read.
    """
    shop = SellerProfile.objects.filter(user=user).select_related("bank_account").first()
    data: dict[str, Any] = {
        "profile": model_to_dict(user, ["email", "full_name", "phone", "role"])
        | {"avatar": user.avatar.name, "date_joined": user.date_joined, "last_login": user.last_login},
        "addresses": list(addresses_of(user).values(*Address.FIELDS, "is_default", "created_at")),
        "devices": list(user.sessions.values("user_agent", "ip", "signed_in_at", "expire_date")),
        "apps": list(OutstandingToken.objects.filter(user=user).order_by("pk").values("created_at", "expires_at")),
        "notifications": list(user.notifications.values("title", "body", "created_at", "read_at")),
        "mails": list(user.emails.order_by("pk").values("kind", "created_at", "sent_at")),
        "shop": _shop_data(shop) if shop else None,
    }
    answers: list[Any] = personal_data_asked.send(sender=User, user=user)
    for _, known in answers:
        data |= known
    return data


def _shop_data(shop: SellerProfile) -> dict[str, Any]:
    bank = getattr(shop, "bank_account", None)
    terms = list(shop.terms.values("version", "accepted_at", "ip"))
    return model_to_dict(shop, exclude=["id", "user"]) | {
        "applied_at": shop.applied_at,
        "bank_account": {name: getattr(bank, name) for name in ("holder", "ifsc", "last4", "changed_at")}
        if bank
        else None,
        "terms": terms,
    }


class _TokenOf(PasswordResetTokenGenerator):
    """Makes the token of a given moment, so that a mail that is composed twice has the same link."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def _now(self) -> datetime:
        return timezone.make_naive(self.moment)


def password_reset_path(user: User, *, asked_at: datetime) -> str:
    """Where the mail of a password reset leads; good for `PASSWORD_RESET_TIMEOUT` seconds from `asked_at`, and once."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("accounts:password-reset-confirm", args=[uid, _TokenOf(asked_at).make_token(user)])


def user_of_session(session_key: str | None) -> User | None:
    """Whose session this is, active or not: for connections that no middleware of Django's sees. Only reads."""
    session = SessionStore(session_key)
    if SESSION_KEY not in session:
        return None
    user = User.objects.filter(pk=session[SESSION_KEY]).first()
    if user is None:
        return None
    known = session.get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user if any(constant_time_compare(known, valid) for valid in hashes) else None


def user_of_claims(claims: Claims) -> User:
    """
    Whose token this is, active or not; password and last log-in are deferred.

    Every request of the API asks this, so its SQL is composed once: the same through a queryset takes three times the
    processor time.

    :raises InvalidToken: the user is gone, or has ended all sessions since.
    """
    columns, sql = _user_query()
    with connection.cursor() as cursor:
        cursor.execute(sql, [claims.user_id])
        row = cursor.fetchone()
    if row is None:
        raise InvalidToken
    user = User.from_db(DEFAULT_DB_ALIAS, columns, row)
    if user.is_active and user.session_version != claims.session_version:
        raise InvalidToken
    return user


def user_of_token(access_token: str) -> User | None:
    """Like `user_of_session`, for connections that show a token."""
    try:
        return user_of_claims(tokens.read(access_token, tokens.ACCESS))
    except InvalidToken:
        return None


@cache
def _user_query() -> tuple[list[str], str]:
    columns = [field.attname for field in User._meta.concrete_fields if field.name not in ("password", "last_login")]
    return columns, f"SELECT {', '.join(columns)} FROM {User._meta.db_table} WHERE id = %s"  # noqa: S608 - our names


def users_found(*, role: str | None = None, is_active: bool | None = None, q: str = "") -> QuerySet[User]:
    """Accounts of that kind; `q` is how the e-mail, or a word of the name, begins."""
    users = User.objects.defer("password", "last_login")
    if role is not None:
        users = users.filter(role=role)
    if is_active is not None:
        users = users.filter(is_active=is_active)
    if q:
        by_name = Q(full_name__istartswith=q) | Q(full_name__icontains=f" {q}")
        users = users.filter(by_name | Q(email__startswith=q.lower()))
    return users


@dataclass(frozen=True)
class Bell:
    unread_count: int
    recent_ids: list[int]


def latest_notifications(user: User, *, after: int = 0) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, pk__gt=after).order_by("-pk")[:INBOX_SIZE]


def notifications_after(user_id: int, after: int) -> list[Notification]:
    """What came after that one, oldest first; the newest of them where there are too many."""
    rows = Notification.objects.filter(user=user_id, pk__gt=after).order_by("-pk")[:INBOX_SIZE]
    return list(rows)[::-1]


def newest_notification_id(user: User) -> int:
    newest = Notification.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def unread_count(user_id: int) -> int:
    return Notification.objects.filter(user=user_id, read_at=None).count()


def bell_of(user: User) -> Bell:
    """What a page shows of the inbox, in one query. Its script ignores pushes of `recent_ids`: the page has those."""
    own = Notification.objects.filter(user=user)
    unread = own.filter(read_at=None).order_by().values("user").annotate(count=Count("pk")).values("count")
    rows = list(own.annotate(unread=Subquery(unread)).order_by("-pk").values_list("pk", "unread")[:10])
    return Bell(unread_count=(rows[0][1] or 0) if rows else 0, recent_ids=[pk for pk, _ in rows])


def emails_given_up() -> Q:
    """
    Mails not sent within the day for which the provider knows their key. A later attempt could be a second mail, so it
    is left to staff.
    """
    return Q(sent_at=None, first_tried_at__lte=timezone.now() - OutboundEmail.KEY_LIFE)


def waiting_emails() -> Q:
    return Q(sent_at=None) & ~emails_given_up()


def email_backlog() -> dict[str, Any]:
    """Mails that are not sent: how many will be, since when, and how many are left to staff."""
    return OutboundEmail.objects.filter(sent_at=None).aggregate(
        waiting=Count("pk", filter=waiting_emails()),
        oldest=Min("created_at", filter=waiting_emails()),
        given_up=Count("pk", filter=emails_given_up()),
    )


def has_second_factor(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def has_shown_second_factor(request: HttpRequest) -> bool:
    """
    Whether this session has, as far as it must: with `STAFF_SECOND_FACTOR` everybody, else who has set one up.

    Asked once per request.
    """
    known: bool | None = getattr(request, "_second_factor_shown", None)
    if known is None:
        user = request.user
        device_id = request.session.get(DEVICE_ID_SESSION_KEY)
        device = Device.from_persistent_id(device_id) if device_id else None
        if device is not None and device.user_id == user.pk and device.confirmed:
            known = True
        else:
            known = not settings.STAFF_SECOND_FACTOR and not has_second_factor(user)  # type: ignore[arg-type]  # staff are logged in
        request._second_factor_shown = known  # type: ignore[attr-defined]
    return known
