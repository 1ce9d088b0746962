"""From a buyer to a shop: the application, its checks, the decision, and who may open what."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.emails import compose
from accounts.models import (
    Notification,
    OutboundEmail,
    Role,
    SellerBankAccount,
    SellerProfile,
    SellerTermsAcceptance,
    User,
)
from accounts.services import IllegalDecision, ReasonMissing, set_seller_status
from accounts.services.sellers import TERMS_VERSION
from pymart.common.india import may_supply, state_of_gstin, validate_ifsc, validate_pan
from tests.factories import make_admin, make_gstin, make_seller, make_user

pytestmark = pytest.mark.django_db
LANDING, APPLY, STATUS, SETTINGS = (reverse(f"sell:{name}") for name in ("landing", "apply", "status", "settings"))
HOME = reverse("seller:dashboard")
NUMBER = "30204567891234"


def application(**changes: str) -> dict[str, str]:
    return {
        "shop_name": "Kaveri Crafts",
        "legal_name": "Kaveri Crafts LLP",
        "gst": "registered",
        "gstin": "29aagcb 7383j1z4",
        "pan": "",
        "enrolment_number": "",
        "pincode": "560 001",
        "line1": "12 Cubbon Road",
        "city": "",
        "state": "",
        "support_email": "care@kaveri.example",
        "support_phone": "98765 43210",
        "bank_holder": "Kaveri Crafts LLP",
        "bank_number": NUMBER,
        "bank_number_again": NUMBER,
        "bank_ifsc": "sbin0001234",
        "terms": "on",
        **changes,
    }


@pytest.fixture
def applicant(client) -> User:
    user = make_user(email="kaveri@example.com")
    client.force_login(user)
    return user


def errors_of(response) -> dict[str, list[str]]:
    assert response.status_code == 422
    return response.context["form"].errors


def test_anybody_reads_what_selling_means(client):
    page = client.get(LANDING).content.decode()
    assert "within your own state only" in page
    assert f"{reverse('accounts:register')}?next={APPLY}" in page
    assert TERMS_VERSION in client.get(reverse("sell:terms")).content.decode()


def test_an_application_is_kept_and_waits(client, applicant):
    assert client.post(APPLY, application()).url == STATUS
    seller = applicant.seller
    assert (seller.status, seller.slug, seller.gstin) == ("applied", "kaveri-crafts", "29AAGCB7383J1Z4")
    assert (seller.city, seller.state, seller.pincode) == ("Bengaluru", "Karnataka", "560001")
    assert (seller.pan, seller.unregistered_declared_at) == ("AAGCB7383J", None)
    terms = seller.terms.get()
    assert (terms.version, terms.ip) == (TERMS_VERSION, "127.0.0.1")
    assert "Being checked" in client.get(STATUS).content.decode()
    assert client.get(APPLY).url == STATUS


def test_the_bank_account_is_encrypted_and_shown_masked(client, applicant):
    client.post(APPLY, application())
    account = SellerBankAccount.objects.get()
    assert (account.number, account.last4, account.ifsc) == (NUMBER, "1234", "SBIN0001234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM accounts_sellerbankaccount")
        assert NUMBER not in cursor.fetchone()[0]
    page = client.get(STATUS).content.decode()
    assert "•••• 1234" in page
    assert NUMBER not in page


def test_former_keys_still_open_what_they_closed(client, applicant, settings):
    client.post(APPLY, application())
    settings.DATA_KEYS = ["ZHVtbXktZHVtbXktZHVtbXktZHVtbXktZHVtbXktMDE=", *settings.DATA_KEYS]
    assert SellerBankAccount.objects.get().number == NUMBER
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    with pytest.raises(ValueError, match="No key"):
        SellerBankAccount.objects.get()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"gstin": "29AAGCB7383J1Z5"}, "gstin", "letter by letter"),
        ({"gstin": "27AAPFU0939F1ZV"}, "gstin", "of Maharashtra, the address is in Karnataka"),
        ({"gstin": ""}, "gstin", "declare"),
        ({"gst": ""}, "gst", "Choose one"),
        ({"gst": "unregistered", "gstin": ""}, "pan", "Enter your PAN"),
        ({"gst": "unregistered", "gstin": "", "pan": "ABCXK1234L"}, "pan", "Enter a PAN"),
        ({"gst": "unregistered", "pan": "ABCPK1234L", "enrolment_number": "12"}, "enrolment_number", "15"),
        ({"pincode": "5600"}, "pincode", "6-digit"),
        ({"support_phone": "12345"}, "support_phone", "10-digit"),
        ({"support_email": "care"}, "support_email", "e-mail address"),
        ({"bank_ifsc": "SBIN1001234"}, "bank_ifsc", "IFSC"),
        ({"bank_number": "12345678"}, "bank_number", "9 to 18 digits"),
        ({"bank_number_again": "30204567891235"}, "bank_number_again", "differ"),
        ({"terms": ""}, "terms", "accept the terms"),
        ({"shop_name": "Deals at www.example.com"}, "shop_name", "without links"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client, applicant, changes, field, said):
    errors = errors_of(client.post(APPLY, application(**changes)))
    assert said in " ".join(errors[field])
    assert list(errors) == [field]
    assert not SellerProfile.objects.exists()
    assert not SellerTermsAcceptance.objects.exists()


def test_who_is_not_registered_declares_it_and_is_told_what_follows(client, applicant):
    client.post(APPLY, application(gst="unregistered", gstin="29AAGCB7383J1Z4", pan="abcpk1234l"))
    seller = applicant.seller
    assert (seller.gstin, seller.pan, seller.is_registered) == ("", "ABCPK1234L", False)
    assert seller.unregistered_declared_at
    assert "delivers within Karnataka only" in client.get(STATUS).content.decode()


def test_a_shop_name_and_a_gstin_belong_to_one_shop(client, applicant):
    make_seller(shop_name="KAVERI crafts")
    assert "Another shop" in str(errors_of(client.post(APPLY, application()))["shop_name"])
    make_seller(gstin="29AAGCB7383J1Z4", state="Karnataka")
    assert "registered already" in str(errors_of(client.post(APPLY, application(shop_name="Other")))["gstin"])


def test_shops_of_the_same_sound_get_addresses_of_their_own(client, applicant):
    make_seller(slug="kaveri-crafts")
    client.post(APPLY, application())
    assert applicant.seller.slug == f"kaveri-crafts-{applicant.pk}"


def test_pressed_twice_makes_one_application(client, applicant):
    client.post(APPLY, application())
    assert client.post(APPLY, application(shop_name="Second thoughts")).url == STATUS
    assert SellerProfile.objects.get().shop_name == "Kaveri Crafts"


def test_staff_do_not_apply(client):
    client.force_login(make_admin())
    assert client.post(APPLY, application()).url == LANDING
    assert not SellerProfile.objects.exists()


def test_approving_opens_the_shop_and_tells_the_owner(client, applicant):
    client.post(APPLY, application())
    set_seller_status(seller=applicant.seller, status="approved")
    set_seller_status(seller=applicant.seller, status="approved")
    applicant.refresh_from_db()
    assert applicant.role == Role.SELLER
    told = Notification.objects.get(user=applicant)
    assert (told.type, told.title, told.url) == ("seller.status_changed", "Your shop is approved", HOME)
    mail = compose(OutboundEmail.objects.get(kind="seller-decision"))
    assert mail.subject == "Kaveri Crafts is approved"
    assert HOME in mail.body
    assert client.get(SETTINGS).status_code == 200
    assert reverse("seller:dashboard") in client.get("/help/").content.decode()


def test_a_rejection_names_its_reason_and_can_be_answered(client, applicant):
    client.post(APPLY, application())
    first = applicant.seller
    set_seller_status(seller=first, status="rejected", reason="The legal name is not the one of the GSTIN.")
    mail = compose(OutboundEmail.objects.get(kind="seller-decision"))
    assert "not the one of the GSTIN" in mail.body
    page = client.get(STATUS).content.decode()
    assert "not the one of the GSTIN" in page
    assert "Apply again" in page
    assert User.objects.get(pk=applicant.pk).role == Role.BUYER

    page = client.get(APPLY).content.decode()
    assert 'value="Kaveri Crafts LLP"' in page
    assert NUMBER not in page
    again = application(legal_name="BCB Private Limited", bank_number="", bank_number_again="")
    assert client.post(APPLY, again).url == STATUS
    seller = SellerProfile.objects.get()
    assert (seller.pk, seller.status, seller.status_reason) == (first.pk, "applied", "")
    assert seller.legal_name == "BCB Private Limited"
    assert seller.bank_account.number == NUMBER
    assert seller.terms.count() == 2


@pytest.mark.parametrize("status", ["rejected", "suspended"])
def test_saying_no_takes_a_reason(status):
    seller = make_seller(status="applied" if status == "rejected" else "approved")
    with pytest.raises(ReasonMissing):
        set_seller_status(seller=seller, status=status, reason="  ")
    assert not OutboundEmail.objects.exists()


@pytest.mark.parametrize(
    ("start", "target"), [("applied", "suspended"), ("approved", "rejected"), ("approved", "applied")]
)
def test_decisions_follow_their_table(start, target):
    with pytest.raises(IllegalDecision):
        set_seller_status(seller=make_seller(status=start), status=target, reason="Because.")


def test_each_decision_is_a_mail_of_its_own():
    seller = make_seller()
    set_seller_status(seller=seller, status="suspended", reason="Late parcels.")
    set_seller_status(seller=seller, status="approved")
    set_seller_status(seller=seller, status="suspended", reason="Late again.")
    bodies = [compose(row).body for row in OutboundEmail.objects.order_by("pk")]
    assert ["Late parcels." in bodies[0], "approved" in bodies[1], "Late again." in bodies[2]] == [True] * 3


@pytest.mark.parametrize(
    ("status", "target"), [("applied", STATUS), ("rejected", STATUS), ("suspended", STATUS), (None, LANDING)]
)
@pytest.mark.parametrize("path", [HOME, SETTINGS])
def test_seller_pages_are_for_approved_sellers(client, status, target, path):
    user = make_user(role=Role.SELLER)
    if status:
        make_seller(user, status=status, status_reason="Parcels came late.")
    client.force_login(user)
    assert client.get(path).url == target
    assert client.post(SETTINGS, {}).url == target


def test_a_suspended_seller_reads_why(client):
    seller = make_seller(status="suspended", status_reason="Parcels came late.")
    client.force_login(seller.user)
    assert "Parcels came late." in client.get(STATUS).content.decode()


@pytest.mark.parametrize("path", [APPLY, STATUS, HOME, SETTINGS])
def test_strangers_log_in_first(client, path):
    assert client.get(path).url == f"{reverse('accounts:login')}?next={path}"


def test_a_seller_changes_contact_and_street_but_not_what_staff_checked(client):
    seller = make_seller(state="Karnataka", city="Bengaluru", pincode="560001")
    client.force_login(seller.user)
    fields = {
        "support_email": "help@example.com",
        "support_phone": "98450 11111",
        "line1": "9 Brigade Road",
        "city": "Mysuru",
        "pincode": "570001",
        "state": "Kerala",
        "shop_name": "Another name",
        "gstin": make_gstin("Kerala"),
    }
    assert client.post(SETTINGS, fields).url == SETTINGS
    changed = SellerProfile.objects.get()
    assert (changed.line1, changed.city, changed.pincode) == ("9 Brigade Road", "Mysuru", "570001")
    assert (changed.support_email, changed.support_phone) == ("help@example.com", "+919845011111")
    assert (changed.state, changed.shop_name, changed.gstin) == ("Karnataka", seller.shop_name, seller.gstin)


def test_accepted_terms_are_never_changed():
    row = SellerTermsAcceptance.objects.create(seller=make_seller(), version="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        SellerTermsAcceptance.objects.filter(pk=row.pk).update(version="2")


def test_the_database_wants_a_gstin_or_a_declaration():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_seller(gstin="", unregistered_declared_at=None)


def test_facts_of_india():
    assert state_of_gstin("27AAPFU0939F1ZV") == "Maharashtra"
    for check, good, bad in [(validate_pan, "ABCPK1234L", "ABCPK12345"), (validate_ifsc, "SBIN0001234", "SBIN000123")]:
        check(good)
        with pytest.raises(ValidationError):
            check(bad)
    assert may_supply(is_registered=True, from_state="Kerala", to_state="Goa")
    assert may_supply(is_registered=False, from_state="Kerala", to_state="Kerala")
    assert not may_supply(is_registered=False, from_state="Kerala", to_state="Goa")
