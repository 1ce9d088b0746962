from dataclasses import dataclass


@dataclass(frozen=True)
class Drift:
    """Books that do not agree: what they say and what they should."""

    what: str
    found: object
    expected: object

    def __str__(self) -> str:
        return f"{self.what}: {self.found} instead of {self.expected}"
