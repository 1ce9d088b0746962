import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import OutboundEmail, Role, User
from pymart.common.models import AuditEntry
from tests.factories import make_admin, make_product, make_seller, make_user

pytestmark = pytest.mark.django_db

USERS = "/admin/accounts/user/"


@pytest.fixture
def admin(client) -> User:
    user = make_admin()
    client.force_login(user)
    return user


@pytest.fixture
def support(client) -> User:
    """One of the staff who may change users, and no more."""
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    client.force_login(user)
    return user


def page(user) -> str:
    return f"{USERS}{user.pk}/change/"


def saved(client, user, **changes):
    form = client.get(page(user)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields if name != "password"}
    data = {name: value for name, value in values.items() if value not in (None, False)} | changes
    return client.post(page(user), {"addresses-TOTAL_FORMS": 0, "addresses-INITIAL_FORMS": 0, **data}, follow=True)


def act(client, action, *users, **data):
    ids = [user.pk for user in users]
    return client.post(USERS, {"action": action, "_selected_action": ids, **data}, follow=True)


def test_who_is_given_a_group_may_enter_the_admin_and_who_loses_it_may_not(client, admin):
    user, group = make_user(), Group.objects.create(name="Night shift")
    saved(client, user, groups=[group.pk])
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.role) == (True, False, Role.BUYER)
    assert list(user.groups.all()) == [group]
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == (
        {"groups": [], "is_staff": False},
        {"groups": ["Night shift"], "is_staff": True},
    )
    saved(client, user, groups=[])
    user.refresh_from_db()
    assert not user.is_staff


def test_an_admin_who_becomes_a_buyer_may_nothing_here_any_more(client, admin):
    user = make_admin()
    saved(client, user, role="buyer")
    user.refresh_from_db()
    assert (user.role, user.is_staff, user.is_superuser) == (Role.BUYER, False, False)


def test_a_new_admin_and_a_new_seller_are_what_they_are_called(client, admin):
    for role in ("admin", "seller"):
        data = {"email": f"{role}@example.com", "full_name": "Meera Nair", "role": role, "usable_password": "false"}
        assert client.post(f"{USERS}add/", data).status_code == 302
    assert User.objects.get(email="admin@example.com").is_superuser
    assert User.objects.get(email="seller@example.com").seller.status == "applied"  # until its address is known


def test_nobody_changes_what_they_may_do_themselves(client, admin):
    form = client.get(page(admin)).context["adminform"].form
    assert not {"role", "is_active", "groups", "is_staff", "is_superuser"} & set(form.fields)
    saved(client, admin, role="buyer", is_active="", full_name="Somebody Else")
    admin.refresh_from_db()
    assert (admin.role, admin.is_active, admin.full_name) == (Role.ADMIN, True, "Somebody Else")
    assert "Nobody changes" in act(client, "close", admin, confirmed="1", reason="x").content.decode()
    admin.refresh_from_db()
    assert admin.is_active


def test_the_last_active_admin_stays_one(client):
    last = make_admin()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    response = saved(client, last, role="buyer")
    assert "last active admin" in response.content.decode()
    last.refresh_from_db()
    assert (last.role, last.is_superuser) == (Role.ADMIN, True)
    assert not AuditEntry.objects.exists()


def test_closing_an_account_asks_why_signs_out_and_closes_the_shop(client, admin):
    seller = make_seller()
    product = make_product(seller=seller)
    asked = act(client, "close", seller.user)
    assert "Reason" in asked.content.decode()
    seller.user.refresh_from_db()
    assert seller.user.is_active
    act(client, "close", seller.user, confirmed="1", reason="Sold counterfeit watches")
    version = seller.user.session_version
    seller.user.refresh_from_db()
    product.refresh_from_db()
    assert (seller.user.is_active, product.is_listed) == (False, False)
    assert seller.user.session_version > version
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("close", "Sold counterfeit watches")
    assert entry.after["is_active"] is False


def test_a_reason_must_be_given(client, admin):
    user = make_user()
    response = act(client, "close", user, confirmed="1", reason=" ")
    assert "This field is required" in response.content.decode()
    user.refresh_from_db()
    assert user.is_active


def test_a_link_to_choose_a_new_password_is_mailed_to_its_owner(client, admin):
    user = make_user()
    act(client, "send_password_link", user)
    assert OutboundEmail.objects.get().user == user


def test_nobody_logs_in_as_somebody_else(client, admin):
    html = client.get(page(make_user())).content.decode().lower()
    assert "log in as" not in html
    assert "impersonate" not in html


def test_no_account_is_deleted(client, admin):
    user = make_user()
    assert client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    act(client, "delete_selected", user, post="yes")
    assert User.objects.filter(pk=user.pk).exists()


def test_support_mends_names_and_closes_accounts_of_customers(client, support):
    user = make_user()
    saved(client, user, full_name="Asha Rao-Iyer", email="thief@example.com", role="admin")
    act(client, "close", user, confirmed="1", reason="They asked for it")
    email = user.email
    user.refresh_from_db()
    assert (user.full_name, user.email, user.role, user.is_active) == ("Asha Rao-Iyer", email, Role.BUYER, False)


@pytest.mark.parametrize("colleague", [{"role": Role.ADMIN, "is_superuser": True}, {}])
def test_support_cannot_touch_staff(client, support, colleague):
    user = make_user(is_staff=True, **colleague)
    assert client.post(page(user), {"full_name": "x", "email": "x@example.com"}).status_code == 403
    for action, data in [("close", {"confirmed": "1", "reason": "x"}), ("sign_out", {})]:
        assert "admins’ business" in act(client, action, user, **data).content.decode().replace("&#x27;", "’")
    user.refresh_from_db()
    assert (user.is_active, user.session_version) == (True, 0)


def test_support_sets_no_passwords_and_adds_nobody(client, support):
    assert client.get(f"{USERS}{make_user().pk}/password/").status_code == 403
    assert client.get(f"{USERS}add/").status_code == 403


def test_a_group_with_members_is_not_deleted(client, admin):
    group = Group.objects.create(name="Night shift")
    make_user().groups.add(group)
    assert client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403
