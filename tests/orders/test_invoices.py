"""Invoices and bills of supply: made when a part is shipped, numbered without gaps, with the tax that is due."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.emails import compose
from accounts.models import OutboundEmail, SellerProfile
from catalog.models import Product
from orders.models import Invoice, InvoiceLine, InvoiceSeries, SellerOrder
from orders.selectors import invoice_drift
from orders.services import IllegalTransition, advance_seller_order, cancel_order, issue_invoice
from pymart.common.gst import financial_year
from tests.factories import make_seller, make_user
from tests.orders.selling import sold_by
from tests.shop import make_variant

pytestmark = pytest.mark.django_db
YEAR = financial_year(timezone.localdate())


def number(serial: int, prefix: str = "INV") -> str:
    """Of this financial year."""
    return f"{prefix}/{YEAR[2:4]}{YEAR[5:]}/{serial:06}"


@pytest.fixture
def seller() -> SellerProfile:
    return make_seller(state="Karnataka", city="Bengaluru", pincode="560001", legal_name="Cauvery Crafts LLP")


def goods(seller: SellerProfile, *, rate: str = "18", hsn: str = "83062990", **fields: str):
    variant = make_variant(seller=seller, **fields)
    Product.objects.filter(pk=variant.product_id).update(gst_rate=Decimal(rate), hsn=hsn)
    return variant


def amounts(row: Invoice | InvoiceLine) -> list[str]:
    return [str(getattr(row, name)) for name in ("taxable", "cgst", "sgst", "igst", "total")]


def test_within_the_state_the_tax_is_halved(seller):
    part = sold_by(seller, goods(seller, price="1180.00", mrp="1400.00", title="Brass lamp"), status="shipped")
    invoice = part.invoice
    assert (invoice.kind, invoice.number, invoice.financial_year) == ("tax_invoice", number(1), YEAR)
    assert amounts(invoice) == ["1000.00", "90.00", "90.00", "0.00", "1180.00"]
    assert (invoice.gstin, invoice.legal_name, invoice.place_of_supply) == (
        seller.gstin,
        "Cauvery Crafts LLP",
        "Karnataka",
    )
    line = invoice.lines.get()
    assert (line.description, line.hsn, line.quantity, line.gst_rate) == ("Brass lamp", "83062990", 1, Decimal("18.00"))


def test_across_states_it_is_integrated_tax_and_delivery_is_taxed_as_the_goods(seller):
    part = sold_by(
        seller, goods(seller, price="250.00"), status="shipped", state="Kerala", city="Kochi", pincode="682001"
    )
    invoice = part.invoice
    assert [(line.description.split()[0], amounts(line)) for line in invoice.lines.all()] == [
        ("Brass", ["211.86", "0.00", "0.00", "38.14", "250.00"]),
        ("Delivery", ["41.53", "0.00", "0.00", "7.47", "49.00"]),
    ]
    assert amounts(invoice) == ["253.39", "0.00", "0.00", "45.61", "299.00"]
    assert invoice.place_of_supply_code == "32"
    assert invoice.lines.last().hsn == "83062990"


def test_delivery_has_the_code_of_the_dearest_goods_of_its_rate(seller):
    cheap = goods(seller, price="50.00", title="Wick", hsn="59080010")
    dear = goods(seller, price="250.00", title="Lamp", hsn="83062990")
    invoice = sold_by(seller, cheap, dear, status="shipped").invoice
    assert invoice.lines.get(description="Delivery").hsn == "83062990"


def test_delivery_of_goods_with_two_rates_is_split_by_value(seller):
    lamp = goods(seller, price="250.00", rate="18")
    book = goods(seller, price="100.00", rate="5", hsn="49019900")
    invoice = sold_by(seller, lamp, book, status="shipped").invoice
    delivery = [(line.gst_rate, line.total) for line in invoice.lines.filter(description="Delivery")]
    assert delivery == [(Decimal("5.00"), Decimal("14.00")), (Decimal("18.00"), Decimal("35.00"))]
    assert invoice.total == Decimal("399.00")


def test_exempt_goods_beside_taxed_ones_make_an_invoice_cum_bill(seller):
    invoice = sold_by(
        seller, goods(seller, price="500.00", mrp="500.00"), goods(seller, price="300.00", rate="0"), status="shipped"
    ).invoice
    assert (invoice.kind, invoice.number) == ("invoice_cum_bill", number(1))
    assert invoice.taxable + invoice.cgst + invoice.sgst == Decimal("800.00")
    only_exempt = sold_by(seller, goods(seller, price="600.00", mrp="600.00", rate="0"), status="shipped").invoice
    assert (only_exempt.kind, only_exempt.number) == ("bill_of_supply", number(1, "BOS"))


def test_who_is_not_registered_gives_a_bill_of_supply_without_tax(client):
    seller = make_seller(gstin="", state="Karnataka", pincode="560001")
    part = sold_by(seller, goods(seller, price="250.00"), status="shipped")
    assert (part.invoice.kind, part.invoice.number) == ("bill_of_supply", number(1, "BOS"))
    assert amounts(part.invoice) == ["299.00", "0.00", "0.00", "0.00", "299.00"]
    client.force_login(seller.user)
    page = client.get(reverse("seller-orders:invoice", args=[part.order.number])).content.decode()
    assert "no tax is charged" in page
    assert "CGST" not in page
    assert "IGST" not in page


def test_each_seller_counts_for_themselves_from_one_in_each_financial_year(seller):
    numbers = [sold_by(seller, status="shipped").invoice.number for _ in range(2)]
    assert numbers == [number(1), number(2)]
    assert sold_by(make_seller(), status="shipped").invoice.number == number(1)
    midnight = datetime(2039, 3, 31, 18, 30, tzinfo=UTC)  # 1 April in India
    issued = issue_invoice(sold_by(seller, status="processing"), at=midnight)
    assert (issued.number, issued.financial_year) == ("INV/3940/000001", "2039-40")
    assert invoice_drift() == []


def test_a_dispatch_that_fails_gives_its_number_back(seller, monkeypatch):
    part = sold_by(seller, status="processing")
    with monkeypatch.context() as patch:
        patch.setattr("orders.services.progress.queue_email", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            advance_seller_order(seller_order=part, to="shipped", actor=seller.user)
    assert not Invoice.objects.exists()
    advance_seller_order(seller_order=part, to="shipped", actor=seller.user)
    assert Invoice.objects.get().number == number(1)


def test_what_is_not_shipped_has_no_invoice_and_what_is_has_one(seller):
    packed, cancelled = sold_by(seller, status="processing"), sold_by(seller)
    cancel_order(order=cancelled.order, actor=cancelled.order.buyer)
    shipped = sold_by(seller, status="delivered")
    with pytest.raises(IllegalTransition):
        advance_seller_order(seller_order=shipped, to="shipped", actor=seller.user)
    assert set(Invoice.objects.values_list("seller_order", flat=True)) == {shipped.pk}
    assert SellerOrder.objects.filter(pk=packed.pk, invoice=None).exists()


def test_an_invoice_stays_as_it_was_made(seller):
    invoice = sold_by(seller, status="shipped").invoice
    SellerProfile.objects.update(legal_name="Another LLP", line1="Elsewhere")
    invoice.refresh_from_db()
    assert invoice.legal_name == "Cauvery Crafts LLP"
    for rows in (Invoice.objects.all(), InvoiceLine.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(total=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()


def test_gaps_are_found(seller):
    sold_by(seller, status="shipped")
    assert invoice_drift() == []
    InvoiceSeries.objects.update(last=4)
    sold_by(seller, status="shipped")
    assert [str(drift) for drift in invoice_drift()] == [
        f"invoices INV of seller {seller.pk} in {YEAR}: 2 instead of 5"
    ]


def test_seller_and_buyer_print_it_with_all_that_rule_46_asks_for(client, seller):
    part = sold_by(seller, goods(seller, price="1180.00", mrp="1400.00"), status="shipped", full_name="Meera Iyer")
    mine = reverse("seller-orders:invoice", args=[part.order.number])
    theirs = reverse("orders:invoice", args=[part.order.number, part.invoice.pk])
    for user, path, parent in [
        (seller.user, mine, part.get_absolute_url()),
        (part.order.buyer, theirs, part.order.get_absolute_url()),
    ]:
        client.force_login(user)
        assert path in client.get(parent).content.decode()
        page = client.get(path).content.decode()
        for particular in (
            "Tax invoice", number(1), seller.gstin, "Cauvery Crafts LLP", "7 MG Road", "Meera Iyer",
            "14 Residency Road", "Place of supply: Karnataka (code 29)", "83062990", "1,000.00", "18%", "CGST",
            "SGST", "90.00", "1,180.00", "reverse charge: no", 'data-label="Taxable value"', 'data-label="CGST"',
        ):  # fmt: skip
            assert particular in page


def test_a_receipt_leads_to_the_invoices_and_tells_of_what_went_back(client, seller):
    sent, waiting = sold_by(seller, status="shipped"), sold_by(seller)
    cancel_order(order=waiting.order, actor=waiting.order.buyer, reason="")
    for part, said in [(sent, sent.invoice.number), (waiting, "Your refund of ₹")]:
        client.force_login(part.order.buyer)
        page = client.get(reverse("orders:receipt", args=[part.order.number])).content.decode()
        assert said in page
        assert f'href="{part.order.get_absolute_url()}"' in page


def test_foreign_invoices_are_not_there(client, seller):
    part = sold_by(seller, status="shipped")
    mine = reverse("seller-orders:invoice", args=[part.order.number])
    theirs = reverse("orders:invoice", args=[part.order.number, part.invoice.pk])
    for user in (make_seller().user, make_user()):
        client.force_login(user)
        assert client.get(theirs).status_code == 404
        assert client.get(mine).status_code in (302, 404)
    client.force_login(part.order.buyer)
    assert client.get(mine).url == "/sell/"
    client.force_login(seller.user)
    assert client.get(theirs).status_code == 404


def test_two_sellers_of_an_order_do_not_see_each_other_s_invoices(client, seller):
    other = make_seller()
    part = sold_by(seller, make_variant(seller=seller), make_variant(seller=other), status="shipped")
    client.force_login(other.user)
    assert client.get(reverse("seller-orders:invoice", args=[part.order.number])).status_code == 404


def test_the_mail_of_the_dispatch_leads_to_it(seller):
    part = sold_by(seller, status="shipped")
    mail = compose(OutboundEmail.objects.get(kind="order-shipped"))
    path = reverse("orders:invoice", args=[part.order.number, part.invoice.pk])
    assert f"Tax invoice {number(1)}: http://127.0.0.1:8000{path}" in mail.body
    assert path in str(mail.alternatives[0].content)


def test_in_a_union_territory_the_second_half_is_its_own():
    seller = make_seller(state="Chandigarh", city="Chandigarh", pincode="160022")
    part = sold_by(seller, status="shipped", state="Chandigarh", city="Chandigarh", pincode="160022")
    assert (part.invoice.states_tax, part.invoice.is_intra) == ("UTGST", True)


def test_an_order_page_costs_the_same_with_invoices(client, seller, django_assert_max_num_queries):
    part = sold_by(seller, make_variant(seller=seller), make_variant(), status="shipped")
    client.force_login(part.order.buyer)
    with django_assert_max_num_queries(8):
        assert client.get(part.order.get_absolute_url()).status_code == 200
