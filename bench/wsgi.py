"""`pymart.wsgi` with another payment gateway, and forgetting what it should not find while that is measured."""

import os
import secrets

from django.conf import settings
from django.core.cache import caches
from django.db import connection

from payments import gateway
from pymart.common.api import caching
from pymart.wsgi import application

__all__ = ["application", "connection"]

if address := os.environ.get("BENCH_GATEWAY"):
    settings.RAZORPAY_BASE_URL = address
else:
    gateway.create_order = lambda **_: f"order_{secrets.token_hex(7)}"

forget = os.environ.get("BENCH_FORGET")
if forget in ("answers", "everything"):
    caching._find = lambda *_: None
if forget == "everything":
    backend = type(caches["default"])
    backend.get = lambda self, key, default=None, *_, **__: default
    backend.get_many = lambda self, keys, *_, **__: {}
