"""
Invoices (rule 46 of the CGST Rules) and bills of supply (rule 49): each seller's own, made at dispatch in the
transaction that ships, numbered without gaps in each financial year.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.db import connection
from django.utils import timezone

from accounts.models import SellerProfile
from orders.models import Invoice, InvoiceKind, InvoiceLine, OrderItem, SellerOrder
from pymart.common.gst import apportion, financial_year, tax_within
from pymart.common.money import ZERO

PREFIXES = {InvoiceKind.TAX_INVOICE: "INV", InvoiceKind.INVOICE_CUM_BILL: "INV", InvoiceKind.BILL_OF_SUPPLY: "BOS"}
DELIVERY = "Delivery"

# The row stays locked until the transaction ends: who comes next waits, and a rollback gives the number back.
_NEXT = """
INSERT INTO orders_invoiceseries (seller_id, financial_year, prefix, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (seller_id, financial_year, prefix) DO UPDATE SET last = orders_invoiceseries.last + 1
RETURNING last
"""


def issue_invoice(part: SellerOrder, *, at: datetime | None = None) -> Invoice:
    """The document of a part that is being shipped; called in the transaction that ships it, with the order locked."""
    seller, order = part.seller, part.order
    lines = _lines(part, is_registered=seller.is_registered)
    kind = _kind(seller, lines)
    year = financial_year(timezone.localdate(at))
    serial = _next_serial(seller, year, PREFIXES[kind])
    invoice = Invoice.objects.create(
        seller_order=part,
        seller=seller,
        kind=kind,
        financial_year=year,
        serial=serial,
        number=f"{PREFIXES[kind]}/{year[2:4]}{year[5:]}/{serial:06}",
        issued_at=at or timezone.now(),
        shop_name=seller.shop_name,
        legal_name=seller.legal_name,
        gstin=seller.gstin,
        line1=seller.line1,
        city=seller.city,
        state=seller.state,
        pincode=seller.pincode,
        place_of_supply=order.state,
        **{name: sum((getattr(line, name) for line in lines), ZERO) for name in InvoiceLine.AMOUNTS},
    )
    for line in lines:
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(lines)
    return invoice


def _kind(seller: SellerProfile, lines: Sequence[InvoiceLine]) -> InvoiceKind:
    taxed = [line.gst_rate > 0 for line in lines]
    if not seller.is_registered or not any(taxed):
        return InvoiceKind.BILL_OF_SUPPLY
    return InvoiceKind.TAX_INVOICE if all(taxed) else InvoiceKind.INVOICE_CUM_BILL


def _next_serial(seller: SellerProfile, year: str, prefix: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [seller.pk, year, prefix])
        serial: int = cursor.fetchone()[0]
    return serial


def _lines(part: SellerOrder, *, is_registered: bool) -> list[InvoiceLine]:
    items = list(part.items.all())
    is_intra = part.seller.state == part.order.state
    lines = [
        InvoiceLine(
            description=f"{item.title} · {item.variant_name}" if item.variant_name else item.title,
            hsn=item.hsn,
            quantity=item.quantity,
            gst_rate=item.gst_rate if is_registered else ZERO,
            total=item.line_total,
        )
        for item in items
    ]
    if part.shipping:
        lines += _delivery_lines(part.shipping, items, is_registered=is_registered)
    for position, line in enumerate(lines, start=1):
        tax = tax_within(line.total, line.gst_rate, is_intra=is_intra)
        line.position = position
        line.taxable, line.cgst, line.sgst, line.igst = tax.taxable, tax.cgst, tax.sgst, tax.igst
    return lines


def _delivery_lines(fee: Decimal, items: Sequence[OrderItem], *, is_registered: bool) -> list[InvoiceLine]:
    """
    Delivery is taxed like the goods it goes with (a composite supply); where their rates differ, the fee is split by
    their value.
    """
    by_rate = [
        list(group) for _, group in groupby(sorted(items, key=lambda i: (i.gst_rate, i.pk)), key=lambda i: i.gst_rate)
    ]
    fees = apportion(fee, [sum((item.line_total for item in group), ZERO) for group in by_rate])
    lines = []
    for group, share in zip(by_rate, fees, strict=True):
        principal = max(group, key=lambda item: item.line_total)
        rate = principal.gst_rate if is_registered else ZERO
        lines.append(InvoiceLine(description=DELIVERY, hsn=principal.hsn, quantity=1, gst_rate=rate, total=share))
    return [line for line in lines if line.total]
