"""Keys are changed without shutting anybody out: the old one counts for a while, and then for nothing."""

import hashlib
import hmac
import time

import jwt
import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import SellerBankAccount
from accounts.services import issue_tokens
from payments.services import receive_event
from payments.services.webhooks import gateway
from pymart.common.crypto import reencrypt
from tests.factories import make_seller, make_user

pytestmark = pytest.mark.django_db

NEXT = "the-next-one-the-next-one-the-next-one-the-next-one"
ME = "/api/v1/auth/me"


def status_with(token: str) -> int:
    return Client().get(ME, headers={"Authorization": f"Bearer {token}"}).status_code


def test_sessions_outlive_a_new_secret_key_and_end_with_the_old_one(client, settings):
    """Who comes while both count goes on under the new one."""
    client.force_login(make_user())
    away = Client()
    away.force_login(make_user())
    before, settings.SECRET_KEY = settings.SECRET_KEY, NEXT
    settings.SECRET_KEY_FALLBACKS = [before]
    assert client.get(reverse("accounts:profile")).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert away.get(reverse("accounts:profile")).status_code == 302


def test_tokens_outlive_a_new_key_until_they_expire_or_the_old_key_goes(settings):
    token = issue_tokens(make_user()).access_token
    settings.JWT_KEYS = [NEXT, *settings.JWT_KEYS]
    assert status_with(token) == 200
    settings.JWT_KEYS = [NEXT]
    assert status_with(token) == 401


@pytest.mark.parametrize("secret", ["current", "previous"])
def test_webhooks_signed_with_either_secret_are_taken(settings, secret):
    settings.RAZORPAY_WEBHOOK_SECRET, settings.RAZORPAY_WEBHOOK_SECRET_PREVIOUS = "current", "previous"
    body = b'{"event": "invoice.paid", "payload": {}}'
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert receive_event(body=body, signature=signature, event_id="evt_1")


@pytest.mark.parametrize("previous", ["", "previous"])
def test_no_secret_at_all_signs_nothing(settings, previous):
    settings.RAZORPAY_WEBHOOK_SECRET, settings.RAZORPAY_WEBHOOK_SECRET_PREVIOUS = "current", previous
    body = b'{"event": "invoice.paid", "payload": {}}'
    for secret in ("", "another"):
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        with pytest.raises(gateway.BadSignature):
            receive_event(body=body, signature=signature, event_id="evt_1")


def test_what_is_encrypted_is_encrypted_anew_and_the_old_key_can_go(settings, capsys):
    for number in range(3):
        SellerBankAccount.objects.create(
            seller=make_seller(),
            holder="Asha Rao",
            ifsc="HDFC0000001",
            number=f"5010012345{number}",
            last4=f"345{number}",
        )
    changed = SellerBankAccount.objects.first().changed_at
    settings.DATA_KEYS = [Fernet.generate_key().decode(), *settings.DATA_KEYS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM accounts_sellerbankaccount")
        before = {row[0] for row in cursor.fetchall()}

    call_command("reencrypt")

    assert "accounts.SellerBankAccount: 3 rows" in capsys.readouterr().out
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    accounts = SellerBankAccount.objects.order_by("pk")
    assert [account.number for account in accounts] == ["50100123450", "50100123451", "50100123452"]
    assert accounts[0].changed_at == changed
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM accounts_sellerbankaccount")
        assert before.isdisjoint(row[0] for row in cursor.fetchall())


def test_many_rows_are_taken_in_turns(settings):
    for _ in range(5):
        SellerBankAccount.objects.create(
            seller=make_seller(), holder="Asha Rao", ifsc="HDFC0000001", number="50100123451", last4="3451"
        )
    assert reencrypt(SellerBankAccount, at_once=2) == 5


@pytest.mark.parametrize("algorithm", ["none", "HS512", "HS256"])
def test_tokens_signed_otherwise_count_for_nothing(algorithm):
    user = make_user()
    now = int(time.time())
    claims = {"sub": str(user.pk), "sv": 0, "jti": "x", "iat": now, "exp": now + 600, "token_type": "access"}
    key = None if algorithm == "none" else "a-key-of-somebody-else-" * 4
    assert status_with(jwt.encode(claims, key, algorithm=algorithm)) == 401
