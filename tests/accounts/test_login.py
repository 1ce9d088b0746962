import time

import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher
from django.test import Client
from django.urls import reverse

from accounts import services
from tests.factories import PASSWORD, make_admin, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
ADMIN_LOGIN = "/admin/login/"


def log_in(client, email, password=PASSWORD, **data):
    headers = data.pop("headers", None)
    return client.post(LOGIN, {"email": email, "password": password, **data}, headers=headers)


def admin_log_in(client, email, password=PASSWORD):
    return client.post(ADMIN_LOGIN, {"username": email, "password": password, "next": "/admin/"})


def is_logged_in(client):
    return "_auth_user_id" in client.session


def test_logging_in_and_out(client):
    make_user(email="asha@example.com")
    response = log_in(client, "asha@example.com")
    assert (response.status_code, response.url) == (302, "/")
    assert is_logged_in(client)
    client.post("/account/logout/")
    assert not is_logged_in(client)


@pytest.mark.parametrize("typed", ["Asha@Example.COM", "  asha@example.com "])
def test_the_case_of_an_e_mail_does_not_matter(client, typed):
    make_user(email="asha@example.com")
    log_in(client, typed)
    assert is_logged_in(client)


def test_the_session_key_changes_and_what_a_guest_did_stays(client):
    make_user(email="asha@example.com")
    session = client.session
    session["guest"] = "cart"
    session.save()
    before = session.session_key
    log_in(client, "asha@example.com")
    assert client.session.session_key != before
    assert client.session["guest"] == "cart"


@pytest.mark.parametrize(("ticked", "ends_with_browser"), [({"remember": "on"}, False), ({}, True)])
def test_a_device_is_remembered_if_so_wished(client, ticked, ends_with_browser):
    make_user(email="asha@example.com")
    log_in(client, "asha@example.com", **ticked)
    assert client.session.get_expire_at_browser_close() is ends_with_browser


@pytest.mark.parametrize(
    ("email", "password", "is_active"),
    [
        pytest.param("nobody@example.com", PASSWORD, True, id="unknown"),
        pytest.param("asha@example.com", "wrong", True, id="wrong"),
        pytest.param("asha@example.com", PASSWORD, False, id="inactive"),
    ],
)
def test_every_refusal_reads_the_same_and_hashes_once(client, monkeypatch, email, password, is_active):
    make_user(email="asha@example.com", is_active=is_active)
    hashed = []
    encode = BCryptSHA256PasswordHasher.encode
    monkeypatch.setattr(
        BCryptSHA256PasswordHasher, "encode", lambda self, *given: hashed.append(given) or encode(self, *given)
    )
    response = log_in(client, email, password)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [services.InvalidCredentials.message]
    assert len(hashed) == 1
    assert not is_logged_in(client)


def test_what_was_typed_is_kept_but_for_the_password(client):
    response = log_in(client, "asha@example.com", "secret-word", next="/account/addresses/")
    body = response.content.decode()
    assert 'value="asha@example.com"' in body
    assert 'value="/account/addresses/"' in body
    assert "secret-word" not in body


def test_an_empty_form_names_both_fields(client):
    response = client.post(LOGIN, {})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"email", "password"}


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/account/addresses/?x=1", "/account/addresses/?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("https:evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
@pytest.mark.parametrize("way", ["query", "form"])
def test_next_never_leaves_the_site(client, target, goes_to, way):
    make_user(email="asha@example.com")
    data = {"email": "asha@example.com", "password": PASSWORD}
    if way == "query":
        response = client.post(LOGIN, data, query_params={"next": target})
    else:
        response = client.post(LOGIN, {**data, "next": target})
    assert response.url == goes_to


def test_who_is_logged_in_already_moves_on(client):
    client.force_login(make_user())
    assert client.get(LOGIN, {"next": "/cart/"}).url == "/cart/"
    assert client.get(LOGIN, {"next": "https://evil.example"}).url == "/"


# --- The limit ----------------------------------------------------------------------------------------------------


def fail_five_times(client):
    for _ in range(5):
        assert log_in(client, "asha@example.com", "wrong").status_code == 422


def test_the_sixth_attempt_is_refused_even_with_the_right_password(client):
    make_user(email="asha@example.com")
    fail_five_times(client)
    response = log_in(client, "asha@example.com")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert "Too many attempts" in response.content.decode()
    assert 'value="asha@example.com"' in response.content.decode()
    assert not is_logged_in(client)


def test_the_limit_is_the_address_s_whatever_the_account_or_cookie(client):
    make_user(email="asha@example.com")
    for number in range(5):
        log_in(Client(), f"user{number}@example.com")
    assert log_in(client, "asha@example.com").status_code == 429
    assert log_in(client, "asha@example.com", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429


def test_success_resets_the_count(client):
    make_user(email="asha@example.com")
    for _ in range(4):
        log_in(client, "asha@example.com", "wrong")
    assert log_in(client, "asha@example.com").status_code == 302
    fail_five_times(Client())


def test_the_window_passes(client, settings):
    settings.GUESSES["login"]["address"] = (1, 1)
    make_user(email="asha@example.com")
    log_in(client, "asha@example.com", "wrong")
    assert log_in(client, "asha@example.com").status_code == 429
    time.sleep(1.1)
    assert log_in(client, "asha@example.com").status_code == 302


def test_a_trusted_proxy_tells_clients_apart_and_forged_hops_do_not_count(client, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    make_user(email="asha@example.com")
    for number in range(5):
        forged = f"198.51.100.{number}, 203.0.113.9"
        log_in(client, "asha@example.com", "wrong", headers={"X-Forwarded-For": forged})
    assert log_in(client, "asha@example.com", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    assert log_in(client, "asha@example.com", headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 302


def test_the_shop_and_the_admin_count_together(client):
    make_admin(email="admin@example.com")
    for _ in range(3):
        log_in(client, "admin@example.com", "wrong")
    for _ in range(2):
        assert admin_log_in(client, "admin@example.com", "wrong").status_code == 200
    response = admin_log_in(client, "admin@example.com")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert log_in(client, "admin@example.com").status_code == 429
    assert not is_logged_in(client)


def test_the_admin_lets_staff_in_and_nobody_else(client):
    make_admin(email="admin@example.com")
    make_user(email="buyer@example.com")
    assert admin_log_in(client, "Buyer@example.com").status_code == 200
    assert not is_logged_in(client)
    assert admin_log_in(client, "Admin@example.com").status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("path", [LOGIN, ADMIN_LOGIN])
def test_without_redis_logging_in_says_that_it_cannot(client, no_redis, path):
    make_admin(email="asha@example.com")
    assert client.get(path).status_code == 200
    data = {"email": "asha@example.com", "username": "asha@example.com", "password": PASSWORD}
    response = client.post(path, data)
    assert response.status_code == 503
    assert "does not answer at the moment" in response.content.decode()
