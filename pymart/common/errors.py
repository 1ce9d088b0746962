"""What can go wrong by the rules of the shop, as opposed to a bug."""

from typing import NamedTuple


class Part(NamedTuple):
    """One thing that is wrong; programs read `code`, people `detail`."""

    code: str
    detail: str
    field: str | None


class DomainError(Exception):
    """
    A refusal that a person can understand.

    Subclasses live in the module that raises them and set `code` (for programs), `status` (HTTP) and `message` (for
    people). `field` names the form field the error belongs to, where there is one.
    """

    code = "error"
    status = 409
    message = "That did not work."
    field: str | None = None

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)

    def parts(self) -> list[Part]:
        """What is wrong, one by one; more than one where a refusal names several things at once."""
        return [Part(self.code, str(self), self.field)]


class Throttled(DomainError):
    code = "throttled"
    status = 429
    message = "Too many attempts. Please try again in 30 seconds."  # for the schema; each says its own seconds

    def __init__(self, retry_after: int, *, limit: int | None = None) -> None:
        self.retry_after, self.limit = retry_after, limit
        wait = f"{retry_after} seconds" if retry_after <= 90 else f"{-(-retry_after // 60)} minutes"
        super().__init__(f"Too many attempts. Please try again in {wait}.")

    def headers(self) -> dict[str, str]:
        """When to come back, for programs."""
        rate = {} if self.limit is None else rate_headers(self.limit, 0, self.retry_after)
        return {"Retry-After": str(self.retry_after), **rate}


def rate_headers(limit: int, remaining: int, reset: int) -> dict[str, str]:
    """How many requests are left of so many, and the seconds until they are counted anew."""
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(remaining), "RateLimit-Reset": str(reset)}


class NotAllowed(DomainError):
    """The caller may see the object, but not do this to it."""

    code = "permission_denied"
    status = 403
    message = "You do not have permission to perform this action."


class Unavailable(DomainError):
    """A part that this needs does not answer; trying again later is sensible."""

    code = "service_unavailable"
    status = 503
    message = "This part of the shop does not answer at the moment. Please try again in a minute."
