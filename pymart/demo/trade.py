"""Writes orders with all that belongs to them: stock movements, payments, refunds, events, notifications."""

import random
import string
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.apps import apps
from django.conf import settings
from django.urls import reverse

from accounts.models import Notification, NotificationType, SellerProfile, User
from catalog.models import StockMovement, StockReason, Variant
from orders.models import NUMBER_ALPHABET, Order, OrderEvent, OrderItem, SellerOrder
from orders.services import issue_invoice
from orders.states import OrderStatus, PaymentStatus, overall
from payments.models import Payment, PaymentState, Refund, RefundReason, RefundStatus
from pymart.demo.content import SEED, dice
from pymart.demo.plan import STEPS, Fate, Part, Sale
from pymart.demo.rows import insert

NAMESPACE = uuid.UUID("9a0c6f3e-5d0b-4a51-8f2f-20261122cafe")
ALNUM = string.ascii_letters + string.digits
REASONS = {
    Fate.EXPIRED: "It was not paid in time.",
    Fate.CANCELLED: "Changed my mind.",
    Fate.REFUNDED: "Found a different size elsewhere.",
    Fate.REFUND_FAILED: "Ordered twice by mistake.",
}
PAYMENT_STATUS = {
    Fate.PENDING: PaymentStatus.UNPAID,
    Fate.EXPIRED: PaymentStatus.UNPAID,
    Fate.CANCELLED: PaymentStatus.UNPAID,
    Fate.REFUNDED: PaymentStatus.REFUNDED,
    Fate.REFUND_FAILED: PaymentStatus.REFUNDING,
}
WORDS = {Fate.PROCESSING: "is being packed", Fate.SHIPPED: "is on its way", Fate.DELIVERED: "was delivered"}


@dataclass
class Book:
    """The shop's rows that orders point at, and the order rows as they come together."""

    users: dict[str, User]
    shops: dict[str, SellerProfile]
    variants: dict[str, Variant]
    pictures: dict[str, str]
    now: datetime
    parts: list[SellerOrder] = field(default_factory=list)
    items: list[OrderItem] = field(default_factory=list)
    events: list[OrderEvent] = field(default_factory=list)
    movements: list[StockMovement] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    notes: list[Notification] = field(default_factory=list)


def still_taken(trade: Sequence[Sale]) -> dict[str, int]:
    """Pieces by SKU that left the stock and did not come back."""
    taken: Counter[str] = Counter()
    for sale in trade:
        for part in sale.parts if not sale.fate.is_cancelled else ():
            for line in part.lines:
                taken[line.offer.sku] += line.quantity
    return taken


def add_orders(book: Book, trade: Sequence[Sale]) -> int:
    rows = [_order(book, sale) for sale in trade]
    insert(Order, rows)
    for order, sale in zip(rows, trade, strict=True):
        _fill(book, order, sale)
    insert(SellerOrder, book.parts)
    insert(OrderItem, book.items)
    _issue_invoices()
    insert(OrderEvent, sorted(book.events, key=lambda event: event.created_at))
    insert(StockMovement, sorted(book.movements, key=lambda movement: movement.created_at))
    insert(Payment, book.payments)
    insert(Refund, book.refunds)
    insert(Notification, sorted(book.notes, key=lambda note: note.created_at))
    if apps.is_installed("payments.sandbox"):
        _tell_sandbox(book)
    return len(rows)


def _issue_invoices() -> None:
    """Of all that was shipped, in the order in which it was."""
    parts = SellerOrder.objects.filter(shipped_at__isnull=False).order_by("shipped_at", "pk")
    for part in parts.select_related("order", "seller").prefetch_related("items"):
        issue_invoice(part, at=part.shipped_at)


def _order(book: Book, sale: Sale) -> Order:
    rng = dice("order", sale.index)
    statuses = [_status(sale, part) for part in sale.parts]
    subtotal = sum((_subtotal(part) for part in sale.parts), Decimal(0))
    shipping = sum((_shipping(part) for part in sale.parts), Decimal(0))
    row = Order(
        number="PM-" + "".join(rng.choices(NUMBER_ALPHABET, k=6)),
        buyer=book.users[sale.buyer.email],
        cart_id=uuid.uuid5(NAMESPACE, f"{SEED} cart {sale.index}"),
        full_name=sale.buyer.name,
        phone=sale.buyer.phone,
        **vars(sale.place),
        status=overall(statuses),
        payment_status=PAYMENT_STATUS.get(sale.fate, PaymentStatus.PAID),
        subtotal=subtotal,
        shipping=shipping,
        total=subtotal + shipping,
        razorpay_order_id=_id(rng, "order") if sale.fate.is_paid else "",
        # a pending one stays payable for a day, so that there is one to look at
        expires_at=sale.placed_at + (timedelta(days=1) if sale.fate == Fate.PENDING else timedelta(minutes=30)),
        cancel_reason=REASONS.get(sale.fate, ""),
        created_at=sale.placed_at,
        cancelled_at=sale.ended_at,
    )
    for step in STEPS:
        times = [part.steps.get(step) for part in sale.parts]
        setattr(row, f"{step}_at", max(times) if all(times) else None)
    return row


def _fill(book: Book, order: Order, sale: Sale) -> None:
    buyer = order.buyer
    _note(book, order, OrderEvent.Kind.PLACED, OrderStatus.PENDING, sale.placed_at, actor=buyer)
    for part in sale.parts:
        _fill_part(book, order, sale, part)
    for reason, sign, at in _stock_moves(sale):
        for part in sale.parts:
            for line in part.lines:
                book.movements.append(
                    StockMovement(
                        variant=book.variants[line.offer.sku],
                        quantity=sign * line.quantity,
                        reason=reason,
                        reference=order.number,
                        actor=None if sale.fate == Fate.EXPIRED and sign > 0 else buyer,
                        created_at=at,
                    )
                )
    _pay(book, order, sale)
    if sale.ended_at:
        body = f"Order {order.number} was cancelled. {order.cancel_reason}"
        if sale.fate.is_paid:
            body += " Your refund is on its way."
        _tell(book, buyer, order, NotificationType.ORDER_CANCELLED, "Order cancelled", body, sale.ended_at)


def _fill_part(book: Book, order: Order, sale: Sale, part: Part) -> None:
    shop = book.shops[part.seller]
    has_left = Fate.SHIPPED in part.steps
    row = SellerOrder(
        order=order,
        seller=shop,
        status=_status(sale, part),
        subtotal=_subtotal(part),
        shipping=_shipping(part),
        units=sum(line.quantity for line in part.lines),
        carrier=part.carrier if has_left else "",
        tracking_number=part.tracking_number if has_left else "",
        created_at=sale.placed_at,
        cancelled_at=sale.ended_at,
        **{f"{step}_at": at for step, at in part.steps.items()},
    )
    book.parts.append(row)
    book.items += [_item(book, row, line) for line in part.lines]
    for step, at in part.steps.items():
        kind = OrderEvent.Kind.PAID if step == Fate.PAID else OrderEvent.Kind.STATUS_CHANGED
        note = f"{part.carrier} {part.tracking_number}" if step == Fate.SHIPPED else ""
        actor = None if step == Fate.PAID else shop.user
        _note(book, order, kind, step, at, part=row, note=note, actor=actor)
        if step in WORDS:
            words = f"{shop.shop_name}: order {order.number} {WORDS[step]}."
            kind_ = NotificationType.ORDER_STATUS_CHANGED
            _tell(book, order.buyer, order, kind_, f"Your order {WORDS[step]}", words, at)
        else:
            words = f"Order {order.number} is paid and waits to be packed."
            _tell(book, shop.user, order, NotificationType.ORDER_PLACED, "New order", words, at)
    if sale.ended_at:
        kind = OrderEvent.Kind.EXPIRED if sale.fate == Fate.EXPIRED else OrderEvent.Kind.CANCELLED
        actor = None if sale.fate == Fate.EXPIRED else order.buyer
        _note(book, order, kind, OrderStatus.CANCELLED, sale.ended_at, part=row, note=order.cancel_reason, actor=actor)


def _item(book: Book, part: SellerOrder, line: object) -> OrderItem:
    listing, offer = line.listing, line.offer
    return OrderItem(
        seller_order=part,
        variant=book.variants[offer.sku],
        title=listing.title,
        variant_name=offer.name,
        sku=offer.sku,
        image=book.pictures.get(listing.slug, ""),
        hsn=listing.hsn,
        gst_rate=listing.gst_rate,
        unit_price=line.price,
        mrp=offer.mrp,
        quantity=line.quantity,
        line_total=line.total,
    )


def _stock_moves(sale: Sale) -> Iterator[tuple[str, int, datetime]]:
    yield StockReason.ORDER, -1, sale.placed_at
    if sale.ended_at:
        yield StockReason.CANCELLATION, 1, sale.ended_at


def _pay(book: Book, order: Order, sale: Sale) -> None:
    rng = dice("payment", sale.index)
    if sale.failed_before and sale.fate != Fate.PENDING:
        at = sale.placed_at + timedelta(seconds=50)
        reason, words = rng.choice(FAILURES)
        book.payments.append(
            _payment(rng, order, PaymentState.FAILED, at, error_reason=reason, error_description=words)
        )
        _note(book, order, OrderEvent.Kind.PAYMENT_FAILED, "", at, note=words)
    if sale.paid_at is None:
        return
    gone_back = sale.fate == Fate.REFUNDED
    state = PaymentState.REFUNDED if gone_back else PaymentState.CAPTURED
    payment = _payment(rng, order, state, sale.paid_at, settles_order=True, captured_at=sale.paid_at)
    book.payments.append(payment)
    words = f"Order {order.number} is confirmed."
    _tell(book, order.buyer, order, NotificationType.ORDER_PAID, "Payment received", words, sale.paid_at)
    if sale.ended_at:
        _refund(book, order, sale, payment, rng)


def _refund(book: Book, order: Order, sale: Sale, payment: Payment, rng: random.Random) -> None:
    started, done = sale.ended_at, sale.ended_at + timedelta(minutes=rng.uniform(2, 90))
    worked = sale.fate == Fate.REFUNDED
    book.refunds.append(
        Refund(
            id=uuid.uuid5(NAMESPACE, f"{SEED} refund {sale.index}"),
            payment=payment,
            amount=payment.amount,
            reason=RefundReason.CANCELLED,
            status=RefundStatus.PROCESSED if worked else RefundStatus.FAILED,
            razorpay_refund_id=_id(rng, "rfnd") if worked else "",
            attempts=1 if worked else 4,
            last_error="" if worked else "Your account does not have enough balance to carry out the refund operation.",
            created_at=started,
            not_before=done,
            processed_at=done if worked else None,
        )
    )
    _note(book, order, OrderEvent.Kind.REFUND_STARTED, "", started, note=RefundReason.CANCELLED.label)
    kind = OrderEvent.Kind.REFUNDED if worked else OrderEvent.Kind.REFUND_FAILED
    _note(book, order, kind, "", done)


FAILURES = (
    ("payment_timed_out", "The payment was not completed on time."),
    ("insufficient_funds", "The account does not have enough balance."),
    ("payment_cancelled", "The payment was cancelled by the customer."),
)


def _payment(rng: random.Random, order: Order, state: str, at: datetime, **fields: object) -> Payment:
    [method] = rng.choices(["upi", "card", "netbanking", "wallet"], [68, 19, 9, 4])
    return Payment(
        order=order,
        razorpay_payment_id=_id(rng, "pay"),
        status=state,
        amount=order.total,
        currency=order.currency,
        method=method,
        created_at=at - timedelta(seconds=20),
        **fields,
    )


def _tell_sandbox(book: Book) -> None:
    """Orders that can still be cancelled need their payment at the gateway, or it could not be paid back."""
    from payments.sandbox.models import Order as GatewayOrder
    from payments.sandbox.models import Payment as GatewayPayment

    live = {OrderStatus.PAID, OrderStatus.PROCESSING}
    for payment in book.payments:
        order = payment.order
        if not payment.settles_order or not live & {part.status for part in book.parts if part.order_id == order.pk}:
            continue
        paise = int(order.total * 100)
        theirs = GatewayOrder.objects.create(
            id=order.razorpay_order_id,
            amount=paise,
            amount_paid=paise,
            receipt=order.number,
            status=GatewayOrder.Status.PAID,
            attempts=1,
            created_at=order.created_at,
        )
        GatewayPayment.objects.create(
            id=payment.razorpay_payment_id,
            order=theirs,
            amount=paise,
            status=GatewayPayment.Status.CAPTURED,
            is_captured=True,
            method=payment.method,
            email=order.buyer.email,
            contact=order.phone,
            fee=paise * 2 // 100,
            tax=paise * 36 // 10000,
            authorized_at=payment.captured_at,
            created_at=payment.created_at,
        )


def _status(sale: Sale, part: Part) -> str:
    return OrderStatus.CANCELLED if sale.fate.is_cancelled else OrderStatus(part.status)


def _subtotal(part: Part) -> Decimal:
    return sum((line.total for line in part.lines), Decimal(0))


def _shipping(part: Part) -> Decimal:
    return Decimal(0) if _subtotal(part) >= settings.FREE_SHIPPING_FROM else settings.SHIPPING_FEE


def _id(rng: random.Random, prefix: str) -> str:
    return f"{prefix}_" + "".join(rng.choices(ALNUM, k=14))


def _note(
    book: Book,
    order: Order,
    kind: str,
    status: str,
    at: datetime,
    *,
    part: SellerOrder | None = None,
    note: str = "",
    actor: User | None = None,
) -> None:
    book.events.append(
        OrderEvent(order=order, seller_order=part, kind=kind, status=status, note=note, actor=actor, created_at=at)
    )


def _tell(book: Book, user: User, order: Order, kind: str, title: str, body: str, at: datetime) -> None:
    """What is older than two days was read."""
    read = at + timedelta(hours=3) if at < book.now - timedelta(days=2) else None
    url = order.get_absolute_url() if user == order.buyer else reverse("seller-orders:detail", args=[order.number])
    book.notes.append(
        Notification(
            user=user,
            type=kind,
            title=title,
            body=body,
            url=url,
            order_id=order.pk,
            number=order.number,
            created_at=at,
            read_at=read,
        )
    )
