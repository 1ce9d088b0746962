"""Rows as the gateway's JSON shows them."""

from datetime import datetime
from typing import Any

from payments.sandbox.models import Order, Payment, Refund

Entity = dict[str, Any]


def unix(moment: datetime) -> int:
    return int(moment.timestamp())


def notes(value: dict[str, str]) -> dict[str, str] | list[str]:
    """Empty notes are `[]`: the gateway's PHP knows no empty object."""
    return value or []


def collection(items: list[Entity]) -> Entity:
    return {"entity": "collection", "count": len(items), "items": items}


def order(row: Order) -> Entity:
    return {
        "id": row.id,
        "entity": "order",
        "amount": row.amount,
        "amount_paid": row.amount_paid,
        "amount_due": row.amount_due,
        "currency": row.currency,
        "receipt": row.receipt,
        "offer_id": None,
        "status": row.status,
        "attempts": row.attempts,
        "notes": notes(row.notes),
        "created_at": unix(row.created_at),
    }


def payment(row: Payment) -> Entity:
    card = row.instrument.get("card")
    error = row.error
    entity: Entity = {
        "id": row.id,
        "entity": "payment",
        "amount": row.amount,
        "currency": row.currency,
        "status": row.status,
        "order_id": row.order_id,
        "invoice_id": None,
        "international": False,
        "method": row.method,
        "amount_refunded": row.amount_refunded,
        "refund_status": row.refund_status,
        "captured": row.is_captured,
        "description": row.description or None,
        "card_id": card["id"] if card else None,
        "bank": row.instrument.get("bank"),
        "wallet": row.instrument.get("wallet"),
        "vpa": row.instrument.get("vpa"),
        "email": row.email or None,
        "contact": row.contact or None,
        "notes": notes(row.notes),
        "fee": row.fee,
        "tax": row.tax,
        "error_code": error.get("code"),
        "error_description": error.get("description"),
        "error_source": error.get("source"),
        "error_step": error.get("step"),
        "error_reason": error.get("reason"),
        "acquirer_data": row.acquirer_data,
        "created_at": unix(row.created_at),
    }
    if card:
        entity["card"] = card
    if row.method == "upi":
        entity["upi"] = {"vpa": row.instrument.get("vpa")}
    return entity


def refund(row: Refund) -> Entity:
    instant = row.speed_requested == "optimum"
    return {
        "id": row.id,
        "entity": "refund",
        "amount": row.amount,
        "currency": row.currency,
        "payment_id": row.payment_id,
        "notes": notes(row.notes),
        "receipt": row.receipt,
        "acquirer_data": {"arn": row.arn or None},
        "created_at": unix(row.created_at),
        "batch_id": None,
        "status": row.status,
        "speed_processed": "instant" if instant else "normal",
        "speed_requested": row.speed_requested,
    }
