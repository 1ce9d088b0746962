"""
PyMart as it is measured: its environment, its server command and the requests that are sent to it.

Only the standard library: `peer.py` loads this into the comparison's own Python environment as well.
"""

import hashlib
import hmac
import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
SECRET = "bench-webhook-secret"  # noqa: S105
MANY = "100000000"  # one client is everybody here, and counted all the same
Request = tuple[str, str, dict[str, str], str]  # method, path, headers, body
ADDRESS = {
    "full_name": "A Buyer", "phone": "+919800000000", "line1": "1 MG Road", "city": "Pune", "state": "Maharashtra",
    "pincode": "411001",
}  # fmt: skip
WORDS = ("lamp", "saree", "no.+12", "brass", "oak", "jute+bag", "silk")


class Stack:
    """
    `gateway` is the address of a stand-in for Razorpay, or empty: then Razorpay orders are made up in the process,
    as the comparison does. `forget` "answers": none is answered from the kept ones; "everything": the cache is empty.
    """

    def __init__(
        self, database_url: str, redis_url: str, *, products: int = 10_000, users: int = 1_000, threads: int = 4,
        gateway: str = "", forget: str = "",
    ) -> None:  # fmt: skip
        self.products, self.users, self.threads = products, users, threads
        self.env = {
            "DATABASE_URL": database_url, "REDIS_URL": redis_url, "REDIS_PREFIX": f"bench-{products}", "DEBUG": "0",
            "ENV_FILE": os.devnull, "DJANGO_SETTINGS_MODULE": "pymart.settings", "LOG_LEVEL": "ERROR",
            "SECRET_KEY": "bench-" * 10, "DATA_KEY": "YmVuY2gt" * 5 + "YmU=",
            "SITE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1",
            "USE_LOCAL_STORAGE": "1", "RESEND_API_KEY": "bench", "RAZORPAY_KEY_ID": "rzp_live_bench",
            "RAZORPAY_KEY_SECRET": "bench", "RAZORPAY_WEBHOOK_SECRET": SECRET, "SEARCHES_PER_MINUTE": MANY,
            "API_WRITES_PER_MINUTE": MANY,
            "BENCH_GATEWAY": gateway, "BENCH_FORGET": forget,
        }  # fmt: skip

    def prepare(self) -> None:
        """Fill the database and learn the users' tokens."""
        arguments = [str(PYTHON), str(ROOT / "bench" / "fill.py"), str(self.products), str(self.users)]
        done = subprocess.run(arguments, env={**os.environ, **self.env}, stdout=subprocess.PIPE, check=True)
        self.tokens = [{"Authorization": f"Bearer {token}"} for token in json.loads(done.stdout)]

    def server(self, port: int, workers: int = 1) -> list[str]:
        return [
            str(PYTHON.with_name("granian")), "bench.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(port), "--workers", str(workers), "--blocking-threads", str(self.threads),
            "--no-access-log", "--log-level", "warning",
        ]  # fmt: skip

    def requests(self) -> dict[str, list[Request]]:
        """What is sent again and again, the same each time. The first 200 users keep a cart of three products."""
        dice = random.Random(1)
        roll, last = dice.randint, max(1, min(20, self.products // 20))
        floors = [roll(50, 2500) for _ in range(200)]
        return {
            "list": [self.get(f"/products?page={roll(1, last)}") for _ in range(200)],
            "list filtered": [
                self.get(
                    f"/products?category=category-{roll(1, 50)}&min_price={floor}&max_price={floor + 2000}"
                    f"&page={roll(1, 3)}"
                )
                for floor in floors
            ],
            "detail": [self.get(f"/products/product-{number}") for number in self.popular(dice, 1000)],
            "search": [self.get(f"/products?q={word}") for word in WORDS],
            "cart": [self.get("/cart", user) for user in range(1, 201)],
            "cart add": [self.add_to_cart(user, user * 3 + roll(0, 2)) for user in range(1, 201)],
        }

    def first_carts(self) -> list[Request]:
        return [self.add_to_cart(user, user * 3 + line) for user in range(1, 201) for line in range(3)]

    def popular(self, dice: random.Random, count: int) -> list[int]:
        """Product numbers, some far more often than others."""
        return [min(self.products, int(dice.paretovariate(0.8)) * 7 % self.products + 1) for _ in range(count)]

    def get(self, path: str, user: int | None = None) -> Request:
        return "GET", f"/api/v1{path}", self.tokens[user - 1] if user else {}, ""

    def post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Request:
        return "POST", f"/api/v1{path}", {"Content-Type": "application/json", **headers}, json.dumps(body)

    def add_to_cart(self, user: int, product: int) -> Request:
        return self.post("/cart/items", {"product_id": product, "quantity": 1}, self.tokens[user - 1])

    def checkout(self, user: int) -> Request:
        return self.post("/orders/checkout", {"shipping_address": ADDRESS}, self.tokens[user - 1])

    def webhook(self, body: bytes) -> Request:
        """What Razorpay sends when the order of a checkout's answer is paid."""
        payment = json.loads(body)["payment"]
        entity = {
            "id": f"pay_{payment['razorpay_order_id'][6:]}", "entity": "payment", "amount": payment["amount"],
            "currency": payment["currency"], "status": "captured", "order_id": payment["razorpay_order_id"],
            "method": "upi", "captured": True, "vpa": "buyer@upi", "email": "buyer@example.in",
            "contact": "+919800000000", "error_reason": None, "error_description": None, "created_at": 1790000000,
        }  # fmt: skip
        event = {"entity": "event", "event": "payment.captured", "payload": {"payment": {"entity": entity}}}
        signature = hmac.new(SECRET.encode(), json.dumps(event).encode(), hashlib.sha256).hexdigest()
        headers = {"X-Razorpay-Signature": signature, "X-Razorpay-Event-Id": f"evt_{entity['id']}"}
        return self.post("/orders/webhook", event, headers)
