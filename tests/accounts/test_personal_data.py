"""What somebody may ask of us: to see all that is kept about them, and to be forgotten."""

import json
from collections.abc import Sequence
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL.Image import Image
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts import selectors, services
from accounts.admin.sellers import SellerProfileForm
from accounts.admin.users import UserForm
from accounts.models import (
    Address,
    Notification,
    OutboundEmail,
    SellerBankAccount,
    SellerProfile,
    SellerStatus,
    User,
    UserSession,
)
from accounts.signals import OrdersUnderWay
from accounts.tasks import send_email
from cart.selectors import item_count, saved_for_later
from cart.services import save_for_later
from catalog.services import add_to_wishlist
from orders.models import Order
from orders.services import advance_seller_order, cancel_order, set_razorpay_order
from payments.gateway import PaymentSnapshot
from payments.models import Refund, RefundStatus
from payments.services import apply_payment
from pymart.common.images import encode_square
from pymart.common.models import IdempotentRequest
from reviews.services import write_review
from tests.accounts.api import app, refusal
from tests.factories import ADDRESS, PASSWORD, make_address, make_admin, make_seller, make_user, picture_file
from tests.orders.selling import STEPS
from tests.shop import fill_cart, make_variant, place

pytestmark = pytest.mark.django_db

PAGE, DOWNLOAD = "/account/data/", "/account/data/download/"
SHOP = {
    "shop_name": "Kaveri Crafts", "legal_name": "Asha Rao", "pan": "ABCPK1234L",
    "line1": "12 Cubbon Road", "city": "Bengaluru", "state": "Karnataka", "pincode": "560001",
    "support_email": "care@kaveri.example", "support_phone": "+919876543210",
}  # fmt: skip
BANK = services.BankDetails("Asha Rao", "SBIN0001234", "30204567891234")


@pytest.fixture
def asha() -> User:
    return make_user(email="asha@example.com", full_name="Asha Rao", phone="+919876543210")


@pytest.fixture
def at_home(client, asha) -> Client:
    client.force_login(asha)
    return client


def pay(order: Order) -> Order:
    payment_id = f"pay_{order.pk}"
    set_razorpay_order(order=order, razorpay_order_id=f"order_{order.pk}")
    apply_payment(PaymentSnapshot(payment_id, f"order_{order.pk}", "captured", order.total, "INR", method="upi"))
    order.refresh_from_db()
    return order


def deliver(order: Order, *, steps: Sequence[str] = STEPS) -> None:
    for part in order.seller_orders.all():
        for step in steps:
            advance_seller_order(seller_order=part, to=step, actor=part.seller.user)


def live_a_little(user: User) -> None:
    """Leave something in every corner of the shop."""
    services.update_profile(user=user, avatar=picture_file())
    IdempotentRequest.objects.create(user=user, key=uuid4().hex)
    lamp, bowl = make_variant(title="Brass Lamp"), make_variant(title="Steel Bowl")
    make_address(user)
    deliver(pay(place(user, lamp)))
    write_review(author=user, product=lamp.product, rating=4, body="Shines as on the first day.")
    add_to_wishlist(user=user, product=bowl.product)
    fill_cart(user, lamp, bowl, quantity=2)
    save_for_later(str(user.pk), variant_id=bowl.pk)


# --- To see it ----------------------------------------------------------------------------------------------------


def test_the_file_has_something_of_every_corner(at_home, asha):
    live_a_little(asha)
    response = at_home.get(DOWNLOAD)
    known = json.loads(response.content)
    assert response["Content-Disposition"].startswith('attachment; filename="your-data-')
    assert known["profile"]["email"] == "asha@example.com"
    assert known["addresses"][0]["line1"] == "14 Residency Road"
    assert known["orders"][0]["items"][0]["title"] == "Brass Lamp"
    assert known["orders"][0]["city"] == "Bengaluru"
    assert known["payments"][0]["amount"] == known["orders"][0]["total"]
    assert known["reviews"][0]["body"] == "Shines as on the first day."
    assert known["wishlist"][0]["product_title"] == "Steel Bowl"
    assert known["cart"] == [{"product": "Brass Lamp", "quantity": 2}]
    assert known["saved_for_later"] == ["Steel Bowl"]
    assert all(known[name] for name in ("notifications", "mails", "devices"))


def test_it_tells_nobody_of_others_and_no_secret(asha):
    live_a_little(make_user(email="ravi@example.com", full_name="Ravi Iyer"))
    known = json.dumps(selectors.personal_data(asha), default=str)
    assert "ravi@example.com" not in known
    assert "14 Residency Road" not in known
    assert asha.password not in known


def test_a_shop_s_owner_sees_what_is_kept_of_the_shop(client):
    shop = make_seller()
    SellerBankAccount.objects.create(
        seller=shop, holder="Asha Rao", ifsc="SBIN0001234", number="30204567891234", last4="1234"
    )
    client.force_login(shop.user)
    known = client.get(DOWNLOAD)
    assert known.json()["shop"]["gstin"] == shop.gstin
    assert known.json()["shop"]["applied_at"]
    assert known.json()["shop"]["bank_account"]["holder"] == "Asha Rao"
    assert "30204567891234" not in known.text


def test_it_costs_the_same_number_of_queries_however_much_there_is(asha):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            selectors.personal_data(asha)
        return len(made)

    live_a_little(asha)
    few = queries()
    live_a_little(asha)
    live_a_little(asha)
    assert queries() == few


# --- To be forgotten ----------------------------------------------------------------------------------------------


def test_who_leaves_is_forgotten_at_once(at_home, asha, django_capture_on_commit_callbacks):
    live_a_little(asha)
    other = Client()
    other.force_login(asha)
    picture, version = asha.avatar.name, asha.session_version
    with django_capture_on_commit_callbacks(execute=True):
        response = at_home.post(PAGE, {"current_password": PASSWORD}, follow=True)
    assert "Your account is deleted" in response.text
    assert other.get("/account/").status_code == 302
    asha.refresh_from_db()
    assert (asha.full_name, asha.phone, asha.is_active, asha.has_usable_password()) == ("", "", False, False)
    assert "asha" not in asha.email
    assert asha.is_erased
    assert asha.session_version > version
    for model in (Address, Notification, OutboundEmail, UserSession, IdempotentRequest):
        assert not model.objects.filter(user=asha).exists()
    assert (asha.avatar.name, default_storage.exists(picture)) == ("", False)
    assert not asha.wishlist.exists()
    assert (item_count(str(asha.pk)), saved_for_later(str(asha.pk))) == (0, [])
    assert not at_home.login(email="asha@example.com", password=PASSWORD)


def test_orders_stay_as_they_were_and_reviews_without_a_name(asha, client):
    live_a_little(asha)
    services.erase_account(user=asha)
    order = Order.objects.get()
    assert (order.full_name, order.line1) == ("Asha Rao", "14 Residency Road")
    page = client.get(f"/p/{asha.reviews.get().product_id}/reviews/")
    assert "Shines as on the first day." in page.text
    assert "A shopper" in page.text
    assert "Asha" not in page.text


def test_the_address_is_free_for_a_new_account(asha, client):
    services.erase_account(user=asha)
    new = {"email": "asha@example.com", "full_name": "Asha Rao", "password": "mango-tree-43", "terms": "on"}
    assert client.post("/account/register/", new).status_code == 302
    assert User.objects.filter(email="asha@example.com", is_active=True).exists()


def test_a_wrong_password_forgets_nothing_and_is_counted(at_home, asha, settings):
    settings.LOGIN_ATTEMPTS = (2, 60)
    tried = ("guava", "guava", "guava", PASSWORD)
    answers = [at_home.post(PAGE, {"current_password": password}).status_code for password in tried]
    assert answers == [422, 422, 429, 429]
    asha.refresh_from_db()
    assert asha.is_active


def test_what_is_under_way_must_arrive_first(at_home, asha):
    order = place(asha, make_variant())
    response = at_home.post(PAGE, {"current_password": PASSWORD})
    assert (response.status_code, "under way" in response.text) == (422, True)
    cancel_order(order=pay(order), actor=asha)
    assert Refund.objects.get().status != RefundStatus.PROCESSED
    assert at_home.post(PAGE, {"current_password": PASSWORD}).status_code == 422
    asha.refresh_from_db()
    assert asha.is_active
    assert asha.notifications.exists()


def test_who_was_one_of_the_staff_leaves_no_second_factor_and_no_app_signed_in(asha):
    TOTPDevice.objects.create(user=asha)
    StaticDevice.objects.create(user=asha).token_set.create(token="recovery")
    services.revoke(user=asha, refresh_token=services.issue_tokens(asha).refresh_token)
    services.issue_tokens(asha)
    services.erase_account(user=asha)
    for model in (TOTPDevice, StaticDevice, StaticToken, OutstandingToken, BlacklistedToken):
        assert not model.objects.exists()


def test_a_session_that_is_read_meanwhile_does_not_stay_in_the_cache(at_home, asha, django_capture_on_commit_callbacks):
    cache, key, content = at_home.session._cache, at_home.session.cache_key, dict(at_home.session)
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_account(user=asha)
        cache.set(key, content, 60)  # as a request of another device does
    assert cache.get(key) is None


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_whatever_is_paid_must_be_delivered_first(asha, steps):
    order = pay(place(asha, make_variant()))
    deliver(order, steps=STEPS[:steps])
    with pytest.raises(OrdersUnderWay):
        services.erase_account(user=asha)
    deliver(order, steps=STEPS[steps:])
    services.erase_account(user=asha)


def test_staff_are_not_forgotten_like_that():
    with pytest.raises(services.StaffNotErased):
        services.erase_account(user=make_admin())


@pytest.mark.parametrize("status", [SellerStatus.APPLIED, SellerStatus.REJECTED])
def test_an_application_is_forgotten_with_who_made_it(at_home, asha, status):
    services.apply_to_sell(user=asha, shop=SHOP, bank=BANK, is_registered=False, ip="203.0.113.9")
    SellerProfile.objects.update(status=status, status_reason="Asha Rao is not on the PAN card.")
    services.erase_account(user=asha)
    shop = SellerProfile.objects.get()
    kept = " ".join(map(str, model_to_dict(shop).values()))
    assert not [value for value in (*SHOP.values(), "Asha", "kaveri-crafts") if value in kept]
    assert shop.status == SellerStatus.REJECTED
    assert not SellerBankAccount.objects.exists()
    assert shop.terms.get().ip == "203.0.113.9"
    services.apply_to_sell(user=make_user(), shop=SHOP, bank=BANK, is_registered=False)  # its name is free


@pytest.mark.parametrize("status", [SellerStatus.APPROVED, SellerStatus.SUSPENDED])
def test_a_shop_that_was_open_stays_with_its_owner(status):
    shop = make_seller(status=status)
    with pytest.raises(services.ShopNotErased):
        services.erase_account(user=shop.user)
    shop.user.refresh_from_db()
    assert shop.user.is_active


def test_a_mail_that_is_owed_later_goes_nowhere(asha, mailoutbox):
    services.erase_account(user=asha)
    row = services.queue_email(kind="password-reset", key="late", user=User.objects.get(pk=asha.pk))
    send_email(row.pk)
    assert mailoutbox == []
    assert not OutboundEmail.objects.exists()


def test_an_app_can_do_both(asha):
    live_a_little(asha)
    phone = app(asha)
    known = phone.get("/api/v1/auth/me/data").json()
    assert known["profile"]["full_name"] == "Asha Rao"
    assert len(known["apps"]) == 1
    assert known["orders"][0]["total"] == str(asha.orders.get().total)
    assert refusal(phone.post("/api/v1/auth/me/erase", {"current_password": "guava"})) == (403, "wrong_password")
    assert phone.post("/api/v1/auth/me/erase", {"current_password": PASSWORD}).status_code == 204
    assert phone.get("/api/v1/auth/me").status_code == 401


def test_staff_do_it_for_who_cannot_log_in(asha, capsys):
    order = place(asha, make_variant())
    with pytest.raises(CommandError, match=r"asha@example\.com was not erased.*under way"):
        call_command("erase_account", "asha@example.com")
    cancel_order(order=order, actor=asha)
    call_command("erase_account", "Asha@example.com")
    assert "is erased" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody"):
        call_command("erase_account", "asha@example.com")
    with pytest.raises(CommandError, match="shop"):
        call_command("erase_account", make_seller().user.email)


def test_what_is_left_of_an_account_offers_staff_no_way_to_open_it(asha, client):
    client.force_login(make_admin())
    page = f"/admin/accounts/user/{asha.pk}/change/"
    User.objects.filter(pk=asha.pk).update(is_active=False)
    assert "Open the account again" in client.get(page).text
    services.erase_account(user=asha)
    assert "Open the account again" not in client.get(page).text


# --- To stay forgotten --------------------------------------------------------------------------------------------

USERS = "/admin/accounts/user/"


def filled_in(client: Client, user: User) -> dict[str, object]:
    """What the form of an account that staff have open would post."""
    form = client.get(f"{USERS}{user.pk}/change/").context["adminform"].form
    values = {name: form[name].value() for name in form.fields if name != "password"}
    shown = {name: value for name, value in values.items() if value not in (None, False)}
    return {"addresses-TOTAL_FORMS": 0, "addresses-INITIAL_FORMS": 0, **shown}


def assert_stays_erased(user: User) -> None:
    left = User.objects.get(pk=user.pk)
    assert left.is_erased
    assert (left.full_name, left.phone, left.avatar.name, left.is_active) == ("", "", "", False)
    assert not left.addresses.exists()


def test_a_form_that_staff_opened_before_brings_nothing_back(asha, client):
    client.force_login(make_admin())
    form = filled_in(client, asha)
    services.erase_account(user=asha)
    assert client.post(f"{USERS}{asha.pk}/change/", form).status_code == 403
    assert_stays_erased(asha)


def test_a_form_that_is_being_saved_meanwhile_brings_nothing_back(asha, client, monkeypatch):
    def clean_email(form: UserForm) -> str:
        services.erase_account(user=asha)
        return form.cleaned_data["email"]

    client.force_login(make_admin())
    form = filled_in(client, asha) | {"phone": "90000 00001"}
    monkeypatch.setattr(UserForm, "clean_email", clean_email)
    assert "is erased" in client.post(f"{USERS}{asha.pk}/change/", form, follow=True).text
    asha.refresh_from_db()
    assert asha.phone == "+919876543210"  # as it was: here, all of it is one transaction


def test_no_action_of_staff_opens_the_account_again(asha, client):
    client.force_login(make_admin())
    services.erase_account(user=asha)
    answer = client.post(USERS, {"action": "reopen", "_selected_action": [asha.pk]}, follow=True)
    assert "is erased" in answer.text
    assert_stays_erased(asha)


def test_a_profile_saved_meanwhile_brings_nothing_back(at_home, asha, monkeypatch):
    def encode_while_they_leave(picture: Image, *, side: int) -> ContentFile:
        services.erase_account(user=asha)
        return encode_square(picture, side=side)

    monkeypatch.setattr("accounts.services.profile.encode_square", encode_while_they_leave)
    answer = at_home.post("/account/", {"full_name": "Asha", "phone": "98765 43210", "avatar": picture_file()})
    assert (answer.status_code, "This account is closed" in answer.text) == (422, True)
    assert_stays_erased(asha)


def test_an_app_that_writes_on_is_told_that_the_account_is_closed(asha, monkeypatch):
    phone, before = app(asha), User.objects.get(pk=asha.pk)
    services.erase_account(user=asha)
    monkeypatch.setattr("accounts.selectors.user_of_claims", lambda claims: before)  # as it was when the request began
    assert refusal(phone.patch("/api/v1/auth/me", {"full_name": "Asha Rao"})) == (401, "user_inactive")
    assert_stays_erased(asha)


def test_no_address_and_no_shop_are_added_meanwhile(asha):
    before = User.objects.get(pk=asha.pk)
    services.erase_account(user=asha)
    with pytest.raises(services.UserInactive):
        services.add_address(user=before, **ADDRESS)
    with pytest.raises(services.UserInactive):
        services.apply_to_sell(user=before, shop=SHOP, bank=BANK, is_registered=False)
    assert_stays_erased(asha)
    assert not SellerProfile.objects.exists()


def test_staff_bring_nothing_back_of_an_application(asha, client, monkeypatch):
    client.force_login(make_admin())
    shop = services.apply_to_sell(user=asha, shop=SHOP, bank=BANK, is_registered=False)
    shops = "/admin/accounts/sellerprofile/"
    page = f"{shops}{shop.pk}/change/"
    form = client.get(page).context["adminform"].form
    opened_before = {name: form[name].value() for name in form.fields}
    with monkeypatch.context() as patch:
        patch.setattr(SellerProfileForm, "clean", lambda form: services.erase_account(user=asha), raising=False)
        assert "is erased" in client.post(page, opened_before, follow=True).text
    services.erase_account(user=asha)
    assert client.post(page, opened_before).status_code == 403
    answer = client.post(shops, {"action": "approve", "_selected_action": [shop.pk]}, follow=True)
    assert "is erased" in answer.text
    assert f"approve {shop.pk}" not in client.get(page).text
    shop.refresh_from_db()
    assert (shop.pan, shop.status) == ("", SellerStatus.REJECTED)


@pytest.mark.parametrize("changes", [{"is_active": True}, {"role": "seller"}, {"role": "admin"}])
def test_no_request_of_an_admin_opens_the_account_again(asha, changes):
    services.erase_account(user=asha)
    api = app(make_admin())
    assert refusal(api.patch(f"/api/v1/admin/users/{asha.pk}", changes)) == (409, "account_erased")
    assert_stays_erased(asha)
    assert not SellerProfile.objects.exists()
