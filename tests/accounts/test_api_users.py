import pytest

from accounts import services
from accounts.api.serializers import SHOP_ADDRESS
from accounts.models import Role, SellerProfile, SellerStatus, User
from catalog.models import Product
from pymart.common.models import AuditEntry
from tests.accounts.api import app, errors, refusal
from tests.factories import make_address, make_admin, make_product, make_seller, make_user

pytestmark = pytest.mark.django_db

USERS = "/api/v1/admin/users"


@pytest.fixture
def admin() -> User:
    return make_admin(email="admin@example.com", full_name="Meera Nair")


@pytest.fixture
def api(admin):
    return app(admin)


def emails(response) -> list[str]:
    assert response.status_code == 200
    return [row["email"] for row in response.json()["results"]]


def access(api, user, **changes):
    return api.patch(f"{USERS}/{user.pk}", changes)


# --- Finding ------------------------------------------------------------------------------------------------------


def test_accounts_are_listed_the_newest_first(api, admin):
    user = make_user(email="asha@example.com", phone="+919876543210")
    answer = api.get(USERS).json()
    assert (answer["count"], answer["next"], answer["previous"]) == (2, None, None)
    assert [row["id"] for row in answer["results"]] == [user.pk, admin.pk]
    assert answer["results"][0] == {
        "id": user.pk,
        "email": "asha@example.com",
        "full_name": "Asha Rao",
        "phone": "+919876543210",
        "avatar": None,
        "role": "buyer",
        "is_active": True,
        "date_joined": answer["results"][0]["date_joined"],
    }


@pytest.fixture
def crowd():
    make_user(email="asha@example.com", full_name="Asha Rao")
    make_user(email="rao.k@example.com", full_name="Kiran Raol", role=Role.SELLER)
    make_user(email="o%brien@example.com", full_name="Pat O'Brien", is_active=False)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "asha"}, ["asha@example.com"]),
        ({"q": " ASHA@EXAMPLE.com "}, ["asha@example.com"]),
        ({"q": "rao"}, ["rao.k@example.com", "asha@example.com"]),
        ({"q": "asha r"}, ["asha@example.com"]),
        ({"q": "sha"}, []),
        ({"q": "o%"}, ["o%brien@example.com"]),
        ({"q": "o_b"}, []),
        ({"q": "nobody"}, []),
        ({"role": "seller"}, ["rao.k@example.com"]),
        ({"role": "buyer", "is_active": "false"}, ["o%brien@example.com"]),
        ({"role": "buyer", "is_active": "true"}, ["asha@example.com"]),
        ({"is_active": "false", "q": "asha"}, []),
        ({"q": "", "role": "admin"}, ["admin@example.com"]),
    ],
)
def test_accounts_are_found(api, crowd, asked, found):
    assert emails(api.get(USERS, asked)) == found


@pytest.mark.parametrize("asked", [{"role": "boss"}, {"is_active": "maybe"}, {"page": "0"}, {"q": "x" * 101}])
def test_malformed_questions_are_400(api, asked):
    response = api.get(USERS, asked)
    assert (response.status_code, errors(response)[0][0]) == (400, next(iter(asked)))


@pytest.mark.parametrize("count", [1, 10])
def test_the_list_costs_the_same_however_long(api, count, django_assert_num_queries):
    for _ in range(count):
        make_user()
    with django_assert_num_queries(2):  # who asks, and the page, which is the last and so knows the count
        api.get(USERS)


# --- Changing -----------------------------------------------------------------------------------------------------


def test_an_account_is_closed_and_opened(api):
    user = make_user()
    pair = services.issue_tokens(user)
    assert access(api, user, is_active=False).json()["is_active"] is False
    phone = app()
    phone.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access_token}")
    assert refusal(phone.get("/api/v1/auth/me")) == (401, "user_inactive")
    assert access(api, user, is_active=True).json()["is_active"] is True
    assert refusal(phone.get("/api/v1/auth/me")) == (401, "token_not_valid")  # what was signed in stays signed out


def test_closing_an_account_ends_its_sessions(api, client):
    user = make_user()
    client.force_login(user)
    access(api, user, is_active=False)
    assert not user.sessions.exists()
    access(api, user, is_active=True)
    assert client.get("/account/").status_code == 302


def test_a_change_counts_at_the_next_request(api):
    user = make_user()
    phone = app(user)
    assert phone.get(USERS).status_code == 403
    assert access(api, user, role="admin").json()["role"] == "admin"
    assert phone.get(USERS).status_code == 200
    access(api, user, role="buyer")
    assert phone.get(USERS).status_code == 403


def test_admins_may_enter_the_admin_and_former_ones_may_not(api):
    user = make_admin()
    access(api, user, role="buyer")
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser) == (False, False)
    access(api, user, role="admin")
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser) == (True, True)


def test_staff_who_are_no_admins_stay_staff(api):
    user = make_user(is_staff=True)
    access(api, user, role="seller")
    user.refresh_from_db()
    assert user.is_staff


@pytest.mark.parametrize("changes", [{"role": "buyer"}, {"is_active": False}, {}])
def test_nobody_changes_their_own(api, admin, changes):
    assert refusal(access(api, admin, **changes)) == (403, "own_account")
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


@pytest.mark.parametrize("changes", [{"role": "buyer"}, {"is_active": False}])
def test_the_last_active_admin_stays(admin, changes):
    make_admin(is_active=False)
    with pytest.raises(services.LastAdmin):
        services.set_access(user=admin, by=make_user(is_superuser=True), **changes)
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


def test_who_changed_what_is_kept(api, admin):
    user = make_user()
    access(api, user, role="admin", is_active=False)
    access(api, admin, role="buyer")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.subject_id, entry.action) == (admin, str(user.pk), "change access")
    assert (entry.before["role"], entry.after["role"]) == ("buyer", "admin")
    assert (entry.before["is_active"], entry.after["is_active"]) == (True, False)
    assert entry.path == f"{USERS}/{user.pk}"


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({"role": "boss"}, "role", "invalid_choice"),
        ({"role": None}, "role", "null"),
        ({"is_active": "false"}, "is_active", "invalid_type"),
        ({"email": "x@example.com"}, "email", "unknown_field"),
        ({"is_superuser": True}, "is_superuser", "unknown_field"),
    ],
)
def test_what_cannot_be_changed_is_told(api, body, attr, code):
    response = access(api, make_user(), **body)
    assert (response.status_code, errors(response)) == (400, [(attr, code)])


def test_an_account_that_does_not_exist_is_404(api):
    assert api.patch(f"{USERS}/999999", {"role": "buyer"}).status_code == 404


# --- Sellers ------------------------------------------------------------------------------------------------------


def test_who_becomes_a_seller_gets_a_shop(api):
    user = make_user(full_name="Asha Rao", email="asha@example.com", phone="+919876543210")
    make_address(user, is_default=True)
    assert access(api, user, role="seller").json()["role"] == "seller"
    shop = SellerProfile.objects.get(user=user)
    assert (shop.status, shop.shop_name, shop.slug, shop.legal_name) == ("approved", "Asha Rao", "asha-rao", "Asha Rao")
    assert (shop.city, shop.state, shop.pincode) == ("Bengaluru", "Karnataka", "560025")
    assert (shop.support_email, shop.support_phone) == ("asha@example.com", "+919876543210")
    assert shop.approved_at


def test_a_shop_without_an_address_is_not_open_until_staff_enter_one(api):
    user = make_user()
    assert access(api, user, role="seller").json()["role"] == "seller"
    shop = user.seller
    assert shop.status == "applied"
    assert not shop.delivers_to("Goa")
    assert not Product.objects.listed().filter(pk=make_product(seller=shop).pk).exists()
    with pytest.raises(services.ShopAddressMissing):
        services.set_seller_status(seller=shop, status="approved")

    assert access(api, user, role="seller", shop_address=SHOP_ADDRESS).status_code == 200
    shop.refresh_from_db()
    assert (shop.status, shop.city, shop.pincode) == ("approved", "Bengaluru", "560025")
    assert shop.delivers_to("Karnataka")
    assert not shop.delivers_to("Goa")


@pytest.mark.parametrize("changes", [{}, {"role": "buyer"}, {"is_active": True}])
def test_a_shop_s_address_goes_with_the_role_of_a_seller_only(api, changes):
    response = access(api, make_user(), **changes, shop_address=SHOP_ADDRESS)
    assert (response.status_code, errors(response)) == (400, [("shop_address", "invalid")])


@pytest.mark.parametrize("name", ["Asha Rao", "आशा", "", "?"])
def test_shops_of_people_of_one_name_are_told_apart(api, name):
    for _ in range(2):
        access(api, make_user(full_name=name), role="seller")
    shops = SellerProfile.objects.all()
    assert len({shop.shop_name for shop in shops}) == len({shop.slug for shop in shops}) == 2
    assert all(shop.slug for shop in shops)


def test_a_shop_that_waits_is_approved_with_its_owner(api):
    shop = make_seller(user=make_user(), status=SellerStatus.APPLIED, approved_at=None)
    access(api, shop.user, role="seller")
    shop.refresh_from_db()
    assert shop.status == "approved"


@pytest.mark.parametrize("changes", [{"role": "buyer"}, {"is_active": False}])
def test_the_goods_of_who_sells_no_more_leave_the_shelves_until_they_do_again(api, changes):
    product = make_product()
    shop = product.seller
    access(api, shop.user, **changes)
    shop.refresh_from_db()
    assert shop.status == "suspended"
    assert not Product.objects.listed().exists()
    access(api, shop.user, role="seller", is_active=True)
    assert Product.objects.listed().exists()


def test_a_suspended_shop_stays_so_when_its_owner_s_account_is_opened(api):
    shop = make_seller(status=SellerStatus.SUSPENDED)
    access(api, shop.user, is_active=False)
    access(api, shop.user, is_active=True)
    shop.refresh_from_db()
    assert shop.status == "suspended"


def test_a_seller_who_becomes_an_admin_keeps_the_shop(api):
    shop = make_seller()
    access(api, shop.user, role="admin")
    shop.refresh_from_db()
    assert shop.status == "approved"
