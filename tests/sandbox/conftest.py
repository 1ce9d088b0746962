import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import razorpay

from payments.sandbox import acquiring, events, instruments
from payments.sandbox.models import Order, Payment

WEBHOOK_SECRET = "test_webhook_secret"
KEY = ("rzp_test_sandboxtests", "test_key_secret")


@dataclass
class Hook:
    """One webhook as the shop's server saw it."""

    body: bytes
    headers: dict[str, str]

    @property
    def event_id(self) -> str:
        return self.headers["x-razorpay-event-id"]

    @property
    def signature(self) -> str:
        return self.headers["x-razorpay-signature"]


@dataclass
class Receiver:
    """The shop's webhook address: keeps what it gets and answers the next status of `answers`, then 200."""

    url: str = ""
    hooks: list[Hook] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    pause: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    state = Receiver()
    never = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with state.lock:
                state.hooks.append(Hook(body, {name.lower(): value for name, value in self.headers.items()}))
                status = state.answers.pop(0) if state.answers else 200
            never.wait(state.pause)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Location", state.url)
            self.end_headers()

        def log_message(self, *args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    settings.RAZORPAY_SANDBOX_WEBHOOK_URL = state.url
    yield state
    never.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def sandbox_settings(settings, monkeypatch) -> None:
    settings.RAZORPAY_KEY_ID, settings.RAZORPAY_KEY_SECRET = KEY
    settings.RAZORPAY_WEBHOOK_SECRET = WEBHOOK_SECRET
    # No worker runs here: the tests deliver when they want to.
    monkeypatch.setattr(events, "request_delivery", lambda: None)
    monkeypatch.setattr("payments.sandbox.webhooks.request_delivery", lambda: None)


@pytest.fixture
def gateway_url(http_server) -> str:
    return f"{http_server}/sandbox/razorpay"


@pytest.fixture
def client(gateway_url) -> razorpay.Client:
    """The official SDK, talking to the sandbox by real HTTP."""
    return razorpay.Client(auth=KEY, base_url=gateway_url)


@pytest.fixture
def make_order(db):
    def make(amount: int = 118000, **fields) -> Order:
        return Order.objects.create(amount=amount, receipt=fields.pop("receipt", "PM-1001"), **fields)

    return make


@pytest.fixture
def start(db):
    """A payment on its way: the buyer is at the bank."""

    def start(order: Order, instrument: instruments.Instrument | None = None) -> Payment:
        buyer = {"email": "asha@example.com", "contact": "+919999999999"}
        return acquiring.start_payment(order_id=order.pk, instrument=instrument or instruments.upi(), buyer=buyer)

    return start


@pytest.fixture
def pay(start):
    """A payment the bank said yes to."""

    def pay(order: Order, instrument: instruments.Instrument | None = None) -> Payment:
        return acquiring.authorize_payment(start(order, instrument).pk)

    return pay
