import secrets
import string

ALPHABET = string.ascii_letters + string.digits
LENGTH = 14


def new_id(prefix: str = "") -> str:
    """`pay_N8FVRD1DzYzBh1`: the gateway's ids are a prefix and 14 case-sensitive alphanumerics."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_id(value: str, prefix: str) -> bool:
    tail = value.removeprefix(prefix)
    return value.startswith(prefix) and len(tail) == LENGTH and all(char in ALPHABET for char in tail)


def order_id() -> str:
    return new_id("order_")


def payment_id() -> str:
    return new_id("pay_")


def refund_id() -> str:
    return new_id("rfnd_")


def card_id() -> str:
    return new_id("card_")


def event_id() -> str:
    return new_id()


def session_id() -> str:
    """Knowing it is the only key to a checkout page, so it is longer than a public id."""
    return secrets.token_urlsafe(24)
