"""Why payments fail: the gateway's `error_*` fields by reason."""

TEMPORARY = (
    "Payment was unsuccessful due to a temporary issue. "
    "If amount got deducted, it will be refunded within 5-7 working days."
)

# reason: (code, description, source, step)
REASONS: dict[str, tuple[str, str, str, str]] = {
    "payment_failed": ("BAD_REQUEST_ERROR", TEMPORARY, "gateway", "payment_response"),
    "payment_cancelled": (
        "BAD_REQUEST_ERROR",
        "Payment processing cancelled by user",
        "customer",
        "payment_authentication",
    ),
    "payment_timed_out": (
        "BAD_REQUEST_ERROR",
        "Payment was unsuccessful as you could not complete it in time.",
        "customer",
        "payment_authentication",
    ),
    "insufficient_funds": (
        "BAD_REQUEST_ERROR",
        "Your payment could not be completed due to insufficient account balance. Try again with another card or "
        "payment method.",
        "customer",
        "payment_authorization",
    ),
    "card_declined": (
        "BAD_REQUEST_ERROR",
        "Your payment was declined by the bank. Try another payment method or contact your bank for details.",
        "issuer_bank",
        "payment_authorization",
    ),
    "card_disabled_for_online_payments": (
        "BAD_REQUEST_ERROR",
        "Your card is disabled for online payments. Contact your bank to enable it or use another card.",
        "issuer_bank",
        "payment_authorization",
    ),
    "card_number_invalid": (
        "BAD_REQUEST_ERROR",
        "You have entered an incorrect card number. Try again.",
        "customer",
        "payment_initiation",
    ),
    "invalid_otp": (
        "BAD_REQUEST_ERROR",
        "Payment processing failed because of incorrect OTP",
        "customer",
        "payment_authentication",
    ),
    "gateway_technical_error": ("GATEWAY_ERROR", TEMPORARY, "gateway", "payment_authorization"),
    "bank_technical_error": ("GATEWAY_ERROR", TEMPORARY, "bank", "payment_authorization"),
    "authentication_failed": (
        "GATEWAY_ERROR",
        "Your payment could not be authenticated. Try again or use another payment method.",
        "gateway",
        "payment_authentication",
    ),
    "order_already_paid": (
        "BAD_REQUEST_ERROR",
        "Your payment has been declined as the order is already paid. Please initiate the payment with a new order.",
        "business",
        "payment_authorization",
    ),
}


def error_fields(reason: str) -> dict[str, str]:
    code, description, source, step = REASONS[reason]
    return {"code": code, "description": description, "source": source, "step": step, "reason": reason}
