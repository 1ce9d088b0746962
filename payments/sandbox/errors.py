"""The gateway's error answers, word for word."""

from dataclasses import dataclass, field
from typing import Any

ORDER_IS_PAID = (
    "Your payment has been declined as the order is already paid. Please initiate the payment with a new order."
)
PAYMENT_IN_PROGRESS = (
    "Your payment has been declined as another payment on this order is already authorized. "
    "Please wait until it is captured or refunded."
)


@dataclass
class GatewayError(Exception):
    """An answer of the gateway that is not 2xx."""

    description: str
    status: int = 400
    code: str = "BAD_REQUEST_ERROR"
    field_name: str = ""
    source: str = "business"
    step: str = "payment_initiation"
    reason: str = "input_validation_failed"
    metadata: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.description

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {
            "code": self.code,
            "description": self.description,
            "source": self.source,
            "step": self.step,
            "reason": self.reason,
            "metadata": self.metadata,
        }
        if self.field_name:
            error["field"] = self.field_name
        return {"error": error}


def refused(description: str, *, status: int = 400) -> GatewayError:
    """An error that belongs to no field: the gateway says NA where it knows nothing more."""
    return GatewayError(description, status=status, source="NA", step="NA", reason="NA")


def invalid(description: str, field_name: str) -> GatewayError:
    return GatewayError(description, field_name=field_name)


def unauthenticated() -> GatewayError:
    return refused("Authentication failed", status=401)


def unknown_url() -> GatewayError:
    return refused("The requested URL was not found on the server.")


def unknown_id() -> GatewayError:
    return refused("The id provided does not exist")


def malformed_id(value: str) -> GatewayError:
    return refused(f"{value} is not a valid id")


def unexpected_fields(names: list[str]) -> GatewayError:
    return refused(f"{', '.join(names)} is/are not required and should not be sent")
