"""
`checkout.js` and the form-POST page in real Chromium.

The shop is a little server of its own, so shop and gateway are different origins, as they are in life, and the shop's
Content Security Policy is as strict as the checkout allows.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from payments.sandbox import faults
from payments.sandbox.faults import Kind
from payments.sandbox.models import Payment
from payments.sandbox.signing import sign_checkout
from tests.sandbox.conftest import KEY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOP_JS = """
const options = JSON.parse(document.getElementById("options").textContent);
const show = (id, value) => { document.getElementById(id).textContent = value; };
if (!options.callback_url) options.handler = (fields) => show("paid", JSON.stringify(fields));
options.modal = { ...options.modal, ondismiss: () => show("dismissed", "yes") };
const checkout = new Razorpay(options);
checkout.on("payment.failed", ({ error }) => show("failed", JSON.stringify(error)));
document.getElementById("pay").addEventListener("click", () => checkout.open());
document.getElementById("stop").addEventListener("click", () => checkout.close());
"""


@dataclass
class Shop:
    gateway: str
    order_id: str
    url: str = ""
    options: dict = field(default_factory=dict)
    came_back: list[dict[str, str]] = field(default_factory=list)

    def page(self) -> str:
        options = {
            "key": KEY[0],
            "order_id": self.order_id,
            "amount": 118000,
            "currency": "INR",
            "name": "PyMart",
            "description": "Order PM-1001",
            "prefill": {"name": "Asha", "email": "asha@example.com", "contact": "+919999999999"},
            "theme": {"color": "#3b2f8f"},
            **self.options,
        }
        form = {
            "key_id": KEY[0],
            "order_id": self.order_id,
            "amount": 118000,
            "name": "PyMart",
            "prefill[contact]": "+919999999999",
            "callback_url": f"{self.url}/back",
            "cancel_url": f"{self.url}/cancelled",
        }
        inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in form.items())
        return f"""<!doctype html><html lang="en"><title>Shop</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <button id="pay">Pay</button> <button id="stop">Stop</button>
            <p id="paid"></p><p id="failed"></p><p id="dismissed"></p>
            <form method="post" action="{self.gateway}/v1/checkout/embedded">
              {inputs}<button>Pay without script</button>
            </form>
            <script type="application/json" id="options">{json.dumps(options)}</script>
            <script src="{self.gateway}/v1/checkout.js"></script><script src="/shop.js"></script></html>"""

    def policy(self) -> str:
        origin = self.gateway.removesuffix("/sandbox/razorpay")
        return f"default-src 'none'; script-src 'self' {origin}; frame-src {origin}; form-action 'self' {origin}"


@pytest.fixture
def shop(live_server, make_order) -> Iterator[Shop]:
    state = Shop(gateway=f"{live_server.url}/sandbox/razorpay", order_id=make_order().pk)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/shop.js":
                self.answer(SHOP_JS, "text/javascript")
            elif self.path == "/cancelled":
                self.answer("<title>Cancelled</title>")
            else:
                self.answer(state.page())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.came_back.append(dict(parse_qsl(body)))
            self.answer("<title>Back in the shop</title>")

        def answer(self, text: str, kind: str = "text/html") -> None:
            data = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Security-Policy", state.policy())
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tab(new_tab) -> Iterator[Page]:
    """A tab that fails the test when the page's script or policy fails."""
    page = new_tab()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    yield page
    assert complaints == []


def opened(tab: Page, shop: Shop) -> FrameLocator:
    tab.goto(shop.url)
    tab.get_by_role("button", name="Pay", exact=True).click()
    return frame_of(tab)


def frame_of(tab: Page) -> FrameLocator:
    frame = tab.frame_locator("iframe.razorpay-checkout-frame")
    expect(tab.locator("dialog")).not_to_have_attribute("aria-busy", "true")
    expect(frame.get_by_role("heading", name="PyMart")).to_be_visible()
    return frame


def choose_bank(page: FrameLocator | Page, answer: str) -> None:
    page.get_by_role("radio", name="Netbanking").check()
    page.get_by_label("Bank", exact=True).select_option("HDFC")
    page.get_by_role("button", name="Pay ₹1,180").click()
    page.get_by_role("button", name=answer).click()


def signed(shop: Shop, payment: Payment) -> dict[str, str]:
    return {
        "razorpay_payment_id": payment.pk,
        "razorpay_order_id": shop.order_id,
        "razorpay_signature": sign_checkout(order_id=shop.order_id, payment_id=payment.pk),
    }


def test_after_a_failure_the_window_stays_and_a_success_reaches_the_handler(tab, shop):
    frame = opened(tab, shop)
    dialog = tab.get_by_role("dialog", name="Payment to PyMart")
    assert dialog.evaluate("element => element.matches(':modal')")
    choose_bank(frame, "Failure")

    expect(frame.get_by_role("alert")).to_contain_text("Payment failed.")
    error = json.loads(tab.locator("#failed").inner_text())
    assert (error["code"], error["reason"]) == ("BAD_REQUEST_ERROR", "payment_failed")
    assert error["metadata"] == {"payment_id": Payment.objects.get().pk, "order_id": shop.order_id}

    choose_bank(frame, "Success")
    expect(tab.locator("#paid")).not_to_be_empty()
    assert json.loads(tab.locator("#paid").inner_text()) == signed(shop, Payment.objects.get(status="captured"))
    expect(dialog).to_have_count(0)
    expect(tab.locator("#dismissed")).to_be_empty()


def test_a_card_is_filled_from_the_list_and_paid_with_an_otp(tab, shop):
    frame = opened(tab, shop)
    frame.get_by_role("radio", name="Card").check()
    frame.get_by_text("Test cards").click()
    frame.get_by_role("button", name="4100 2800 0000 1007").click()
    frame.get_by_role("button", name="Pay ₹1,180").click()
    frame.get_by_label("One-time password").fill("1234")
    frame.get_by_role("button", name="Submit OTP").click()
    expect(tab.locator("#paid")).not_to_be_empty()


def test_the_keyboard_alone_pays(tab, shop):
    tab.goto(shop.url)
    tab.get_by_role("button", name="Pay", exact=True).focus()
    tab.keyboard.press("Enter")
    frame = frame_of(tab)
    expect(frame.get_by_role("radio", name="UPI Any")).to_be_focused()
    tab.keyboard.press("ArrowDown")
    expect(frame.get_by_role("radio", name="Card")).to_be_checked()
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")  # and the UPI app approves by itself
    expect(tab.locator("#paid")).not_to_be_empty()
    expect(tab.get_by_role("button", name="Pay", exact=True)).to_be_focused()


def test_escape_closes_and_gives_the_focus_back(tab, shop):
    opened(tab, shop)
    tab.keyboard.press("Escape")
    expect(tab.locator("#dismissed")).to_have_text("yes")
    expect(tab.locator("dialog")).to_have_count(0)
    expect(tab.get_by_role("button", name="Pay", exact=True)).to_be_focused()

    opened(tab, shop)
    tab.locator("#stop").dispatch_event("click")  # the shop closes it
    expect(tab.locator("#dismissed")).to_have_text("yes")
    expect(tab.locator("dialog")).to_have_count(0)


def test_the_cross_may_ask_first_and_escape_may_be_off(tab, shop):
    shop.options = {"modal": {"confirm_close": True, "escape": False}}
    frame = opened(tab, shop)
    expect(frame.get_by_role("radio", name="UPI Any")).to_be_focused()
    tab.keyboard.press("Escape")
    cross = frame.get_by_role("button", name="Close the payment window")
    cross.click()
    frame.get_by_role("button", name="Keep paying").click()
    expect(tab.locator("#dismissed")).to_be_empty()
    cross.click()
    frame.get_by_role("button", name="Leave").click()
    expect(tab.locator("#dismissed")).to_have_text("yes")


def test_it_closes_when_its_time_is_over(tab, shop):
    shop.options = {"timeout": 2}
    opened(tab, shop)
    expect(tab.locator("#dismissed")).to_have_text("yes")


def test_a_wrong_key_says_so_and_can_be_closed(tab, shop):
    shop.options = {"key": "rzp_test_other"}
    tab.goto(shop.url)
    tab.get_by_role("button", name="Pay", exact=True).click()
    frame = tab.frame_locator("iframe")
    expect(frame.get_by_role("alert")).to_contain_text("The api key provided is invalid")
    frame.get_by_role("button", name="Close").click()
    expect(tab.locator("#dismissed")).to_have_text("yes")


def test_with_a_callback_the_fields_are_posted(tab, shop):
    shop.options = {"callback_url": f"{shop.url}/back", "redirect": True}
    choose_bank(opened(tab, shop), "Failure")
    expect(tab).to_have_title("Back in the shop")
    assert shop.came_back[0]["error[code]"] == "BAD_REQUEST_ERROR"
    assert json.loads(shop.came_back[0]["error[metadata]"])["order_id"] == shop.order_id

    choose_bank(opened(tab, shop), "Success")
    expect(tab).to_have_title("Back in the shop")
    assert shop.came_back[1] == signed(shop, Payment.objects.get(status="captured"))


def test_only_the_gateway_is_heard(tab, shop):
    faults.arm(Kind.NO_BROWSER_RETURN)
    frame = opened(tab, shop)
    forged = "{ from: 'sandbox-gateway', event: 'payment.success', data: { razorpay_payment_id: 'pay_forged' } }"
    tab.evaluate(f"() => window.postMessage({forged}, '*')")
    choose_bank(frame, "Success")
    expect(frame.get_by_role("heading", name="Connection lost")).to_be_visible()
    expect(tab.locator("#paid")).to_be_empty()
    frame.get_by_role("button", name="Close the payment window").click()
    expect(tab.locator("#dismissed")).to_have_text("yes")
    assert Payment.objects.get().status == "captured"


def test_without_script_it_can_be_cancelled_fail_and_succeed(new_tab, shop):
    tab = new_tab(java_script_enabled=False)

    def to_the_gateway() -> None:
        tab.goto(shop.url)
        tab.get_by_role("button", name="Pay without script").click()

    to_the_gateway()
    tab.get_by_role("link", name="Cancel and go back to PyMart").click()
    expect(tab).to_have_title("Cancelled")
    for answer in ("Failure", "Success"):
        to_the_gateway()
        choose_bank(tab, answer)
        tab.get_by_role("button", name="Continue to PyMart").click()
        expect(tab).to_have_title("Back in the shop")
    failed, paid = shop.came_back
    assert failed["error[reason]"] == "payment_failed"
    assert paid == signed(shop, Payment.objects.get(status="captured"))


def test_the_page_fits_every_width_and_goes_back_by_itself(tab, shop):
    tab.goto(shop.url)
    tab.get_by_role("button", name="Pay without script").click()
    tab.get_by_role("radio", name="Card").check()
    tab.get_by_text("Test cards").click()
    for width in (320, 360, 1280):
        tab.set_viewport_size({"width": width, "height": 740})
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= width
    choose_bank(tab, "Success")
    expect(tab).to_have_title("Back in the shop")
    assert len(shop.came_back) == 1
