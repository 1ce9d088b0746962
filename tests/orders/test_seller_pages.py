"""The seller's order pages: what is shown to whom, and moving orders on one by one or many at once."""

import re

import pytest
from django.urls import reverse

from accounts.models import Notification
from orders.models import SellerOrder
from orders.services import cancel_order
from tests.factories import make_admin, make_seller, make_user
from tests.orders.selling import pay, sold_by
from tests.shop import fill_cart, make_variant, place

pytestmark = pytest.mark.django_db
LIST, TICKED, SHIP, SLIPS = (reverse(f"seller-orders:{name}") for name in ("list", "ticked", "ship", "slips"))


@pytest.fixture
def seller(client):
    seller = make_seller(shop_name="Lamps & Co")
    client.force_login(seller.user)
    return seller


def body(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def statuses(*parts: SellerOrder) -> list[str]:
    return [SellerOrder.objects.get(pk=part.pk).status for part in parts]


def numbers(*parts: SellerOrder) -> list[str]:
    return [part.order.number for part in parts]


def dispatch(*parts: SellerOrder, carrier: str = "Delhivery", **more: str) -> dict[str, object]:
    fields: dict[str, object] = {"order": numbers(*parts), "carrier": carrier}
    for part in parts:
        fields[f"number_{part.order.number}"] = f"DL{part.pk}000"
    return {**fields, **more}


def test_the_tabs_count_and_show_the_orders_of_each_state(client, seller):
    by_status = {name: sold_by(seller, status=name) for name in ("paid", "processing", "shipped", "delivered")}
    cancelled = sold_by(seller)
    cancel_order(order=cancelled.order, actor=cancelled.order.buyer)
    unpaid = sold_by(seller, status="pending")
    shown = {
        tab: set(re.findall(r"PM-[A-Z0-9]{6}", body(client.get(LIST, {"tab": tab}))))
        for tab in ("to-pack", "shipped", "delivered", "cancelled")
    }
    assert shown == {
        "to-pack": {*numbers(by_status["paid"], by_status["processing"])},
        "shipped": {*numbers(by_status["shipped"])},
        "delivered": {*numbers(by_status["delivered"])},
        "cancelled": {*numbers(cancelled)},
    }
    assert unpaid.order.number not in str(shown)
    tabs = client.get(LIST).context["tabs"]
    assert [(tab.label, tab.count) for tab in tabs] == [
        ("To pack", 2),
        ("On its way", 1),
        ("Delivered", 1),
        ("Cancelled", 1),
    ]


def test_what_waits_longest_is_packed_first(client, seller):
    first, second = sold_by(seller), sold_by(seller)
    page = body(client.get(LIST))
    assert page.index(first.order.number) < page.index(second.order.number)


def test_an_order_is_found_by_the_beginning_of_its_number_in_any_state(client, seller):
    part, other = sold_by(seller, status="delivered"), sold_by(seller)
    for text in (part.order.number, part.order.number[3:7].lower(), f" {part.order.number.lower()} "):
        assert [row.pk for row in client.get(LIST, {"q": text}).context["page"]] == [part.pk]
    assert "No order has this number" in body(client.get(LIST, {"q": "nothing"}))
    assert other.order.number not in body(client.get(LIST, {"q": part.order.number}))


@pytest.mark.parametrize("text", ["\x00", "PM-\x00", "%", "'; --", "x" * 500, "प"])
def test_whatever_is_sought_and_ticked_is_answered(client, seller, text):
    sold_by(seller)
    assert client.get(LIST, {"q": text, "page": text, "tab": text}).status_code == 200
    assert client.get(SHIP, {"order": text}).status_code == 404
    assert client.post(TICKED, {"order": text, "to": "processing"}).status_code == 404
    assert "not a step" in said(client.post(TICKED, {"order": text, "to": text}, follow=True))[0]


def test_htmx_gets_the_list_alone(client, seller):
    part = sold_by(seller)
    headers = {"HX-Request": "true", "HX-Target": "seller-orders"}
    page = body(client.get(LIST, {"tab": "to-pack"}, headers=headers))
    assert page.strip().startswith('<div class="stack" id="seller-orders"')
    assert part.order.number in page
    page = body(client.get(part.get_absolute_url(), headers={**headers, "HX-Target": "seller-order"}))
    assert page.strip().startswith('<div class="stack" id="seller-order"')


def test_a_seller_sees_their_own_lines_and_sums_and_no_e_mail(client, seller):
    mine, theirs = (
        make_variant(seller=seller, title="Brass lamp"),
        make_variant(title="Foreign cloth", price="700.00", mrp="700.00"),
    )
    part = sold_by(seller, mine, theirs)
    for page in (
        body(client.get(LIST)),
        body(client.get(part.get_absolute_url())),
        body(client.get(SLIPS, {"order": numbers(part)})),
    ):
        assert "Brass lamp" in page
        assert "Foreign cloth" not in page
        assert "₹949" not in page
        assert part.order.buyer.email not in page
    assert "₹299" in body(client.get(part.get_absolute_url()))


@pytest.mark.parametrize(
    ("status", "address", "phone"),
    [("paid", True, True), ("processing", True, True), ("shipped", True, True), ("delivered", True, False)],
)
def test_address_and_phone_are_shown_as_long_as_they_are_needed(client, seller, status, address, phone):
    page = body(client.get(sold_by(seller, status=status, line1="9 Lake View").get_absolute_url()))
    assert ("9 Lake View" in page) is address
    assert ("98765 43210" in page) is phone


def test_nothing_of_the_buyer_is_shown_of_a_cancelled_order(client, seller):
    part = sold_by(seller, line1="9 Lake View", full_name="Meera Iyer")
    cancel_order(order=part.order, actor=part.order.buyer, reason="Takes too long")
    page = body(client.get(part.get_absolute_url()))
    assert "please do not send it" in page
    assert "Takes too long" in page
    assert "Lake View" not in page
    assert "Meera Iyer" not in page
    assert client.get(SLIPS, {"order": numbers(part)}).url == LIST


def test_an_unpaid_order_does_not_exist_for_its_seller(client, seller):
    part = sold_by(seller, status="pending")
    assert client.get(part.get_absolute_url()).status_code == 404
    assert client.post(TICKED, {"order": numbers(part), "to": "processing"}).status_code == 404


FOREIGN = [
    ("get", "detail", {}),
    ("get", "ship", {}),
    ("get", "slips", {}),
    ("post", "ticked", {"to": "processing"}),
    ("post", "ticked", {"to": "shipped"}),
    ("post", "ticked", {"to": "slips"}),
    ("post", "ship", {"carrier": "Own delivery"}),
]


@pytest.mark.parametrize(("method", "name", "fields"), FOREIGN)
@pytest.mark.parametrize("with_own", [False, True])
def test_a_foreign_order_is_not_there_and_takes_no_own_one_along(client, seller, method, name, fields, with_own):
    own, foreign = sold_by(seller), sold_by(make_seller())
    wanted = numbers(foreign, own) if with_own else numbers(foreign)
    if name == "detail":
        response = client.get(foreign.get_absolute_url())
    else:
        response = getattr(client, method)(reverse(f"seller-orders:{name}"), {"order": wanted, **fields})
    assert response.status_code == 404
    assert statuses(own, foreign) == ["paid", "paid"]


@pytest.mark.parametrize("who", ["stranger", "buyer", "admin", "applicant", "suspended"])
@pytest.mark.parametrize("name", ["list", "detail", "ticked", "ship", "slips"])
def test_seller_order_pages_are_for_approved_sellers(client, who, name):
    part = sold_by(make_seller())
    people = {
        "buyer": lambda: part.order.buyer,
        "admin": make_admin,
        "applicant": lambda: make_seller(make_user(), status="applied").user,
        "suspended": lambda: suspended(part).user,
    }
    target = {"stranger": "/account/login/", "buyer": "/sell/", "admin": "/sell/"}.get(who, "/sell/status/")
    if who in people:
        client.force_login(people[who]())
    path = part.get_absolute_url() if name == "detail" else reverse(f"seller-orders:{name}")
    fields = {"order": numbers(part), "to": "processing", "carrier": "Own delivery"}
    for response in (client.get(path, fields), client.post(path, fields)):
        assert response.url.partition("?")[0] == target
    assert statuses(part) == ["paid"]


def suspended(part: SellerOrder):
    part.seller.status = "suspended"
    part.seller.save()
    return part.seller


def test_many_orders_start_to_be_packed_with_one_press(client, seller):
    parts = [sold_by(seller) for _ in range(3)]
    response = client.post(TICKED, {"order": numbers(*parts), "to": "processing", "next": LIST}, follow=True)
    assert statuses(*parts) == ["processing"] * 3
    assert said(response) == [f"3 orders: each is being packed. {', '.join(numbers(*parts))}."]


def test_what_cannot_go_says_why_and_holds_up_no_other(client, seller):
    good, gone, twice, early = sold_by(seller), sold_by(seller), sold_by(seller, status="shipped"), sold_by(seller)
    cancel_order(order=gone.order, actor=gone.order.buyer)
    response = client.post(TICKED, {"order": numbers(good, gone, twice), "to": "processing"}, follow=True)
    assert statuses(good, gone, twice) == ["processing", "cancelled", "shipped"]
    assert said(response) == [
        f"{good.order.number} is being packed.",
        f"{gone.order.number} was cancelled meanwhile: please do not send it.",
        f"{twice.order.number} is on its way already.",
    ]
    response = client.post(TICKED, {"order": numbers(early), "to": "delivered"}, follow=True)
    assert said(response) == [f"{early.order.number} was left as it is: ship it first."]
    assert statuses(early) == ["paid"]


@pytest.mark.parametrize(
    ("fields", "words"), [({"to": "processing"}, "Tick the orders first."), ({"to": "paid"}, "not a step")]
)
def test_a_press_without_orders_or_with_no_step_changes_nothing(client, seller, fields, words):
    part = sold_by(seller)
    fields = fields if fields["to"] == "processing" else {**fields, "order": numbers(part)}
    assert words in said(client.post(TICKED, fields, follow=True))[0]
    assert statuses(part) == ["paid"]


def test_the_way_back_stays_on_this_site(client, seller):
    fields = {"order": numbers(sold_by(seller)), "to": "processing", "next": "https://elsewhere.example/"}
    assert client.post(TICKED, fields).url == LIST


def test_ticked_orders_lead_to_the_form_for_shipping_and_to_their_slips(client, seller):
    parts = [sold_by(seller, status="processing") for _ in range(2)]
    query = "&".join(f"order={number}" for number in numbers(*parts))
    assert client.post(TICKED, {"order": numbers(*parts), "to": "shipped"}).url == f"{SHIP}?{query}"
    assert client.post(TICKED, {"order": numbers(*parts), "to": "slips"}).url == f"{SLIPS}?{query}"
    assert body(client.get(f"{SLIPS}?{query}")).count('<article class="sheet"') == 2
    assert statuses(*parts) == ["processing"] * 2


def test_shipping_keeps_carrier_and_tracking_of_each_order(client, seller):
    one, two = sold_by(seller, status="processing"), sold_by(seller, status="processing")
    page = {f"url_{two.order.number}": "https://track.example/42"}
    response = client.post(SHIP, dispatch(one, two, **page), follow=True)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.status, one.carrier, one.tracking_number) == ("shipped", "Delhivery", f"DL{one.pk}000")
    assert (two.tracking_number, two.tracking_url) == (f"DL{two.pk}000", "https://track.example/42")
    assert response.redirect_chain == [(f"{LIST}?tab=shipped", 302)]
    assert Notification.objects.filter(user=one.order.buyer, title="Your order is on its way").exists()


def test_shipping_one_order_leads_back_to_it(client, seller):
    part = sold_by(seller, status="processing")
    fields = dispatch(part, carrier="other", other_carrier="Nilgiri Parcels")
    assert client.post(SHIP, fields).url == part.get_absolute_url()
    part.refresh_from_db()
    assert part.carrier == "Nilgiri Parcels"
    assert "Nilgiri Parcels" in body(client.get(part.get_absolute_url()))


def test_who_delivers_in_person_needs_no_tracking_number(client, seller):
    part = sold_by(seller, status="processing")
    client.post(SHIP, {"order": numbers(part), "carrier": "Own delivery"})
    part.refresh_from_db()
    assert (part.status, part.carrier, part.tracking_number) == ("shipped", "Own delivery", "")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"carrier": ""}, "carrier", "Choose who carries it"),
        ({"carrier": "Hermes"}, "carrier", "valid choice"),
        ({"carrier": "other"}, "other_carrier", "name of the carrier"),
        ({"number": ""}, "number", "Enter the tracking number"),
        ({"number": "<b>12345</b>"}, "number", "letters, digits"),
        ({"url": "javascript:alert(1)"}, "url", "address of a page"),
    ],
)
def test_a_wrong_dispatch_is_said_at_its_field_and_ships_nothing(client, seller, changes, field, words):
    part = sold_by(seller, status="processing")
    number = part.order.number
    changes = {f"{name}_{number}" if name in ("number", "url") else name: value for name, value in changes.items()}
    response = client.post(SHIP, {**dispatch(part), **changes})
    assert response.status_code == 422
    name = f"{field}_{number}" if field in ("number", "url") else field
    assert words in " ".join(response.context["form"].errors[name])
    assert statuses(part) == ["processing"]


def test_a_dispatch_of_several_ships_those_that_can_go(client, seller):
    ready, unpacked, gone = sold_by(seller, status="processing"), sold_by(seller), sold_by(seller)
    cancel_order(order=gone.order, actor=gone.order.buyer)
    form = body(client.get(SHIP, {"order": numbers(ready, unpacked, gone)}))
    assert "Start packing it first" in form
    assert "please do not send it" in form
    response = client.post(SHIP, dispatch(ready, unpacked, gone), follow=True)
    assert statuses(ready, unpacked, gone) == ["shipped", "paid", "cancelled"]
    assert said(response) == [
        f"{ready.order.number} is on its way.",
        f"{unpacked.order.number} was left as it is: start packing it first.",
        f"{gone.order.number} was cancelled meanwhile: please do not send it.",
    ]


def test_shipping_twice_changes_nothing(client, seller):
    part = sold_by(seller, status="processing")
    client.post(SHIP, dispatch(part), follow=True)
    response = client.post(SHIP, dispatch(part, carrier="DTDC"), follow=True)
    part.refresh_from_db()
    assert part.carrier == "Delhivery"
    assert said(response) == [f"{part.order.number} is on its way already."]


def test_the_notifications_of_a_seller_lead_to_their_page_of_the_order(client, seller):
    part = sold_by(seller)
    cancel_order(order=part.order, actor=part.order.buyer)
    urls = Notification.objects.filter(user=seller.user).values_list("type", "url")
    assert set(urls) == {("order.placed", part.get_absolute_url()), ("order.cancelled", part.get_absolute_url())}


def test_the_pages_cost_the_same_for_one_and_for_a_hundred_orders(client, seller, django_assert_max_num_queries):
    lamp = make_variant(seller=seller, stock=1000)
    parts = [sold_by(seller, lamp)]
    for count in (1, 100):
        while len(parts) < count:
            buyer = make_user()
            fill_cart(buyer, lamp)
            parts.append(pay(place(buyer)).seller_orders.get())
        with django_assert_max_num_queries(9):
            body(client.get(LIST))
        with django_assert_max_num_queries(7):
            body(client.get(parts[0].get_absolute_url()))
        with django_assert_max_num_queries(7):
            body(client.get(SLIPS, {"order": numbers(*parts)}))
        with django_assert_max_num_queries(7):
            body(client.get(SHIP, {"order": numbers(*parts)}))
