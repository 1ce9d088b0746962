"""What is reported to Sentry, as it leaves the house: enough to find the bug, and nobody in it."""

import json
import logging
from typing import Any

import pytest
import sentry_sdk
from celery import shared_task
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from sentry_sdk.transport import Transport

from accounts.services import issue_tokens
from pymart import sentry
from pymart.common import logs
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
EMAIL, PHONE, NAME, STREET = "asha.rao@example.com", "+919876543210", "Asha Rao", "14 Residency Road"
SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"


class Kept(Transport):
    """Sends nothing and forgets nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.events += [item.payload.json for item in envelope.items if item.type in ("event", "transaction")]


@pytest.fixture
def reports(settings):
    """The reports of this test; Sentry is off again after it."""
    settings.SENTRY_DSN = "https://key@sentry.invalid/1"
    settings.RELEASE = "2026.11.1"
    settings.SENTRY_ENVIRONMENT = "tests"
    settings.SENTRY_TRACES = 0.0
    with sentry_sdk.isolation_scope():
        transport = Kept()
        sentry.start(transport)
        yield transport.events
        sentry_sdk.get_global_scope().set_client(None)


@pytest.fixture
def user():
    return make_user(email=EMAIL, phone=PHONE, full_name=NAME)


def serve(request: WSGIRequest) -> int:
    """By the way in that Sentry looks at, which the test client goes around. Answers the status."""
    statuses: list[str] = []
    response = WSGIHandler()(request.environ, lambda status, headers: statuses.append(status))
    response.close()
    return int(statuses[0][:3])


def burst(*_args: Any, **_kwargs: Any) -> None:
    raise RuntimeError(f"mail {EMAIL}, phone {PHONE}, token {SIGNED}")


def only(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The one report, in which nobody is."""
    (event,) = reports
    text = json.dumps(event)
    for secret in (EMAIL, PHONE, PHONE.removeprefix("+91"), NAME, STREET, PASSWORD, SIGNED, "127.0.0.1"):
        assert secret not in text
    assert event["release"] == "2026.11.1"
    return event


@pytest.mark.django_db(transaction=True)
def test_a_page_that_fails(reports, user, monkeypatch):
    monkeypatch.setattr("accounts.views.login.services.log_in", burst)
    headers = {
        "Referer": f"https://shop.example/?q={EMAIL}",
        "Cookie": f"sessionid=key-of-a-session-1234567890; csrftoken={'a' * 32}",
        "X-CSRFToken": "a" * 32,
        "X-Request-ID": "of-the-app-1",
    }
    form = {"email": EMAIL, "password": PASSWORD}
    assert serve(RequestFactory().post(f"/account/login/?next=/{NAME}", form, headers=headers)) == 500

    event = only(reports)
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    assert event["request"]["url"].endswith("/account/login/")
    assert event["request"]["method"] == "POST"
    assert event["tags"]["request_id"] == "of-the-app-1"
    assert "key-of-a-session" not in json.dumps(event)
    assert not event["request"].keys() & {"data", "cookies", "query_string", "env"}
    assert all("vars" not in frame for frame in event["exception"]["values"][-1]["stacktrace"]["frames"])


def test_who_it_failed_for_is_a_number(reports, user, monkeypatch):
    monkeypatch.setattr("accounts.views.profile.render", burst)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    client.get(reverse("accounts:sessions"))

    assert only(reports)["user"] == {"id": str(user.pk)}


def test_a_call_of_the_api_that_fails(reports, user, monkeypatch):
    token = issue_tokens(user).access_token
    monkeypatch.setattr("accounts.api.views.services.update_profile", burst)
    Client(raise_request_exception=False).patch(
        "/api/v1/auth/me",
        json.dumps({"full_name": NAME, "phone": PHONE}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    event = only(reports)
    assert token not in json.dumps(event)
    assert event["user"] == {"id": str(user.pk)}


@shared_task(name="tests.burst")
def burst_task(*args: Any, **kwargs: Any) -> None:
    burst()


def test_a_task_that_fails(reports):
    burst_task.apply(
        args=[EMAIL], kwargs={"line1": STREET}, headers={logs.HEADER: {"request_id": "r1", "order": "PM-1"}}
    )

    event = only(reports)
    assert event["tags"] | {"celery_task_id": ""} == {
        "request_id": "r1", "order": "PM-1", "task": "tests.burst", "celery_task_id": "",
    }  # fmt: skip


def test_an_error_that_is_only_logged(reports):
    with logs.bound(request_id="r1", user_id=7):
        logging.getLogger("shop").error(
            "No mail for %s", EMAIL, extra={"address": STREET, "note": f"{PHONE}!", "cookies": {"sessionid": SIGNED}}
        )

    event = only(reports)
    assert event["logentry"]["formatted"] == "No mail for [e-mail]"
    assert event["user"] == {"id": "7"}


def test_a_socket_that_fails(reports):
    """As daphne logs it."""
    try:
        burst()
    except RuntimeError:
        logging.getLogger("daphne.server").exception("Exception inside application at /ws?token=%s", SIGNED)

    assert only(reports)["logger"] == "daphne.server"


@pytest.mark.django_db(transaction=True)
def test_a_measured_request(reports, settings, user):
    settings.SENTRY_TRACES = 1.0
    sentry.start(transport := Kept())
    after = settings.MIDDLEWARE.index("pymart.common.middleware.RequestIdMiddleware") + 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:after], "pymart.sentry.TagMiddleware", *settings.MIDDLEWARE[after:]]
    headers = {"Authorization": f"Bearer {SIGNED}", "X-Request-ID": "of-the-app-1"}
    asked = {"token": SIGNED, "email": EMAIL}
    assert serve(RequestFactory().get(reverse("accounts:password-reset"), asked, headers=headers)) == 200

    event = only(transport.events)
    assert event["type"] == "transaction"
    assert event["tags"]["request_id"] == "of-the-app-1"


def test_the_address_of_a_socket_is_reported_without_its_token():
    request = {"url": f"wss://shop.example/ws?token={SIGNED}&after=7", "query_string": f"token={SIGNED}&after=7"}
    assert sentry.without_persons({"request": request})["request"] == {"url": "wss://shop.example/ws"}


def test_without_an_address_nothing_is_reported(settings):
    assert settings.SENTRY_DSN == ""
    assert not sentry_sdk.get_client().is_active()
