"""The checkout page without JavaScript: forms, redirects, and the form that goes back to the shop."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments.sandbox import acquiring, faults, instruments
from payments.sandbox.errors import ORDER_IS_PAID
from payments.sandbox.faults import Kind
from payments.sandbox.models import CheckoutSession, Order, Payment
from payments.sandbox.signing import sign

CALLBACK = "https://shop.example/payments/return/?o=PM-1001"
CANCEL = "https://shop.example/orders/PM-1001/pay/"
BUYER = {"contact": "+91 99999 99999", "email": "asha@example.com"}
CARD = {"method": "card", "card_number": "4100 2800 0000 1007", "card_expiry": "12/30", "card_cvv": "123"}
UPI = {"method": "upi", "vpa": "success@razorpay"}
BANK = {"method": "netbanking", "bank": "HDFC"}


@pytest.fixture
def visitor(db) -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def order(make_order) -> Order:
    return make_order()


@pytest.fixture
def options(order) -> dict[str, str]:
    """What the shop's form posts."""
    return {
        "key_id": settings.RAZORPAY_KEY_ID,
        "order_id": order.pk,
        "amount": "118000",
        "currency": "INR",
        "name": "PyMart",
        "description": "Order PM-1001",
        "prefill[name]": "Asha Rao",
        "prefill[email]": "asha@example.com",
        "prefill[contact]": "+919999999999",
        "notes[number]": "PM-1001",
        "callback_url": CALLBACK,
        "cancel_url": CANCEL,
    }


@pytest.fixture
def opened(visitor, options) -> str:
    """The address of the page that opens."""
    response = visitor.post(reverse("sandbox:embedded"), options)
    assert response.status_code == 302
    return response.url


@pytest.fixture
def framed(visitor, options) -> str:
    """The same page in the shop's overlay."""
    changes = {"callback_url": "", "cancel_url": "", "origin": "https://shop.example"}
    response = visitor.get(reverse("sandbox:checkout"), options | changes)
    assert response.status_code == 302
    return response.url


@pytest.fixture
def finish(visitor):
    """Choose a way to pay, answer as the bank; the page that comes then."""

    def finish(page: str, method: dict[str, str], **answer: str):
        bank = visitor.post(page, BUYER | method).url
        assert visitor.get(bank).status_code == 200
        assert visitor.post(bank, answer).url == bank
        return visitor.get(bank, follow=True)

    return finish


def returned(response) -> dict[str, str]:
    """The fields of the form that goes back to the shop."""
    text = response.content.decode()
    assert f'action="{html.escape(CALLBACK)}"' in text
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
    return {html.unescape(name): html.unescape(value) for name, value in pairs}


def told(response) -> dict:
    """What the frame tells the shop's page."""
    found = re.search(r'<script id="message" type="application/json">(.*?)</script>', response.content.decode())
    return json.loads(found[1])


@pytest.mark.parametrize("method", [UPI, CARD, BANK])
def test_a_success_goes_back_signed_with_the_key_secret(finish, opened, order, method):
    fields = returned(finish(opened, method, outcome="success"))

    payment = Payment.objects.get()
    assert fields == {
        "razorpay_payment_id": payment.pk,
        "razorpay_order_id": order.pk,
        "razorpay_signature": sign(f"{order.pk}|{payment.pk}", settings.RAZORPAY_KEY_SECRET),
    }
    assert (payment.status, payment.method) == ("captured", method["method"])
    assert (payment.email, payment.contact) == ("asha@example.com", "+919999999999")
    assert (payment.notes, payment.description) == ({"number": "PM-1001"}, "Order PM-1001")


def test_a_failure_goes_back_as_error_fields(finish, opened, order):
    fields = returned(finish(opened, BANK, outcome="failure"))

    payment = Payment.objects.get()
    assert payment.status == "failed"
    assert json.loads(fields.pop("error[metadata]")) == {"payment_id": payment.pk, "order_id": order.pk}
    assert fields == {
        "error[code]": "BAD_REQUEST_ERROR",
        "error[description]": "Payment was unsuccessful due to a temporary issue. "
        "If amount got deducted, it will be refunded within 5-7 working days.",
        "error[source]": "gateway",
        "error[step]": "payment_response",
        "error[reason]": "payment_failed",
    }


def test_cancelling_at_the_bank_fails_the_payment(finish, opened):
    assert returned(finish(opened, BANK, outcome="cancel"))["error[reason]"] == "payment_cancelled"


def test_leaving_the_page_is_a_plain_link_back(visitor, opened):
    assert f'href="{CANCEL}"' in visitor.get(opened).content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("otp", "reason"), [("1234", None), ("1234567890", None), ("123", "invalid_otp"), ("", "invalid_otp")]
)
def test_an_otp_of_four_to_ten_digits_is_right(finish, opened, otp, reason):
    finish(opened, CARD, outcome="otp", otp=otp)
    payment = Payment.objects.get()
    assert (payment.status, payment.error.get("reason")) == ("failed" if reason else "captured", reason)


@pytest.mark.parametrize(
    ("number", "code", "reason"),
    [
        ("4100 2800 0009 0000", "BAD_REQUEST_ERROR", "payment_timed_out"),
        ("4100 2800 0008 0001", "BAD_REQUEST_ERROR", "insufficient_funds"),
        ("4100 2800 0007 0002", "BAD_REQUEST_ERROR", "payment_cancelled"),
        ("4100 2800 0006 0003", "BAD_REQUEST_ERROR", "card_declined"),
        ("4100 2800 0003 0006", "BAD_REQUEST_ERROR", "card_disabled_for_online_payments"),
        ("4100 2800 0001 0008", "BAD_REQUEST_ERROR", "card_number_invalid"),
        ("4100 2800 0002 0007", "GATEWAY_ERROR", "gateway_technical_error"),
        ("4100 2800 0000 0009", "GATEWAY_ERROR", "authentication_failed"),
    ],
)
def test_test_cards_fail_for_their_reason(finish, opened, number, code, reason):
    fields = returned(finish(opened, CARD | {"card_number": number}, outcome="failure"))
    assert (fields["error[code]"], fields["error[reason]"]) == (code, reason)


@pytest.mark.parametrize("number", ["4100280000001007", "5500 6700 0000 1002", "6527 6589 0000 1005",
                                    "3608 280009 1007", "3402 560004 01007"])  # fmt: skip
def test_the_good_test_cards_work(finish, opened, number):
    finish(opened, CARD | {"card_number": number}, outcome="success")
    assert Payment.objects.get().instrument["card"]["last4"] == number.replace(" ", "")[-4:]


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"card_number": "4242 4242 4242 4242"}, "card_number", "use one of the test cards"),
        ({"card_number": ""}, "card_number", "Please fill in this field."),
        ({"card_expiry": "01/20"}, "card_expiry", "a future date"),
        ({"card_expiry": "13/30"}, "card_expiry", "a future date"),
        ({"card_cvv": "12"}, "card_cvv", "3 or 4 digits"),
        ({"contact": "call me"}, "contact", "valid mobile number"),
        ({"contact": ""}, "contact", "This field is required."),
        ({"email": "asha"}, "email", "valid email address"),
        ({"method": "netbanking", "bank": ""}, "bank", "Please fill in this field."),
        ({"method": "netbanking", "bank": "MINE"}, "bank", "MINE is not one of"),
        ({"method": "upi", "vpa": "me@upi"}, "vpa", "me@upi is not one of"),
    ],
)
def test_a_wrong_field_is_answered_next_to_it(visitor, opened, change, field, text):
    response = visitor.post(opened, BUYER | CARD | change)

    assert response.status_code == 200
    assert text in response.context["form"].errors[field][0]
    assert html.escape(text) in response.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"key_id": "rzp_test_other"}, 401, "The api key provided is invalid"),
        ({"order_id": ""}, 400, " is not a valid id"),
        ({"order_id": "order_AAAAAAAAAAAAAA"}, 400, "The id provided does not exist"),
        ({"amount": "118001"}, 400, "Your payment amount is different from your order amount."),
        ({"callback_url": ""}, 400, "The callback_url field is required."),
        ({"callback_url": "javascript:alert(1)"}, 400, "The callback_url format is invalid."),
        ({"callback_url": "http://["}, 400, "The callback_url format is invalid."),
        ({"cancel_url": "data:text/html,x"}, 400, "The cancel_url format is invalid."),
    ],
)
def test_what_cannot_be_opened_says_why(visitor, options, change, status, text):
    response = visitor.post(reverse("sandbox:embedded"), options | change)
    assert response.status_code == status
    assert text in response.content.decode()
    assert not CheckoutSession.objects.exists()


def test_a_paid_order_cannot_be_paid_again(visitor, opened, order, pay):
    pay(order)
    response = visitor.post(opened, BUYER | UPI)
    assert returned(response)["error[description]"] == ORDER_IS_PAID
    assert Payment.objects.count() == 1


def test_two_tabs_at_once_end_with_one_payment(visitor, opened, finish):
    other = visitor.post(opened, BUYER | BANK).url
    finish(opened, UPI, outcome="success")
    visitor.post(other, {"outcome": "success"})

    assert returned(visitor.get(other))["error[reason]"] == "order_already_paid"
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["captured", "failed"]


def test_a_double_click_at_the_bank_pays_once(visitor, opened):
    bank = visitor.post(opened, BUYER | BANK).url
    for _ in range(2):
        visitor.post(bank, {"outcome": "success"})
    visitor.post(bank, {"outcome": "failure"})
    assert Payment.objects.get().status == "captured"


def test_a_waiting_authorisation_blocks_the_next_attempt(visitor, opened, order, pay):
    order.capture = Order.Capture.MANUAL
    order.save()
    pay(order)
    response = visitor.post(opened, BUYER | UPI)
    assert "another payment on this order is already authorized" in response.content.decode()


def test_when_the_time_is_over_the_page_is_closed(visitor, options):
    page = visitor.post(reverse("sandbox:embedded"), options | {"timeout": "120"}).url
    session = CheckoutSession.objects.get()
    assert timedelta(seconds=110) < session.expires_at - timezone.now() <= timedelta(seconds=120)

    CheckoutSession.objects.update(expires_at=timezone.now())
    response = visitor.post(page, BUYER | UPI)
    assert "could not complete it in time" in returned(response)["error[description]"]
    assert not Payment.objects.exists()


def test_in_the_overlay_a_success_is_told_to_the_page_that_opened_it(finish, framed, order):
    response = finish(framed, UPI, outcome="success")

    message = told(response)
    assert message["event"] == "payment.success"
    assert message["data"]["razorpay_order_id"] == order.pk
    assert set(message["data"]) == {"razorpay_payment_id", "razorpay_order_id", "razorpay_signature"}
    assert 'data-origin="https://shop.example"' in response.content.decode()


def test_in_the_overlay_a_failure_is_told_and_the_page_stays_for_a_retry(finish, framed, order):
    response = finish(framed, BANK, outcome="failure")

    error = told(response)["data"]["error"]
    assert told(response)["event"] == "payment.failed"
    assert error["metadata"] == {"payment_id": Payment.objects.get().pk, "order_id": order.pk}
    assert error["reason"] == "payment_failed"
    assert "Payment failed." in response.content.decode()
    assert response.context["form"] is not None
    finish(framed, UPI, outcome="success")
    order.refresh_from_db()
    assert (order.status, order.attempts) == ("paid", 2)


def test_without_retry_a_failure_is_the_end(visitor, options, finish):
    frame = visitor.get(reverse("sandbox:checkout"), options | {"retry": "false"}).url
    text = finish(frame, BANK, outcome="failure").content.decode()
    assert "How would you like to pay?" not in text
    assert "Close" in text


def test_only_the_shop_may_frame_the_page(visitor, framed, opened):
    inside, own = visitor.get(framed), visitor.get(opened)
    assert "frame-ancestors https://shop.example;" in inside["Content-Security-Policy"] + ";"
    assert "frame-ancestors 'self';" in own["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in inside
    assert "script-src 'self';" in inside["Content-Security-Policy"] + ";"


@pytest.mark.parametrize("origin", ["*", "https://a.example https://b.example", "https://a.example; script-src *", "x"])
def test_an_odd_origin_is_not_heeded(visitor, options, origin):
    page = visitor.get(reverse("sandbox:checkout"), options | {"origin": origin}).url
    assert CheckoutSession.objects.get().options["origin"] == ""
    assert "frame-ancestors 'self'" in visitor.get(page)["Content-Security-Policy"]


def test_the_script_defines_the_checkout(visitor):
    response = visitor.get(reverse("sandbox:checkout-js"))
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert b"window.Razorpay" in response.content


def test_a_session_is_known_by_its_secret_id_only(visitor, opened, make_order, start):
    stranger = start(make_order())
    session = opened.rstrip("/").rsplit("/", 1)[-1]
    assert len(session) >= 32
    address = reverse("sandbox:bank", kwargs={"session_id": session, "payment_id": stranger.pk})
    assert visitor.get(address).status_code == 404
    assert visitor.get(reverse("sandbox:pay", kwargs={"session_id": "guess"})).status_code == 404


def test_the_browser_may_never_return(visitor, opened, finish):
    faults.arm(Kind.NO_BROWSER_RETURN, times=1)
    response = finish(opened, UPI, outcome="success")
    text = response.content.decode()
    assert "Connection lost" in text
    assert CALLBACK not in html.unescape(text)
    assert "message" not in response.context
    assert Payment.objects.get().status == "captured"


def test_the_browser_may_bring_back_a_wrong_signature(opened, finish, order):
    faults.arm(Kind.WRONG_PAYMENT_SIGNATURE, times=1)
    fields = returned(finish(opened, UPI, outcome="success"))
    right = sign(f"{order.pk}|{fields['razorpay_payment_id']}", settings.RAZORPAY_KEY_SECRET)
    assert fields["razorpay_signature"] != right


def test_a_late_authorisation_shows_the_buyer_a_failure(opened, finish):
    faults.arm(Kind.LATE_AUTHORIZATION, times=1)
    fields = returned(finish(opened, UPI, outcome="success"))
    assert fields["error[reason]"] == "payment_timed_out"
    payment = Payment.objects.get()
    assert acquiring.authorize_late(payment.pk).status == "captured"


def test_every_test_account_is_on_the_page(visitor, opened):
    text = visitor.get(opened).content.decode()
    for vpa in instruments.VPAS:
        assert vpa in text
    assert text.count('class="fill"') == len(instruments.TEST_CARDS)


def test_odd_characters_do_no_harm(visitor, options):
    odd = {"name": "Py\0Mart", "notes[a\0b]": "c\0d", "timeout": "9" * 30, "theme[color]": "red"}
    page = visitor.post(reverse("sandbox:embedded"), options | odd).url
    session = CheckoutSession.objects.get()
    assert (session.options["name"], session.options["notes"]["ab"]) == ("PyMart", "cd")
    assert session.expires_at <= timezone.now() + timedelta(days=1)
    assert visitor.get(f"{page}?failed=%00").status_code == 200
    assert visitor.get(f"{page}payments/%00/").status_code == 401
