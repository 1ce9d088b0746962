import pytest

from accounts.models import Role, User
from tests.factories import PASSWORD, make_address, make_admin, make_seller, make_user

pytestmark = pytest.mark.django_db

USERS = "/admin/accounts/user/"
SHOPS = "/admin/accounts/sellerprofile/"
NEW_USER = {
    "email": "Meera@Example.com",
    "full_name": "Meera Nair",
    "phone": "",
    "role": "buyer",
    "usable_password": "true",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture(autouse=True)
def _admin(client):
    client.force_login(make_admin(email="admin@example.com"))


def saved(client, path, changes):
    """Send the page's form as it stands, with these changes."""
    form = client.get(path).context["adminform"].form
    values = {name: form[name].value() for name in form.fields if name != "password"}
    data = {name: value for name, value in values.items() if value not in (None, False)} | changes
    management = {"addresses-TOTAL_FORMS": 0, "addresses-INITIAL_FORMS": 0}
    return client.post(path, {**management, **data})


def test_a_user_is_added_with_the_e_mail_in_lower_case(client):
    assert client.post(f"{USERS}add/", NEW_USER).status_code == 302
    user = User.objects.get(email="meera@example.com")
    assert user.check_password(PASSWORD)


def test_an_e_mail_that_differs_in_case_alone_is_taken(client):
    make_user(email="meera@example.com")
    response = client.post(f"{USERS}add/", NEW_USER)
    assert "email" in response.context["adminform"].form.errors


def test_who_becomes_admin_may_enter_the_admin(client):
    user = make_user(phone="+919876543210")
    assert saved(client, f"{USERS}{user.pk}/change/", {"role": "admin"}).status_code == 302
    user.refresh_from_db()
    assert (user.role, user.is_staff, user.phone) == (Role.ADMIN, True, "+919876543210")


def test_a_wrong_mobile_number_is_said_at_its_field(client):
    user = make_user()
    response = saved(client, f"{USERS}{user.pk}/change/", {"phone": "12345"})
    assert "phone" in response.context["adminform"].form.errors


def test_a_user_s_page_shows_addresses_to_look_at(client):
    user = make_user()
    make_address(user, line1="9 Church Street")
    body = client.get(f"{USERS}{user.pk}/change/").content.decode()
    assert "9 Church Street" in body
    assert 'name="addresses-0-line1"' not in body


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize(("path", "make", "queries"), [(USERS, make_user, 7), (SHOPS, make_seller, 6)])
def test_lists_cost_the_same_however_long(client, django_assert_max_num_queries, path, make, queries, rows):
    for _ in range(rows):
        make()
    with django_assert_max_num_queries(queries):
        assert client.get(path, {"q": "a"}).status_code == 200
