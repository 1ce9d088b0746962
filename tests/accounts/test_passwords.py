import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import selectors, services
from accounts.models import OutboundEmail, User
from accounts.tasks import send_email
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

RESET = "/account/password/reset/"
CHANGE = "/account/password/"
NEW = "guava-river-9"


def mails():
    return OutboundEmail.objects.filter(kind="password-reset")


def follow_link(client, user, asked_at=None):
    """Open the mailed link; the page with the form, or what is there instead."""
    path = selectors.password_reset_path(user, asked_at=asked_at or timezone.now())
    return client.get(path, follow=True)


# --- Asking for a link --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["asha@example.com", "ASHA@example.com", "nobody@example.com", "gone@example.com"])
def test_asking_for_a_link_answers_the_same_for_every_address(client, email):
    make_user(email="asha@example.com")
    make_user(email="gone@example.com", is_active=False)
    response = client.post(RESET, {"email": email}, follow=True)
    assert response.redirect_chain == [("/account/password/reset/sent/", 302)]
    assert response.status_code == 200
    assert mails().count() == (email.lower() == "asha@example.com")


def test_asking_twice_in_a_row_owes_one_mail(client):
    make_user(email="asha@example.com")
    with time_machine.travel("2026-11-22 10:00:10+05:30", tick=False):
        client.post(RESET, {"email": "asha@example.com"})
        client.post(RESET, {"email": "asha@example.com"})
    assert mails().count() == 1
    with time_machine.travel("2026-11-22 10:03:00+05:30", tick=False):
        client.post(RESET, {"email": "asha@example.com"})
    assert mails().count() == 2


def test_asking_is_limited_for_known_and_unknown_addresses_alike(client, settings):
    settings.PASSWORD_RESET_ATTEMPTS = (1, 60)
    client.post(RESET, {"email": "nobody@example.com"})
    response = client.post(RESET, {"email": "nobody@example.com"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_a_mistyped_address_is_said_at_the_field(client):
    response = client.post(RESET, {"email": "asha"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"email"}


# --- Following it -------------------------------------------------------------------------------------------------


def test_the_link_sets_a_new_password_once_and_logs_in(client):
    user = make_user(email="asha@example.com")
    elsewhere = Client()
    elsewhere.force_login(user)
    response = follow_link(client, user)
    form_path = response.redirect_chain[-1][0]
    assert "set-password" in form_path
    assert client.post(form_path, {"password": NEW}).url == "/account/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_a_weak_new_password_is_refused_at_the_field(client):
    user = make_user(email="asha@example.com")
    form_path = follow_link(client, user).redirect_chain[-1][0]
    response = client.post(form_path, {"password": "asha@example.com"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"password"}
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_link_works_once(client):
    user = make_user()
    asked_at = timezone.now()
    path = selectors.password_reset_path(user, asked_at=asked_at)
    services.set_password(user=user, password=NEW)
    response = client.get(path, follow=True)
    assert response.status_code == 410
    page = response.content.decode()
    assert "<title>This link no longer works" in page
    assert f'href="{RESET}"' in page


def test_a_link_grows_old(client):
    user = make_user()
    assert follow_link(client, user, asked_at=timezone.now() - timedelta(hours=2)).status_code == 200
    assert follow_link(client, user, asked_at=timezone.now() - timedelta(hours=4)).status_code == 410


def test_a_link_does_not_open_a_closed_account(client):
    assert follow_link(client, make_user(is_active=False)).status_code == 410


@pytest.mark.parametrize("path", ["MQ/abc-def/", "x/set-password/", "%00/%00/"])
def test_a_made_up_link_is_refused(client, path):
    make_user()
    assert client.get(f"{RESET}{path}").status_code == 410


def test_a_mail_composed_twice_holds_the_same_link():
    user, asked_at = make_user(), timezone.now()
    with time_machine.travel(asked_at):
        first = selectors.password_reset_path(user, asked_at=asked_at)
    with time_machine.travel(asked_at + timedelta(minutes=5)):
        assert selectors.password_reset_path(user, asked_at=asked_at) == first


def test_the_mail_that_is_sent_leads_to_the_form(client, mailoutbox):
    make_user(email="asha@example.com")
    client.post(RESET, {"email": "asha@example.com"})
    send_email(mails().get().pk)
    [path] = re.findall(r"http://[^/]+(/account/password/reset/\S+)", mailoutbox[0].body)
    response = client.get(path, follow=True)
    assert client.post(response.redirect_chain[-1][0], {"password": NEW}).status_code == 302
    assert User.objects.get().check_password(NEW)


# --- Changing it --------------------------------------------------------------------------------------------------


def test_changing_the_password_keeps_this_session_and_ends_the_others(client):
    user = make_user()
    client.force_login(user)
    elsewhere = Client()
    elsewhere.force_login(user)
    key = client.session.session_key
    response = client.post(CHANGE, {"current_password": PASSWORD, "password": NEW})
    assert response.status_code == 302
    assert client.get("/account/").status_code == 200
    assert client.session.session_key != key
    assert elsewhere.get("/account/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.sessions.count() == 1


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"current_password": "wrong", "password": NEW}, "current_password"),
        ({"current_password": "", "password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "password": "12345678"}, "password"),
        ({"current_password": PASSWORD, "password": ""}, "password"),
    ],
)
def test_a_change_that_cannot_be_is_refused_at_its_field(client, entry, field):
    user = make_user()
    client.force_login(user)
    response = client.post(CHANGE, entry)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_current_password_cannot_be_guessed_at_leisure(client):
    client.force_login(make_user())
    for _ in range(5):
        assert client.post(CHANGE, {"current_password": "wrong", "password": NEW}).status_code == 422
    assert client.post(CHANGE, {"current_password": PASSWORD, "password": NEW}).status_code == 429
