"""A circuit breaker that all processes share: what fails again and again is left alone for a while."""

from collections.abc import Callable
from typing import TypeVar

from pymart.common import redis
from pymart.common.errors import Unavailable

R = TypeVar("R")
_FORGOTTEN = 600  # seconds without a try, after which former failures say nothing any more


class Open(Exception):
    """Nothing was tried."""


class Breaker:
    """
    After so many failures in a row nobody tries for so many seconds; then one does, and the rest go by how that ends.

    Without Redis it is always closed.
    """

    def __init__(
        self, name: str, *, counted: tuple[type[Exception], ...], failures: int = 3, seconds: int = 30
    ) -> None:
        self.name, self.counted, self.most, self.seconds = name, counted, failures, seconds

    def call(self, function: Callable[..., R], *args: object) -> R:
        """
        :raises Open:
        :raises Exception: whatever the function does.
        """
        failures = int(self._ask("GET", self._failures) or 0)
        if failures >= self.most and not self._take_the_probe():
            raise Open
        try:
            answer = function(*args)
        except self.counted:
            self._count()
            raise
        if failures:
            self._ask("DEL", self._failures, self._wait)
        return answer

    def _take_the_probe(self) -> bool:
        return bool(self._ask("SET", self._wait, 1, "NX", "EX", self.seconds))

    def _count(self) -> None:
        failures = int(self._ask("INCR", self._failures) or 0)
        self._ask("EXPIRE", self._failures, _FORGOTTEN)
        if failures >= self.most:
            self._ask("SET", self._wait, 1, "EX", self.seconds)

    @property
    def _failures(self) -> str:
        return redis.key("breaker", self.name, "failures")

    @property
    def _wait(self) -> str:
        return redis.key("breaker", self.name, "wait")

    def _ask(self, *command: str | int) -> bytes | int | None:
        try:
            answer: bytes | int | None = redis.command(*command)
        except Unavailable:
            return None
        return answer
