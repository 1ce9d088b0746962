"""
The second factor of staff: a code of an authenticator app, or a recovery code where the phone is gone. Which session
has shown one is kept in the session.
"""

import base64
import hashlib
import secrets

from django.db import transaction
from django.http import HttpRequest
from django_otp import login as note_in_session
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.devices import remember_device
from accounts.models import User
from accounts.services.guessing import SECOND_FACTOR, Attempt, count_attempt
from accounts.services.login import sign_out_everywhere
from accounts.services.users import OwnAccount
from pymart.common.errors import DomainError

RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits: nobody guesses one from what the database keeps of it


class WrongCode(DomainError):
    code = "wrong_code"
    status = 400
    message = "This code is not right, or was used before. Please take the one that the app shows now."
    field = "code"


def second_factor_to_set_up(*, user: User) -> TOTPDevice:
    """An app that is to be connected; nothing depends on it until it has shown a code."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "Authenticator app"})
    return device


@transaction.atomic
def connect_app(request: HttpRequest, *, user: User, code: str) -> list[str]:
    """
    The app that was to be connected shows a code: from now on it is the user's only one. Answers new recovery codes.

    :raises Throttled, Unavailable, WrongCode:
    """
    attempt = _count(request, user)
    device = second_factor_to_set_up(user=user)
    if not device.verify_token(_plain(code)):
        raise WrongCode
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    attempt.succeeded()
    _shown(request, user, device)
    return new_recovery_codes(user=user)


def show_second_factor(request: HttpRequest, *, user: User, code: str) -> None:
    """
    Check the code and note in the session that it was shown.

    :raises Throttled, Unavailable, WrongCode:
    """
    _shown(request, user, check_second_factor(request, user=user, code=code))


def check_second_factor(request: HttpRequest, *, user: User, code: str) -> Device:
    """
    The device that the code belongs to: the app or the recovery codes. Each code works once.

    :raises Throttled, Unavailable, WrongCode:
    """
    attempt = _count(request, user)
    typed = _plain(code)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)  # the same code sent twice at once
        device: Device | None
        if typed.isdigit():
            device, token = TOTPDevice.objects.filter(user=user, confirmed=True).first(), typed
        else:
            device, token = StaticDevice.objects.filter(user=user).first(), _digest(user, typed)
        if device is None or not device.verify_token(token):
            raise WrongCode
    attempt.succeeded()
    return device


@transaction.atomic
def new_recovery_codes(*, user: User) -> list[str]:
    """The old ones are void. Only digests are kept, so this is the one moment to read them."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(user, code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


@transaction.atomic
def forget_second_factor(*, user: User, by: User | None) -> None:
    """
    For somebody who lost phone and codes: they set it up anew when they log in next.

    :param by: nobody, from the shell of the machine.
    :raises OwnAccount: one's own is replaced by showing it.
    """
    if by is not None and user.pk == by.pk:
        raise OwnAccount
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    sign_out_everywhere(user=user)


def _count(request: HttpRequest, user: User) -> Attempt:
    return count_attempt(request, email=user.email, kind=SECOND_FACTOR)


def _plain(code: str) -> str:
    return code.replace(" ", "").replace("-", "").upper()


def _digest(user: User, code: str) -> str:
    return base64.b32encode(hashlib.sha256(f"{user.pk}:{code}".encode()).digest()).decode()[:16]


def _shown(request: HttpRequest, user: User, device: Device) -> None:
    request.session.cycle_key()
    remember_device(request, user.email)
    note_in_session(request, device)
