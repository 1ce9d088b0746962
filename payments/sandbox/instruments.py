"""Ways to pay on the test checkout, and what the test cards do."""

from dataclasses import dataclass, field
from typing import Any

from payments.sandbox import ids


@dataclass(frozen=True)
class Instrument:
    method: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TestCard:
    network: str
    kind: str = "credit"
    issuer: str = "HDFC"
    failure: str = ""

    __test__ = False


TEST_CARDS: dict[str, TestCard] = {
    "4100280000001007": TestCard("Visa"),
    "5500670000001002": TestCard("MasterCard"),
    "6527658900001005": TestCard("RuPay", "debit", "SBIN"),
    "36082800091007": TestCard("Diners Club"),
    "340256000401007": TestCard("American Express"),
    "4100280000090000": TestCard("Visa", failure="payment_timed_out"),
    "4100280000080001": TestCard("Visa", failure="insufficient_funds"),
    "4100280000070002": TestCard("Visa", failure="payment_cancelled"),
    "4100280000060003": TestCard("Visa", failure="card_declined"),
    "4100280000030006": TestCard("Visa", failure="card_disabled_for_online_payments"),
    "4100280000010008": TestCard("Visa", failure="card_number_invalid"),
    "4100280000020007": TestCard("Visa", failure="gateway_technical_error"),
    "4100280000000009": TestCard("Visa", failure="authentication_failed"),
}

UPI_APPROVES, UPI_DECLINES, UPI_ASKS = "success@razorpay", "failure@razorpay", "ask@razorpay"
VPAS = {
    UPI_APPROVES: "Approves",
    UPI_DECLINES: "Declines",
    UPI_ASKS: "Asks you first",
}

BANKS = {
    "HDFC": "HDFC Bank",
    "ICIC": "ICICI Bank",
    "SBIN": "State Bank of India",
    "UTIB": "Axis Bank",
    "KKBK": "Kotak Mahindra Bank",
    "PUNB_R": "Punjab National Bank",
}


def upi(vpa: str = UPI_APPROVES) -> Instrument:
    return Instrument("upi", {"vpa": vpa})


def netbanking(bank: str) -> Instrument:
    return Instrument("netbanking", {"bank": bank})


def card(number: str) -> Instrument:
    known = TEST_CARDS[number]
    details = {
        "id": ids.card_id(),
        "entity": "card",
        "name": "",
        "last4": number[-4:],
        "network": known.network,
        "type": known.kind,
        "issuer": known.issuer,
        "international": False,
        "emi": False,
        "sub_type": "consumer",
    }
    return Instrument("card", {"card": details, "failure": known.failure})
