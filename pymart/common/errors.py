"""What can go wrong by the rules of the shop, as opposed to a bug."""


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


class Throttled(DomainError):
    code = "throttled"
    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        wait = f"{retry_after} seconds" if retry_after <= 90 else f"{-(-retry_after // 60)} minutes"
        super().__init__(f"Too many attempts. Please try again in {wait}.")


class Unavailable(DomainError):
    """A part that this needs does not answer; trying again later is sensible."""

    code = "service_unavailable"
    status = 503
    message = "This part of the shop does not answer at the moment. Please try again in a minute."
