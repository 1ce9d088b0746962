"""Guessing is slowed down for whoever guesses, from wherever, and never for the owner in a browser of theirs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import devices
from accounts.services import set_password
from pymart.common import redis
from tests.accounts.second_factor import code_of
from tests.factories import PASSWORD, make_admin, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
API_LOGIN = "/api/v1/auth/login"
OWNER, STRANGER = "203.0.113.7", "198.51.100.1"


@pytest.fixture
def owner():
    return make_user(email="asha@example.com")


@pytest.fixture
def limits(settings):
    return settings.GUESSES["login"]


def at(address: str, *, like: Client | None = None) -> Client:
    """A browser at that address, with the cookies of another one."""
    client = Client(REMOTE_ADDR=address)
    if like is not None:
        client.cookies[devices.COOKIE] = like.cookies[devices.COOKIE].value
    return client


def log_in(client: Client, email: str = "asha@example.com", password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"email": email, "password": password}).status_code


def guess(client: Client, times: int, email: str = "asha@example.com") -> int:
    """The last answer."""
    return [log_in(client, email, f"guess-{number}") for number in range(times)][-1]


def known_browser(address: str = OWNER) -> Client:
    client = at(address)
    assert log_in(client) == 302
    client.post("/account/logout/")
    return client


# --- The owner gets in ----------------------------------------------------------------------------------------------


def test_a_browser_of_the_owner_gets_in_while_a_stranger_at_the_same_address_is_refused(owner):
    browser = known_browser()
    assert guess(at(OWNER), 6) == 429
    assert log_in(at(OWNER)) == 429
    assert log_in(browser) == 302


def test_a_browser_of_the_owner_gets_in_while_the_whole_world_guesses(owner, limits):
    limits["strangers"] = (3, 3600)
    browser = known_browser()
    for number in range(4):
        log_in(at(f"198.51.100.{number}"), password="wrong")
    assert log_in(at("198.51.100.9")) == 429
    assert log_in(at("203.0.113.200", like=browser)) == 302  # on the train


def test_an_address_of_the_owner_gets_in_without_a_cookie_while_the_whole_world_guesses(owner, limits):
    """An app, which keeps no cookies."""
    limits["strangers"] = (3, 3600)
    body = {"email": owner.email, "password": PASSWORD}
    assert at(OWNER).post(API_LOGIN, body, "application/json").status_code == 200
    for number in range(4):
        log_in(at(f"198.51.100.{number}"), password="wrong")
    assert at(STRANGER).post(API_LOGIN, body, "application/json").status_code == 429
    assert at(OWNER).post(API_LOGIN, body, "application/json").status_code == 200


def test_a_new_password_opens_the_account_to_new_devices_again(owner, limits, django_capture_on_commit_callbacks):
    limits["strangers"] = (3, 3600)
    for number in range(4):
        log_in(at(f"198.51.100.{number}"), password="wrong")
    assert log_in(at(OWNER)) == 429
    with django_capture_on_commit_callbacks(execute=True):
        set_password(user=owner, password="papaya-tree-43")
    assert log_in(at(OWNER), password="papaya-tree-43") == 302


# --- Nobody else does -----------------------------------------------------------------------------------------------


def test_guesses_from_many_addresses_are_counted_together(owner, limits):
    limits["strangers"] = (5, 3600)
    statuses = [log_in(at(f"198.51.100.{number}"), password="wrong") for number in range(6)]
    assert statuses == [422] * 5 + [429]


def test_one_address_has_few_guesses_at_an_account_in_an_hour(owner, limits):
    limits |= {"address": (100, 60), "pair": (5, 3600)}
    assert guess(at(STRANGER), 6) == 429
    assert log_in(at(STRANGER), make_user().email) == 302


def test_what_is_refused_at_the_address_is_not_held_against_the_account(owner, limits):
    limits["strangers"] = (6, 3600)
    assert guess(at(STRANGER), 20) == 429  # five of them were looked at
    assert log_in(at(OWNER)) == 302


def test_logging_in_to_an_account_of_ones_own_pays_for_no_guesses_at_others(owner):
    make_user(email="eve@example.com")
    thief = at(STRANGER)
    guess(thief, 4)
    assert log_in(thief, "eve@example.com") == 302
    thief.post("/account/logout/")
    assert guess(at(STRANGER), 2) == 429


def test_accounts_that_do_not_exist_are_counted_like_those_that_do(owner, limits):
    limits["strangers"] = (3, 3600)
    for email in (owner.email, "nobody@example.com"):
        statuses = [log_in(at(f"198.51.100.{number}"), email, "wrong") for number in range(4)]
        assert statuses == [422, 422, 422, 429]


def test_a_browser_of_the_owner_has_few_guesses_too(owner, limits):
    limits["device"] = (3, 600)
    browser = known_browser()
    assert guess(browser, 4) == 429
    assert log_in(at(OWNER)) == 302  # and uses up nobody else's


# --- The cookie -----------------------------------------------------------------------------------------------------


def test_the_cookie_is_for_the_server_alone_and_names_nobody(owner, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = at(OWNER)
    log_in(client)
    cookie = client.cookies[devices.COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert "asha" not in cookie.value
    assert str(owner.pk) not in cookie.value.split(":")


@pytest.mark.parametrize(
    "change", [lambda value: value[:-1] + "x", lambda value: value.replace(":", ":x", 1), lambda value: ""]
)
def test_a_forged_cookie_is_a_stranger_s(owner, limits, change):  # fmt: skip
    browser = known_browser()
    browser.cookies[devices.COOKIE] = change(browser.cookies[devices.COOKIE].value)
    guess(at(OWNER), 5)
    assert log_in(browser) == 429


def test_the_cookie_of_one_account_is_no_help_with_another(owner):
    make_user(email="eve@example.com")
    thief = at(STRANGER)
    log_in(thief, "eve@example.com")
    thief.post("/account/logout/")
    assert guess(thief, 6) == 429


def test_a_family_shares_a_browser(owner):
    other = make_user(email="ravi@example.com")
    browser = known_browser()
    log_in(browser, other.email)
    browser.post("/account/logout/")
    guess(at(OWNER), 5)
    assert log_in(browser) == 302


def test_a_cookie_grows_old(owner, time_machine):
    browser = known_browser()
    time_machine.move_to(timezone.now() + devices.AGE + timedelta(minutes=1))
    guess(at(OWNER), 5)
    assert log_in(browser) == 429


def test_a_cookie_outlives_a_rotation_of_the_key(owner, settings):
    settings.SECRET_KEY_FALLBACKS = []
    browser = known_browser()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-next-one-the-next-one-the-next-one-the-next-one"
    guess(at(OWNER), 5)
    assert log_in(browser) == 302


def test_counters_name_nobody(owner):
    guess(at(STRANGER), 2)
    with redis.connection() as client:
        assert not [key for key in client.scan_iter(redis.key("*")) if b"asha" in key]


# --- The second factor ----------------------------------------------------------------------------------------------

SET_UP, ASK = "/admin/second-factor/set-up/", "/admin/second-factor/"


@pytest.fixture
def staff(settings, time_machine):
    """One of the staff, and a browser in which they have shown their app."""
    settings.STAFF_SECOND_FACTOR = True
    time_machine.move_to("2026-11-23T10:00:00+05:30", tick=False)
    user = make_admin(email="meera@example.com")
    browser = at(OWNER)
    assert log_in(browser, user.email) == 302
    browser.get(SET_UP)
    browser.post(SET_UP, {"code": code_of(user, confirmed=False)})
    browser.post("/account/logout/")
    time_machine.shift(30)
    return user, browser


def with_password(client: Client, user) -> Client:
    assert log_in(client, user.email) == 302
    return client


def test_who_knows_the_password_cannot_keep_the_owner_from_the_second_factor(staff):
    user, browser = staff
    thief = with_password(at(STRANGER), user)
    assert [thief.post(ASK, {"code": "000000"}).status_code for _ in range(6)][-1] == 429
    with_password(browser, user)
    assert browser.post(ASK, {"code": code_of(user)}).status_code == 302


def test_codes_guessed_from_many_addresses_are_counted_together(staff, settings):
    user, browser = staff
    settings.GUESSES["second-factor"]["strangers"] = (3, 3600)
    thieves = [with_password(at(f"198.51.100.{number}"), user) for number in range(4)]
    assert [thief.post(ASK, {"code": "000000"}).status_code for thief in thieves] == [400, 400, 400, 429]
    with_password(browser, user)
    assert browser.post(ASK, {"code": code_of(user)}).status_code == 302


def test_the_password_alone_makes_no_browser_of_the_owner_s(staff):
    user, _ = staff
    thief = with_password(at(STRANGER), user)
    assert devices.COOKIE not in thief.cookies
