import pytest
from django.urls import reverse

from accounts.models import OutboundEmail, Role, User
from accounts.services import EmailTaken
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

REGISTER = "/account/register/"
ENTRY = {
    "full_name": "Asha Rao",
    "email": "Asha@Example.com",
    "phone": "098765-43210",
    "password": PASSWORD,
    "terms": "on",
}


def without(name):
    return {key: value for key, value in ENTRY.items() if key != name}


def test_a_new_buyer_is_logged_in_and_owed_a_welcome(client):
    response = client.post(REGISTER, ENTRY)
    user = User.objects.get()
    assert (response.status_code, response.url) == (302, "/")
    assert (user.email, user.full_name, user.phone) == ("asha@example.com", "Asha Rao", "+919876543210")
    assert (user.role, user.is_staff, user.is_superuser) == (Role.BUYER, False, False)
    assert user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert list(OutboundEmail.objects.values_list("kind", "key", "user")) == [
        ("welcome", f"welcome:{user.pk}", user.pk)
    ]


def test_registering_goes_on_to_where_one_came_from(client):
    assert client.post(REGISTER, {**ENTRY, "next": "/cart/"}).url == "/cart/"


def test_registering_never_leaves_the_site(client):
    assert client.post(REGISTER, {**ENTRY, "next": "//evil.example"}).url == "/"


def test_the_mobile_number_is_optional(client):
    assert client.post(REGISTER, without("phone")).status_code == 302
    assert User.objects.get().phone == ""


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "Win a phone: https://evil.example"}, "full_name"),
        ({"full_name": "x" * 121}, "full_name"),
        ({"full_name": "Asha\x00"}, "full_name"),
        ({"email": "asha"}, "email"),
        ({"email": f"{'a' * 250}@example.com"}, "email"),
        ({"phone": "12345"}, "phone"),
        ({"phone": "+1 212 555 0100"}, "phone"),
        ({"password": "short"}, "password"),
        ({"password": "password"}, "password"),
        ({"password": "8274619350"}, "password"),
        ({"password": "asha@example"}, "password"),
        ({"terms": ""}, "terms"),
    ],
)
def test_a_wrong_field_is_answered_next_to_it_and_the_rest_is_kept(client, entry, field):
    response = client.post(REGISTER, {**ENTRY, **entry})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    body = response.content.decode()
    assert f'id="id_{field}_error"' in body
    for name in {"full_name", "email", "phone"} - {field}:
        assert f'value="{ENTRY[name]}"' in body
    assert ENTRY["password"] not in body
    assert not User.objects.exists()


def test_the_terms_start_unticked(client):
    form = client.get(REGISTER).context["form"]
    assert "checked" not in str(form["terms"])


@pytest.mark.parametrize("typed", ["asha@example.com", "ASHA@example.COM"])
def test_a_taken_e_mail_is_said_at_its_field_and_nothing_is_written(client, typed):
    make_user(email="asha@example.com", full_name="Somebody Else")
    response = client.post(REGISTER, {**ENTRY, "email": typed})
    assert response.status_code == 422
    assert response.context["form"].errors == {"email": [EmailTaken.message]}
    assert "Somebody Else" not in response.content.decode()
    assert User.objects.count() == 1
    assert not OutboundEmail.objects.exists()
    assert "_auth_user_id" not in client.session


def test_an_account_lost_with_its_mail_is_no_account(client, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.services.registration.queue_email", broken)
    with pytest.raises(RuntimeError):
        client.post(REGISTER, ENTRY)
    assert not User.objects.exists()


def test_nobody_registers_without_end(client, settings):
    settings.REGISTER_ATTEMPTS = (1, 3600)
    client.post(REGISTER, {**ENTRY, "email": "first@example.com"})
    client.post("/account/logout/")
    response = client.post(REGISTER, ENTRY)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3500
    assert "try again in 60 minutes" in response.content.decode()
    assert User.objects.count() == 1


def test_without_redis_registering_says_that_it_cannot(client, no_redis):
    assert client.post(REGISTER, ENTRY).status_code == 503
    assert not User.objects.exists()


def test_login_and_registration_pass_on_where_to_go_next(client):
    for name, other in (("login", "register"), ("register", "login")):
        body = client.get(reverse(f"accounts:{name}"), {"next": "/checkout/?a=1&b=2"}).content.decode()
        assert f"{reverse(f'accounts:{other}')}?next=%2Fcheckout%2F%3Fa%3D1%26b%3D2" in body
