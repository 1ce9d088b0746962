"""The checkout page without JavaScript: forms, redirects, and the form that goes back to the shop."""

import html
import re

import pytest
from django.conf import settings
from django.urls import reverse

from payments.sandbox.models import Payment
from payments.sandbox.signing import sign

CALLBACK = "https://shop.example/payments/return/?o=PM-1001"
CANCEL = "https://shop.example/orders/PM-1001/pay/"


@pytest.fixture
def order(make_order):
    return make_order()


@pytest.fixture
def open_page(client_http, order):
    """What the shop's form posts; answers the address of the page that opens."""

    def open_page(**changes) -> str:
        fields = {
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
        response = client_http.post(reverse("sandbox:embedded"), fields | changes)
        assert response.status_code == 302, response.content
        return response.url

    return open_page


@pytest.fixture
def client_http(client_without_csrf):
    return client_without_csrf


@pytest.fixture
def client_without_csrf(db):
    from django.test import Client

    return Client(enforce_csrf_checks=True)


@pytest.fixture
def finish(client_http, open_page):
    """Choose a way to pay, answer as the bank, and read the form that goes back."""

    def finish(method: dict[str, str], **answer) -> dict[str, str]:
        page = open_page()
        response = client_http.post(page, {"contact": "+919999999999", "email": "asha@example.com"} | method)
        assert response.status_code == 302, response.content.decode()
        bank = response.url
        assert client_http.get(bank).status_code == 200
        assert client_http.post(bank, answer).url == bank
        return returned(client_http.get(bank))

    return finish


def returned(response) -> dict[str, str]:
    text = response.content.decode()
    assert f'action="{html.escape(CALLBACK)}"' in text
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
    return {html.unescape(name): html.unescape(value) for name, value in pairs}


CARD = {"method": "card", "card_number": "4100 2800 0000 1007", "card_expiry": "12/30", "card_cvv": "123"}
UPI = {"method": "upi", "vpa": "success@razorpay"}
BANK = {"method": "netbanking", "bank": "HDFC"}


@pytest.mark.parametrize(("method", "answer"), [(UPI, "success"), (CARD, "success"), (BANK, "success")])
def test_a_success_goes_back_signed_with_the_key_secret(finish, order, method, answer):
    fields = finish(method, outcome=answer)

    payment = Payment.objects.get()
    assert fields == {
        "razorpay_payment_id": payment.pk,
        "razorpay_order_id": order.pk,
        "razorpay_signature": sign(f"{order.pk}|{payment.pk}", settings.RAZORPAY_KEY_SECRET),
    }
    assert payment.status == "captured"
    assert payment.method == method["method"]
    assert (payment.email, payment.contact) == ("asha@example.com", "+919999999999")
    assert payment.notes == {"number": "PM-1001"}


def test_a_failure_goes_back_as_error_fields(finish, order):
    fields = finish(BANK, outcome="failure")

    payment = Payment.objects.get()
    assert fields["error[code]"] == "BAD_REQUEST_ERROR"
    assert fields["error[reason]"] == "payment_failed"
    assert fields["error[source]"] == "gateway"
    assert fields["error[step]"] == "payment_response"
    assert fields["error[description]"].startswith("Payment was unsuccessful due to a temporary issue.")
    assert fields["error[metadata]"] == f'{{"payment_id": "{payment.pk}", "order_id": "{order.pk}"}}'
    assert payment.status == "failed"


@pytest.mark.parametrize(
    ("otp", "status"), [("1234", "captured"), ("123", "failed"), ("", "failed"), ("12ab", "failed")]
)
def test_an_otp_of_four_to_ten_digits_is_right(finish, otp, status):
    finish(CARD, outcome="otp", otp=otp)
    assert Payment.objects.get().status == status
