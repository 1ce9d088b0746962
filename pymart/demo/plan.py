"""
Sixty days of trade, thought up before anything is written.

Nothing here touches the database. The same shop comes out every time, moved to end today.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pymart.demo.content import Listing, Offer, dice
from pymart.demo.people import BUYERS, Buyer, Place
from pymart.demo.words import Words

DAYS = 60
ORDERS = 680
CARRIERS = ("Bharat Parcel", "Garuda Express", "Vayu Logistics", "India Post")


class Fate(StrEnum):
    """Where an order stands today; `ALONG` means as far as its age takes it."""

    ALONG = "along"
    PENDING = "pending"
    PAID = "paid"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"

    @property
    def is_cancelled(self) -> bool:
        return self in {Fate.EXPIRED, Fate.CANCELLED, Fate.REFUNDED, Fate.REFUND_FAILED}

    @property
    def is_paid(self) -> bool:
        return self not in {Fate.PENDING, Fate.EXPIRED, Fate.CANCELLED}


STEPS = (Fate.PAID, Fate.PROCESSING, Fate.SHIPPED, Fate.DELIVERED)

# What the demo buyer finds in "my orders", as (days ago, fate): every state once at least.
OF_THE_DEMO_BUYER = (
    (53.2, Fate.DELIVERED),
    (38.4, Fate.DELIVERED),
    (29.1, Fate.REFUNDED),
    (21.7, Fate.DELIVERED),
    (13.3, Fate.EXPIRED),
    (9.6, Fate.CANCELLED),
    (3.4, Fate.SHIPPED),
    (1.3, Fate.PROCESSING),
    (0.2, Fate.PAID),
    (0.004, Fate.PENDING),
)


@dataclass(frozen=True)
class Line:
    listing: Listing
    offer: Offer
    quantity: int
    price: Decimal

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


@dataclass
class Part:
    """What one seller sends: when it made which step, and with whom it travels."""

    seller: str
    lines: list[Line]
    steps: dict[Fate, datetime]
    carrier: str
    tracking_number: str

    @property
    def status(self) -> Fate:
        return list(self.steps)[-1] if self.steps else Fate.PENDING


@dataclass
class Sale:
    """An order to be."""

    index: int
    buyer: Buyer
    place: Place
    placed_at: datetime
    fate: Fate
    parts: list[Part] = field(default_factory=list)
    failed_before: bool = False
    ended_at: datetime | None = None
    """When it was cancelled."""

    @property
    def paid_at(self) -> datetime | None:
        return min((part.steps[Fate.PAID] for part in self.parts if Fate.PAID in part.steps), default=None)


@dataclass(frozen=True)
class Opinion:
    listing: Listing
    buyer: Buyer
    rating: int
    title: str
    body: str
    at: datetime
    is_verified: bool
    voters: tuple[Buyer, ...]


def born_at(listing: Listing, now: datetime) -> datetime:
    """One in seven is new this fortnight; the rest was there before the sixty days began."""
    rng = dice("born", listing.slug)
    days = rng.uniform(0.5, 12) if rng.random() < 1 / 7 else rng.uniform(DAYS + 3, 240)
    return now - timedelta(days=days)


def price_before(listing: Listing, offer: Offer) -> Decimal | None:
    """What it cost before the price came down this month."""
    if not listing.drop:
        return None
    old = (offer.price * 100 / (100 - listing.drop)).quantize(Decimal(1), ROUND_HALF_UP)
    old = min(old - old % 10 + 9 if old > 300 else old, offer.mrp)
    return old if old > offer.price else None


def dropped_at(listing: Listing, now: datetime) -> datetime:
    days = dice("drop", listing.slug).uniform(1, 20)
    return max(now - timedelta(days=days), born_at(listing, now) + timedelta(hours=5))


def price_at(listing: Listing, offer: Offer, when: datetime, now: datetime) -> Decimal:
    old = price_before(listing, offer)
    return old if old and when < dropped_at(listing, now) else offer.price


# -- orders ---------------------------------------------------------------------------------------


def sales(listings: Sequence[Listing], now: datetime) -> list[Sale]:
    rng = dice("sales")
    weights = [dice("liked", listing.slug).lognormvariate(0, 0.9) for listing in listings]
    born = [born_at(listing, now) for listing in listings]
    planned = []
    for index, (buyer, days_ago, fate) in enumerate(_occasions(rng)):
        placed = now - timedelta(days=days_ago)
        sale = Sale(index, buyer, rng.choice(buyer.places), placed, fate, failed_before=rng.random() < 0.07)
        there = [weight if birth < placed else 0 for weight, birth in zip(weights, born, strict=True)]
        lines = _lines(rng, listings, there, sale, now)
        _travel(rng, sale, lines, now)
        planned.append(sale)
    return sorted(planned, key=lambda sale: sale.placed_at)


def _occasions(rng: random.Random) -> Iterator[tuple[Buyer, float, Fate]]:
    demo, others = BUYERS[0], BUYERS[1:]
    for days_ago, fate in OF_THE_DEMO_BUYER:
        yield demo, days_ago, fate
    fates = [Fate.ALONG, Fate.EXPIRED, Fate.CANCELLED, Fate.REFUNDED]
    for _ in range(ORDERS - len(OF_THE_DEMO_BUYER)):
        days_ago = DAYS * (1 - rng.random() ** 0.62) + 0.15  # trade grows
        [fate] = rng.choices(fates, [88, 5, 3, 4])
        yield rng.choice(others), days_ago, fate
    yield rng.choice(others), 6.5, Fate.REFUND_FAILED


def _lines(
    rng: random.Random, listings: Sequence[Listing], weights: list[float], sale: Sale, now: datetime
) -> list[Line]:
    [count] = rng.choices([1, 2, 3, 4], [34, 33, 22, 11])
    lines: dict[str, Line] = {}
    while len(lines) < count:
        [listing] = rng.choices(listings, weights)
        offer = rng.choice(listing.offers)
        if sale.fate.is_cancelled and offer.stock < 8:
            continue  # its stock comes back later: there must have been enough meanwhile
        quantity = 1 if offer.price > 700 else rng.choices([1, 2, 3], [70, 22, 8])[0]
        lines[listing.slug] = Line(listing, offer, quantity, price_at(listing, offer, sale.placed_at, now))
    return list(lines.values())


def _travel(rng: random.Random, sale: Sale, lines: list[Line], now: datetime) -> None:
    by_seller: dict[str, list[Line]] = {}
    for line in lines:
        by_seller.setdefault(line.listing.seller, []).append(line)
    paid_at = sale.placed_at + timedelta(seconds=rng.uniform(70, 700))
    for seller, theirs in sorted(by_seller.items()):
        times = _times(rng, paid_at)
        steps = _steps(sale.fate, times, now) if sale.fate.is_paid else {}
        tracking = f"{rng.choice('BGVI')}{rng.randrange(10**9, 10**10)}IN"
        sale.parts.append(Part(seller, theirs, steps, rng.choice(CARRIERS), tracking))
    if sale.fate == Fate.EXPIRED:
        sale.ended_at = sale.placed_at + timedelta(minutes=30, seconds=rng.uniform(5, 55))
    elif sale.fate.is_cancelled:
        begun = paid_at if sale.fate.is_paid else sale.placed_at
        sale.ended_at = begun + timedelta(minutes=rng.uniform(6, 22 if not sale.fate.is_paid else 600))


def _times(rng: random.Random, paid_at: datetime) -> dict[Fate, datetime]:
    packed = paid_at + timedelta(hours=rng.uniform(2, 22))
    sent = packed + timedelta(hours=rng.uniform(4, 30))
    arrived = sent + timedelta(days=rng.uniform(1.4, 5.2))
    return dict(zip(STEPS, (paid_at, packed, sent, arrived), strict=True))


def _steps(fate: Fate, times: dict[Fate, datetime], now: datetime) -> dict[Fate, datetime]:
    """The steps made until today; a fate that names one stops there, hurrying if it must."""
    if fate.is_cancelled:
        return {Fate.PAID: times[Fate.PAID]}
    if fate == Fate.ALONG:
        return {step: at for step, at in times.items() if at < now} or {Fate.PAID: min(times[Fate.PAID], now)}
    made = STEPS[: STEPS.index(fate) + 1]
    latest = now - timedelta(minutes=7)
    begin = times[Fate.PAID]
    squeeze = min(1.0, (latest - begin) / max(times[fate] - begin, timedelta(seconds=1)))
    return {step: begin + (times[step] - begin) * squeeze for step in made}


# -- reviews --------------------------------------------------------------------------------------


def opinions(trade: Sequence[Sale], listings: Sequence[Listing], now: datetime) -> list[Opinion]:
    """Six in ten who received something write about it, and some write who did not buy here."""
    rng, words, found = dice("opinions"), Words(), {}
    bought = {(line.listing.slug, sale.buyer.email) for sale in trade for part in sale.parts for line in part.lines}
    for sale in trade:
        for part in sale.parts:
            arrived = part.steps.get(Fate.DELIVERED)
            for line in part.lines if arrived else ():
                at = arrived + timedelta(days=rng.uniform(0.4, 9))
                wants = rng.random() < (0.2 if sale.buyer is BUYERS[0] else 0.7)
                if wants and at < now:
                    found.setdefault((line.listing.slug, sale.buyer.email), (line.listing, sale.buyer, at, True))
    for _ in range(len(listings)):
        listing, buyer = rng.choice(listings), rng.choice(BUYERS[2:])
        at = now - (now - born_at(listing, now)) * rng.random() * 0.7
        if (listing.slug, buyer.email) not in bought:
            found.setdefault((listing.slug, buyer.email), (listing, buyer, at, False))
    written = []
    for listing, buyer, at, is_verified in sorted(found.values(), key=lambda entry: entry[2]):
        if (text := words.about(listing)) is None:
            continue
        others = [other for other in BUYERS if other is not buyer]
        votes = min(len(others), int(rng.expovariate(0.55)) if len(text[2]) > 60 else 0)
        written.append(Opinion(listing, buyer, *text, at, is_verified, tuple(rng.sample(others, votes))))
    return written
