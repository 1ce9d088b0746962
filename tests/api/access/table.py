from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from tests.api.world import World

Arrange = Callable[[World, User], None]
Body = Mapping[str, Any] | Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Rule:
    """
    An endpoint, and the status that each kind of caller gets.

    In `path`, names in braces are those of `World.ids`. `arrange` prepares what the request needs of its caller, such
    as a full cart. `multipart` sends the body as a form.
    """

    method: str
    path: str
    anonymous: int
    buyer: int
    other_buyer: int
    seller: int
    other_seller: int
    admin: int
    inactive: int = 401
    body: Body | None = None
    multipart: bool = False
    arrange: Arrange | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def expected(self) -> dict[str, int]:
        """The status by the name of the caller, as in `World.actors`."""
        names = ("anonymous", "buyer", "other_buyer", "seller", "other_seller", "admin", "inactive")
        return {name: getattr(self, name) for name in names}


def public(method: str, path: str, status: int = 200, **fields: Any) -> Rule:
    """Open to anyone; only a token that does not count is refused."""
    return Rule(method, path, status, status, status, status, status, status, **fields)


def members(method: str, path: str, status: int = 200, **fields: Any) -> Rule:
    """Open to whoever is logged in, about their own things."""
    return Rule(method, path, 401, status, status, status, status, status, **fields)


def admins(method: str, path: str, status: int = 200, **fields: Any) -> Rule:
    return Rule(method, path, 401, 403, 403, 403, 403, status, **fields)
