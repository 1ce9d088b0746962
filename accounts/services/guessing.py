"""
How often a password or a code may be tried, so that nobody guesses one, and nobody is shut out by the guesses of
another.

A browser with which the account was entered before has a count of its own. All others are strangers: counted by their
address, by address and account, and all of them together by account. So what strangers try uses up what strangers have.
"""

from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from accounts.devices import account_name, device_of
from pymart.common import redis, throttle
from pymart.common.errors import Unavailable
from pymart.common.net import client_ip

LOGIN, SECOND_FACTOR = "login", "second-factor"
ADDRESS_KNOWN = 30 * 24 * 3600  # seconds after an account was entered from it


@dataclass(frozen=True)
class Attempt:
    kind: str
    account: str
    address: str
    device: str | None

    @property
    def pair(self) -> str:
        return f"{self.account}:{self.device or self.address}"

    def succeeded(self) -> None:
        """No longer count this account's failed attempts from here. Attempts on other accounts stay counted."""
        count = throttle.reset(self._pair_scope, self.pair)
        if self.device is None:
            throttle.take_back(self.kind, self.address, count)
            throttle.take_back(f"{self.kind}-strangers", self.account, count)
        redis.command("SET", self._address_key, 1, "EX", ADDRESS_KNOWN)

    def _count(self) -> None:
        limits = settings.GUESSES[self.kind]
        if self.device is not None:
            self._take(self._pair_scope, self.pair, limits["device"])
            return
        if "address" in limits:
            self._take(self.kind, self.address, limits["address"])
        self._take(self._pair_scope, self.pair, limits["pair"])
        if not redis.command("EXISTS", self._address_key):
            self._take(f"{self.kind}-strangers", self.account, limits["strangers"])

    @staticmethod
    def _take(scope: str, who: str, limit: tuple[int, int]) -> None:
        throttle.count(scope, who, limit=limit[0], seconds=limit[1])

    @property
    def _pair_scope(self) -> str:
        return f"{self.kind}-{'device' if self.device else 'pair'}"

    @property
    def _address_key(self) -> str:
        return redis.key("entered", self.kind, self.account, self.address)


def count_attempt(request: HttpRequest, *, email: str, kind: str = LOGIN) -> Attempt:
    """
    Before anything is looked at: known and unknown e-mails are counted alike.

    :raises Throttled, Unavailable:
    """
    account = account_name(email)
    attempt = Attempt(kind, account, client_ip(request), device_of(request, account))
    attempt._count()
    return attempt


def forget_strangers(email: str) -> None:
    """After a new password: earlier guesses say nothing about it, and they must not keep its owner out."""
    with suppress(Unavailable):
        throttle.reset(f"{LOGIN}-strangers", account_name(email))
