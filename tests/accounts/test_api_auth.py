"""The way in over the API, and out again."""

import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher
from django.test import Client
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts import services
from accounts.models import OutboundEmail, Role, User
from tests.accounts.api import app, errors, refusal
from tests.factories import PASSWORD, make_product, make_user

pytestmark = pytest.mark.django_db

REGISTER, LOGIN, REFRESH, LOGOUT, ME = (
    f"/api/v1/auth/{name}" for name in ("register", "login", "refresh", "logout", "me")
)
ASHA = {"email": "Asha@Example.com", "password": "mango-tree-42", "full_name": "Asha Rao", "phone": "9876543210"}


def log_in(email="asha@example.com", password=PASSWORD, **headers):
    return app().post(LOGIN, {"email": email, "password": password}, headers=headers)


def me(access_token):
    return app().get(ME, headers={"Authorization": f"Bearer {access_token}"})


# --- Register -----------------------------------------------------------------------------------------------------


def test_who_registers_is_a_buyer_and_logged_in():
    response = app().post(REGISTER, ASHA)
    answer, user = response.json(), User.objects.get()
    assert (response.status_code, response["Cache-Control"]) == (201, "no-store")
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 1800)
    assert answer["user"] == {
        "id": user.pk,
        "email": "asha@example.com",
        "full_name": "Asha Rao",
        "phone": "+919876543210",
        "avatar": None,
        "role": "buyer",
        "is_active": True,
        "date_joined": answer["user"]["date_joined"],
    }
    assert answer["user"]["date_joined"].endswith("+05:30")
    assert me(answer["access_token"]).json() == answer["user"]
    assert user.check_password("mango-tree-42")
    assert OutboundEmail.objects.get().kind == "welcome"


@pytest.mark.parametrize("phone", [{}, {"phone": ""}])
def test_a_mobile_number_is_not_required(phone):
    given = {name: value for name, value in ASHA.items() if name != "phone"}
    assert app().post(REGISTER, {**given, **phone}).json()["user"]["phone"] == ""


@pytest.mark.parametrize("name", ["role", "is_active", "is_staff", "is_superuser", "id", "session_version"])
def test_nobody_makes_themselves_more_than_a_buyer(name):
    assert errors(app().post(REGISTER, {**ASHA, name: "admin"})) == [(name, "unknown_field")]
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("email", "asha", "invalid"),
        ("email", None, "null"),
        ("email", f"{'a' * 250}@example.com", "max_length"),
        ("full_name", "", "blank"),
        ("full_name", "  ", "blank"),
        ("full_name", "Win at www.evil.example", "invalid"),
        ("full_name", "x" * 121, "max_length"),
        ("phone", "12345", "invalid"),
        ("phone", "+4915112345678", "invalid"),
        ("password", "short-1", "password_too_short"),
        ("password", "12938475610", "password_entirely_numeric"),
        ("password", "password123", "password_too_common"),
        ("password", "asha@example.com", "password_too_similar"),
        ("password", "Asha Rao", "password_too_similar"),
        ("password", "x" * 201, "max_length"),
        ("password", 1234567890, "invalid_type"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field, value, code):
    response = app().post(REGISTER, {**ASHA, field: value})
    assert response.status_code == 400
    assert (field, code) in errors(response)
    assert not User.objects.exists()


def test_everything_that_is_wrong_is_told_at_once():
    response = app().post(REGISTER, {"email": "asha", "password": "short"})
    assert {attr for attr, _ in errors(response)} == {"email", "password", "full_name"}


def test_a_password_is_taken_as_typed():
    app().post(REGISTER, {**ASHA, "password": "  mango tree 42 "})
    assert User.objects.get().check_password("  mango tree 42 ")


def test_an_e_mail_has_one_account():
    make_user(email="asha@example.com")
    response = app().post(REGISTER, ASHA)
    assert refusal(response) == (409, "email_taken")
    assert errors(response)[0][0] == "email"


def test_accounts_by_one_address_are_counted_with_those_of_the_pages(settings):
    settings.REGISTER_ATTEMPTS = (1, 60)
    Client().post("/account/register/", {**ASHA, "terms": "on"})
    response = app().post(REGISTER, {**ASHA, "email": "other@example.com"})
    assert refusal(response) == (429, "throttled")
    assert 0 < int(response["Retry-After"]) <= 60


# --- Log in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["asha@example.com", "Asha@Example.COM"])
def test_logging_in_answers_tokens_and_the_user(typed):
    user = make_user(email="asha@example.com", role=Role.SELLER)
    response = log_in(typed)
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert response.json()["user"]["role"] == "seller"
    assert me(response.json()["access_token"]).json()["id"] == user.pk
    user.refresh_from_db()
    assert user.last_login


def test_no_cookie_is_set():
    make_user(email="asha@example.com")
    assert not log_in().cookies


@pytest.mark.parametrize(
    ("email", "password", "is_active"),
    [
        pytest.param("nobody@example.com", PASSWORD, True, id="unknown"),
        pytest.param("asha@example.com", "wrong", True, id="wrong"),
        pytest.param("asha@example.com", PASSWORD, False, id="inactive"),
    ],
)
def test_every_refusal_reads_the_same_and_hashes_once(monkeypatch, email, password, is_active):
    make_user(email="asha@example.com", is_active=is_active)
    hashed = []
    encode = BCryptSHA256PasswordHasher.encode
    monkeypatch.setattr(
        BCryptSHA256PasswordHasher, "encode", lambda self, *given: hashed.append(given) or encode(self, *given)
    )
    response = log_in(email, password)
    assert response.json() == {
        "type": "client_error",
        "errors": [{"code": "invalid_credentials", "detail": services.InvalidCredentials.message, "attr": None}],
    }
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert len(hashed) == 1
    assert not OutstandingToken.objects.exists()


@pytest.mark.parametrize("body", [{}, {"email": "asha@example.com"}, {"email": "asha", "password": "x"}])
def test_half_a_login_is_400_and_not_counted(settings, body):
    settings.GUESSES["login"]["address"] = (1, 60)
    make_user(email="asha@example.com")
    for _ in range(2):
        assert app().post(LOGIN, body).status_code == 400
    assert log_in().status_code == 200


def test_the_sixth_attempt_is_refused_even_with_the_right_password():
    make_user(email="asha@example.com")
    for _ in range(5):
        assert log_in(password="wrong").status_code == 401
    response = log_in()
    assert refusal(response) == (429, "throttled")
    assert 0 < int(response["Retry-After"]) <= 60
    assert (response["RateLimit-Limit"], response["RateLimit-Remaining"]) == ("5", "0")


def test_the_pages_and_the_api_count_together():
    make_user(email="asha@example.com")
    browser = Client()
    for _ in range(3):
        log_in(password="wrong")
    for _ in range(2):
        browser.post("/account/login/", {"email": "asha@example.com", "password": "wrong"})
    assert log_in().status_code == 429
    assert browser.post("/account/login/", {"email": "asha@example.com", "password": PASSWORD}).status_code == 429


def test_success_resets_the_count():
    make_user(email="asha@example.com")
    for _ in range(4):
        log_in(password="wrong")
    assert log_in().status_code == 200
    for _ in range(5):
        assert log_in(password="wrong").status_code == 401


def test_forged_proxies_do_not_get_round_the_count(settings):
    make_user(email="asha@example.com")
    for number in range(5):
        log_in(password="wrong", **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert log_in(**{"X-Forwarded-For": "203.0.113.99"}).status_code == 429
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    assert log_in(**{"X-Forwarded-For": "203.0.113.99"}).status_code == 200


def test_without_redis_logging_in_says_that_it_cannot(no_redis):
    make_user(email="asha@example.com")
    assert refusal(log_in()) == (503, "service_unavailable")


def test_an_old_token_is_no_obstacle_on_the_way_in():
    make_user(email="asha@example.com")
    old = {"Authorization": "Bearer old.token.here"}
    pair = log_in(**old).json()
    assert app().post(REFRESH, {"refresh_token": pair["refresh_token"]}, headers=old).status_code == 200


# --- Refresh ------------------------------------------------------------------------------------------------------


def test_a_refresh_token_is_exchanged_once():
    user = make_user()
    pair = services.issue_tokens(user)
    response = app().post(REFRESH, {"refresh_token": pair.refresh_token})
    answer = response.json()
    assert response.status_code == 200
    assert answer.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert me(answer["access_token"]).json()["id"] == user.pk
    again = app().post(REFRESH, {"refresh_token": pair.refresh_token})
    assert (refusal(again), again["WWW-Authenticate"]) == ((401, "token_not_valid"), "Bearer")
    assert app().post(REFRESH, {"refresh_token": answer["refresh_token"]}).status_code == 200


def test_other_tokens_are_refused():
    pair = services.issue_tokens(make_user())
    assert refusal(app().post(REFRESH, {"refresh_token": pair.access_token})) == (401, "token_not_valid")
    assert refusal(app().post(REFRESH, {"refresh_token": "x"})) == (401, "token_not_valid")
    assert me(pair.refresh_token).status_code == 401


@pytest.mark.parametrize("body", [{}, {"refresh_token": ""}, {"refresh_token": None}, {"refresh_token": 7}])
def test_no_token_is_400(body):
    response = app().post(REFRESH, body)
    assert (response.status_code, errors(response)[0][0]) == (400, "refresh_token")


def test_a_closed_account_is_told_so():
    user = make_user()
    pair = services.issue_tokens(user)
    User.objects.update(is_active=False)
    assert refusal(app().post(REFRESH, {"refresh_token": pair.refresh_token})) == (401, "user_inactive")
    response = me(pair.access_token)
    assert (refusal(response), response["WWW-Authenticate"]) == ((401, "user_inactive"), "Bearer")


def test_a_bad_token_is_refused_where_none_is_needed():
    reviews = f"/api/v1/products/{make_product().pk}/reviews"
    user = make_user()
    client = app(user)
    assert client.get(reviews).status_code == 200
    services.sign_out_everywhere(user=user)
    assert refusal(client.get(reviews)) == (401, "token_not_valid")
    assert app().get(reviews).status_code == 200


# --- Log out ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names_it", [True, False])
def test_logging_out_takes_the_refresh_token_back(names_it):
    pair = services.issue_tokens(make_user())
    response = app().post(
        LOGOUT,
        {"refresh_token": pair.refresh_token} if names_it else None,
        headers={"Authorization": f"Bearer {pair.access_token}"},
    )
    assert (response.status_code, response.content) == (204, b"")
    assert refusal(app().post(REFRESH, {"refresh_token": pair.refresh_token})) == (401, "token_not_valid")


def test_logging_out_twice_is_no_error_and_other_devices_stay():
    user = make_user()
    phone, tablet = services.issue_tokens(user), services.issue_tokens(user)
    for _ in range(2):
        response = app(user).post(LOGOUT, {"refresh_token": phone.refresh_token})
        assert response.status_code == 204
    assert app().post(REFRESH, {"refresh_token": tablet.refresh_token}).status_code == 200


def test_nobody_logs_another_out():
    pair = services.issue_tokens(make_user())
    assert refusal(app(make_user()).post(LOGOUT, {"refresh_token": pair.refresh_token})) == (401, "token_not_valid")
    assert app().post(REFRESH, {"refresh_token": pair.refresh_token}).status_code == 200
