import pytest
from razorpay.errors import SignatureVerificationError

from payments.sandbox.signing import sign, sign_checkout, sign_webhook

BODY = '{"entity":"event","event":"payment.captured","created_at":1700000000}'
ORDER, PAYMENT = "order_IluGWxBm9U8zJ8", "pay_IH4NVgf4Dreq1l"


def test_the_checkout_vector(client):
    signature = sign_checkout(order_id=ORDER, payment_id=PAYMENT)

    # pragma: allowlist nextline secret
    assert signature == "34e54fc403561b4f9bd4df51fe30b7c8f9d614d823e82a8e4389a8669f5af0b2"
    fields = {"razorpay_order_id": ORDER, "razorpay_payment_id": PAYMENT, "razorpay_signature": signature}
    assert client.utility.verify_payment_signature(fields)


def test_the_webhook_vector(client, settings):
    signature = sign_webhook(BODY)

    # pragma: allowlist nextline secret
    assert signature == "1bc2362f99dd8c6f23fb33306cfa3ff6169f16e6bb01f879614135d39c62dd90"
    assert client.utility.verify_webhook_signature(BODY, signature, settings.RAZORPAY_WEBHOOK_SECRET)


def test_the_key_secret_signs_no_webhooks(client, settings):
    wrong = sign(BODY, settings.RAZORPAY_KEY_SECRET)

    # pragma: allowlist nextline secret
    assert wrong == "092aa795cdac8e05981c2d1e8461d53d6d795d0cdc56e43a5a2929afeb09d01e"
    with pytest.raises(SignatureVerificationError):
        client.utility.verify_webhook_signature(BODY, wrong, settings.RAZORPAY_WEBHOOK_SECRET)
