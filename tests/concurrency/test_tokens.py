"""A refresh token is exchanged once, however many try at the same time."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts import services
from accounts.services import tokens
from tests.factories import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

AT_ONCE = 8


def naive_spend(jti: str) -> bool:
    """The control: first look, then write."""
    outstanding = OutstandingToken.objects.get(jti=jti)
    if BlacklistedToken.objects.filter(token=outstanding).exists():
        return False
    time.sleep(0.1)
    BlacklistedToken.objects.bulk_create([BlacklistedToken(token=outstanding)], ignore_conflicts=True)
    return True


def exchange(refresh_token: str) -> Counter[str]:
    answers: list[str] = []
    start = threading.Barrier(AT_ONCE)

    def work() -> None:
        start.wait()
        try:
            services.refresh_tokens(refresh_token=refresh_token)
            answers.append("new pair")
        except services.InvalidToken as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return Counter(answers)


def test_one_of_many_exchanges_wins():
    pair = services.issue_tokens(make_user())
    assert exchange(pair.refresh_token) == {"new pair": 1, "token_not_valid": AT_ONCE - 1}
    assert (OutstandingToken.objects.count(), BlacklistedToken.objects.count()) == (2, 1)


def test_a_naive_exchange_shows_that_they_do_meet(monkeypatch):
    monkeypatch.setattr(tokens, "_spend", naive_spend)
    pair = services.issue_tokens(make_user())
    assert exchange(pair.refresh_token)["new pair"] > 1
