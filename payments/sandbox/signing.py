import hashlib
import hmac

from django.conf import settings


def sign(message: str, secret: str) -> str:
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def sign_checkout(*, order_id: str, payment_id: str) -> str:
    """What the browser brings back is signed with the *key* secret; webhooks use another one."""
    return sign(f"{order_id}|{payment_id}", settings.RAZORPAY_KEY_SECRET)


def sign_webhook(body: str) -> str:
    return sign(body, settings.RAZORPAY_WEBHOOK_SECRET)
