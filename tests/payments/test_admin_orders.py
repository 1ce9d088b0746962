"""The page of an order, and what staff do from it. Here, for payments adds to it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutboundEmail
from orders.models import Invoice, Order, OrderItem
from orders.services import advance_seller_order, cancel_order, set_razorpay_order
from payments.gateway import PaymentSnapshot
from payments.models import Payment, Refund, RefundStatus, WebhookEvent
from payments.services import apply_payment
from pymart.common.models import AuditEntry
from tests.factories import make_admin, make_seller, make_user
from tests.shop import make_variant, place, stock_of

pytestmark = pytest.mark.django_db

ORDERS = "/admin/orders/order/"


@pytest.fixture
def admin(client):
    user = make_admin()
    client.force_login(user)
    return user


def page(order: Order) -> str:
    return f"{ORDERS}{order.pk}/change/"


def placed(*variants) -> Order:
    order = place(make_user(), *(variants or [make_variant(title="Brass lamp")]))
    set_razorpay_order(order=order, razorpay_order_id=f"order_{order.pk}")
    order.refresh_from_db()
    return order


def paid(*variants) -> Order:
    order = placed(*variants)
    apply_payment(PaymentSnapshot(f"pay_{order.pk}", order.razorpay_order_id, "captured", order.total, "INR"))
    order.refresh_from_db()
    return order


def failed_refund(order: Order) -> Refund:
    cancel_order(order=order, actor=None, reason="Out of stock")
    Refund.objects.update(status=RefundStatus.FAILED, last_error="The bank said no")
    return Refund.objects.get()


def push(client, button: str, url: str = ORDERS, **data):
    return client.post(url, {"_button": button, **data}, follow=True)


def test_lists_show_money_as_the_shop_does_and_sort_it_as_numbers(client, admin):
    dear, cheap = (
        paid(make_variant(price="123456.50", mrp="123456.50")),
        paid(make_variant(price="999.00", mrp="999.00")),
    )
    shown = client.get(ORDERS, {"o": "5"}).content.decode()
    assert "₹1,23,456.50" in shown
    assert shown.index(cheap.number) < shown.index(dear.number)


def test_everything_about_an_order_is_on_its_page(client, admin):
    order = paid(make_variant(title="Brass lamp", seller=make_seller(shop_name="Lamps of Pune")))
    failed_refund(order)
    html = client.get(page(order)).content.decode()
    for said in (
        order.number, order.buyer.email, "Brass lamp", "Lamps of Pune", f"pay_{order.pk}", "The bank said no",
        "Out of stock", "order-confirmation", "Payment received", "14 Residency Road",
    ):  # fmt: skip
        assert said in html, said


def test_the_invoices_of_what_was_sent_are_on_the_order_s_page(client, admin):
    order = paid()
    part = order.seller_orders.get()
    for step in ("processing", "shipped"):
        advance_seller_order(seller_order=part, to=step, actor=admin)
    assert Invoice.objects.get().number in client.get(page(order)).content.decode()


@pytest.mark.parametrize("lines", [1, 4])
def test_the_page_costs_the_same_however_much_there_is(client, admin, django_assert_max_num_queries, lines):
    order = paid(*[make_variant() for _ in range(lines)])
    failed_refund(order)
    with django_assert_max_num_queries(24):
        client.get(page(order))


def test_money_and_status_have_no_form(client, admin):
    order = paid()
    form = client.get(page(order)).context["adminform"].form
    assert not form.fields
    assert client.post(page(order), {"status": "delivered", "total": "1.00"}).status_code == 403
    for path in ("add/", f"{order.pk}/delete/"):
        assert client.get(f"{ORDERS}{path}").status_code == 403


def test_cancelling_asks_why_and_returns_stock_and_money(client, admin):
    variant = make_variant(stock=5)
    order = paid(variant)
    asked = push(client, f"cancel {order.pk}", next=page(order))
    assert "The buyer reads it" in asked.content.decode()
    order.refresh_from_db()
    assert order.status == "paid"
    done = client.post(
        ORDERS, {**dict(asked.context["passed_on"]), "confirmed": "1", "reason": "Broken in the warehouse"}, follow=True
    )
    assert done.redirect_chain[-1][0] == page(order)
    order.refresh_from_db()
    assert (order.status, order.payment_status, order.cancel_reason) == (
        "cancelled", "refunding", "Broken in the warehouse",
    )  # fmt: skip
    assert stock_of(variant) == 5
    assert Refund.objects.get().amount == order.total
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (admin, "cancel", order.number)
    assert (entry.before["status"], entry.after["status"]) == ("paid", "cancelled")


def test_what_is_on_its_way_is_not_cancelled_and_the_page_says_so(client, admin):
    order = paid()
    part = order.seller_orders.get()
    for step in ("processing", "shipped"):
        advance_seller_order(seller_order=part, to=step, actor=admin)
    assert f"cancel {order.pk}" not in client.get(page(order)).content.decode()
    refused = push(client, f"cancel {order.pk}", confirmed="1", reason="Too late")
    assert "that is shipped cannot become cancelled" in refused.content.decode()
    assert not AuditEntry.objects.exists()


def test_a_part_moves_on_one_step_from_the_order_s_page(client, admin):
    order = paid()
    part = order.seller_orders.get()
    assert f'value="move_on {part.pk}"' in client.get(page(order)).content.decode()
    push(client, f"move_on {part.pk}", "/admin/orders/sellerorder/", next=page(order))
    order.refresh_from_db()
    assert order.status == "processing"


def test_a_failed_refund_is_asked_for_again_from_the_order_s_page(client, admin):
    order = paid()
    refund = failed_refund(order)
    assert f'value="refund_again {refund.pk}"' in client.get(page(order)).content.decode()
    done = push(client, f"refund_again {refund.pk}", "/admin/payments/refund/", next=page(order))
    assert "asked for again" in done.content.decode()
    assert sorted(Refund.objects.values_list("status", flat=True)) == ["created", "failed"]
    again = push(client, f"refund_again {refund.pk}", "/admin/payments/refund/", next=page(order))
    assert "being refunded already" in again.content.decode()
    assert Refund.objects.count() == 2


def test_what_was_paid_back_another_way_is_said_with_its_reference(client, admin):
    order = paid()
    refund = failed_refund(order)
    refunds = "/admin/payments/refund/"
    assert f'value="mark_paid_back {refund.pk}"' in client.get(page(order)).content.decode()
    asked = push(client, f"mark_paid_back {refund.pk}", refunds, next=page(order))
    assert "The buyer reads it" in asked.content.decode()
    assert Refund.objects.count() == 1
    said = {**dict(asked.context["passed_on"]), "confirmed": "1", "reason": "By bank transfer, UTR 628112345678"}
    done = client.post(refunds, said, follow=True)
    assert done.redirect_chain[-1][0] == page(order)
    assert "By bank transfer, UTR 628112345678" in done.content.decode()
    order.refresh_from_db()
    assert order.payment_status == "refunded"
    assert list(client.get(refunds, {"state": "failed"}).context["cl"].result_list) == []
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.reason) == (admin, "mark_paid_back", "By bank transfer, UTR 628112345678")
    assert "being refunded already" in client.post(refunds, said, follow=True).content.decode()


def test_a_mail_that_was_sent_goes_out_once_more(client, admin):
    order = paid()
    email = OutboundEmail.objects.get(kind="order-confirmation")
    OutboundEmail.objects.update(sent_at=timezone.now())
    push(client, f"send_again {email.pk}", "/admin/accounts/outboundemail/", next=page(order))
    again = OutboundEmail.objects.get(sent_at=None)
    assert (again.kind, again.user, again.params) == (email.kind, email.user, email.params)
    assert again.key != email.key


def test_a_mail_that_was_given_up_is_tried_anew(client, admin):
    paid()
    long_ago = timezone.now() - timedelta(days=2)
    OutboundEmail.objects.update(first_tried_at=long_ago, not_before=long_ago, attempts=9)
    email = OutboundEmail.objects.get()
    mails = "/admin/accounts/outboundemail/"
    assert list(client.get(mails, {"state": "given_up"}).context["cl"].result_list) == [email]
    push(client, f"send_again {email.pk}", mails)
    email.refresh_from_db()
    assert (email.first_tried_at, email.attempts) == (None, 0)
    assert list(client.get(mails, {"state": "waiting"}).context["cl"].result_list) == [email]


def test_an_event_that_failed_is_processed_again_and_says_what_is_wrong(client, admin):
    event = WebhookEvent.objects.create(event_id="evt_1", type="payment.captured", body='{"payload": {}}')
    events = "/admin/payments/webhookevent/"
    assert "KeyError" in push(client, f"process_again {event.pk}", events).content.decode()
    event.refresh_from_db()
    assert (event.processed_at, event.attempts) == (None, 1)
    WebhookEvent.objects.update(type="invoice.paid", body='{"payload": {}}')
    assert "1 webhook event processed" in push(client, f"process_again {event.pk}", events).content.decode()


@pytest.mark.parametrize("of", [Payment, Refund, WebhookEvent, OrderItem])
def test_money_has_no_forms(client, admin, of):
    order = paid()
    failed_refund(order)
    WebhookEvent.objects.create(event_id="evt_1", type="x", body="{}")
    if of is OrderItem:
        path = f"/admin/orders/sellerorder/{order.seller_orders.get().pk}/change/"
    else:
        path = f"/admin/payments/{of._meta.model_name}/{of.objects.get().pk}/change/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"amount": "1.00", "status": "processed"}).status_code == 403


@pytest.mark.parametrize("q", ["number", "email", "name", "razorpay"])
def test_an_order_is_found_by(client, admin, q):
    order = placed()
    placed()
    order.buyer.full_name = "Zubeida Khatoon"
    order.buyer.save()
    typed = {
        "number": order.number[:6].lower(), "email": order.buyer.email.upper(), "name": "khatoon zub",
        "razorpay": order.razorpay_order_id,
    }[q]  # fmt: skip
    if q == "number":
        Order.objects.exclude(pk=order.pk).update(number="PM-000000")
    assert list(client.get(ORDERS, {"q": typed}).context["cl"].result_list) == [order]
