import pytest

from accounts.models import Notification, OutboundEmail, Role, SellerBankAccount, SellerProfile, SellerStatus, User
from pymart.common.audit import HIDDEN
from pymart.common.models import AuditEntry
from tests.factories import make_admin, make_gstin, make_seller, make_user
from tests.shop import make_variant

pytestmark = pytest.mark.django_db

SHOPS = "/admin/accounts/sellerprofile/"


@pytest.fixture(autouse=True)
def _admin(client):
    client.force_login(make_admin())


@pytest.fixture
def applicant() -> SellerProfile:
    return make_seller(make_user(), status=SellerStatus.APPLIED, approved_at=None)


def page(seller: SellerProfile) -> str:
    return f"{SHOPS}{seller.pk}/change/"


def decide(client, action, *sellers, reason: str | None = None):
    data = {"action": action, "_selected_action": [seller.pk for seller in sellers]}
    if reason is not None:
        data |= {"confirmed": "1", "reason": reason}
    response = client.post(SHOPS, data, follow=True)
    for seller in sellers:
        seller.refresh_from_db()
    return response


def test_approving_opens_the_shop_makes_its_owner_a_seller_and_tells_them(client, applicant):
    decide(client, "approve", applicant)
    assert (applicant.status, applicant.approved_at is None) == (SellerStatus.APPROVED, False)
    assert User.objects.get(pk=applicant.user_id).role == Role.SELLER
    assert Notification.objects.get(user=applicant.user).title == "Your shop is approved"
    assert OutboundEmail.objects.filter(user=applicant.user, kind="seller-decision").exists()
    entry = AuditEntry.objects.get()
    assert (entry.before["status"], entry.after["status"]) == ("applied", "approved")


def test_several_applications_are_approved_at_once(client, applicant):
    other = make_seller(make_user(), status=SellerStatus.APPLIED, approved_at=None)
    decide(client, "approve", applicant, other)
    assert applicant.status == other.status == SellerStatus.APPROVED
    assert AuditEntry.objects.count() == 2


def test_rejecting_needs_a_reason_which_the_applicant_reads(client, applicant):
    assert "The seller reads it" in decide(client, "reject", applicant).content.decode()
    assert "required" in decide(client, "reject", applicant, reason=" ").content.decode()
    assert applicant.status == SellerStatus.APPLIED
    decide(client, "reject", applicant, reason="The GSTIN belongs to another firm.")
    assert (applicant.status, applicant.status_reason) == (SellerStatus.REJECTED, "The GSTIN belongs to another firm.")
    assert "another firm" in Notification.objects.get(user=applicant.user).body


def test_suspending_takes_the_products_off_the_shelf_and_approving_brings_them_back(client):
    product = make_variant().product
    decide(client, "suspend", product.seller, reason="Late parcels.")
    product.refresh_from_db()
    assert not product.is_listed
    decide(client, "approve", product.seller)
    product.refresh_from_db()
    assert product.is_listed


@pytest.mark.parametrize(("status", "action"), [("applied", "suspend"), ("approved", "reject")])
def test_a_decision_that_makes_no_sense_is_refused_and_not_offered(client, status, action):
    seller = make_seller(status=status)
    assert f'value="{action} {seller.pk}"' not in client.get(page(seller)).content.decode()
    refused = decide(client, action, seller, reason="Because.")
    assert f"is {status} cannot become" in refused.content.decode()
    assert seller.status == status


def test_the_status_has_no_form(client, applicant):
    form = client.get(page(applicant)).context["adminform"].form
    assert not {"status", "status_reason", "user", "approved_at"} & set(form.fields)
    data = {name: form[name].value() or "" for name in form.fields} | {"status": "approved", "city": "Nashik"}
    assert client.post(page(applicant), data).status_code == 302
    applicant.refresh_from_db()
    assert (applicant.city, applicant.status) == ("Nashik", SellerStatus.APPLIED)


def test_the_account_number_is_shown_by_its_last_digits(client, applicant):
    SellerBankAccount.objects.create(
        seller=applicant, holder="Asha Rao", ifsc="HDFC0000123", number="50100123454321", last4="4321"
    )
    html = client.get(page(applicant)).content.decode()
    assert "•••• 4321" in html
    assert "5010012345" not in html


def test_what_tells_who_owns_the_shop_stays_out_of_the_log(client, applicant):
    form = client.get(page(applicant)).context["adminform"].form
    told = {
        "pan": "ABCPE1234F", "gstin": make_gstin(number=7), "legal_name": "Asha Rao", "line1": "14 Residency Road",
        "city": "Nagpur", "pincode": "440001", "support_email": "asha@example.com", "support_phone": "9876543210",
    }  # fmt: skip
    data = {name: form[name].value() or "" for name in form.fields} | told | {"shop_name": "Kaveri Crafts"}
    assert client.post(page(applicant), data).status_code == 302
    assert AuditEntry.objects.get().after == dict.fromkeys(told, HIDDEN) | {"shop_name": "Kaveri Crafts"}


def test_shops_are_neither_added_nor_deleted_here(client, applicant):
    assert client.get(f"{SHOPS}add/").status_code == 403
    assert client.post(f"{SHOPS}{applicant.pk}/delete/", {"post": "yes"}).status_code == 403
