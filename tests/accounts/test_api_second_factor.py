"""Staff who use the API: their password alone opens nothing."""

import pytest
import time_machine
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.test import APIClient

from accounts.models import Role
from accounts.services import issue_tokens, new_recovery_codes, set_access
from tests.accounts.api import app, errors, refusal
from tests.accounts.second_factor import code_of
from tests.factories import PASSWORD, make_admin, make_user

pytestmark = pytest.mark.django_db

LOGIN, REFRESH, USERS = "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/admin/users"


@pytest.fixture(autouse=True)
def clock(settings):
    settings.STAFF_SECOND_FACTOR = True
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def admin():
    """With an app that is connected."""
    admin = make_admin(email="asha@example.com")
    TOTPDevice.objects.create(user=admin, name="Authenticator app", confirmed=True)
    return admin


def log_in(**more: str):
    return app().post(LOGIN, {"email": "asha@example.com", "password": PASSWORD, **more})


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_with_the_code_staff_are_in_and_stay_so(admin, clock):
    pair = log_in(code=code_of(admin)).json()
    clock.shift(60)
    renewed = app().post(REFRESH, {"refresh_token": pair["refresh_token"]}).json()
    for token in (pair["access_token"], renewed["access_token"]):
        assert with_token(token).get(USERS).status_code == 200


def test_a_recovery_code_does_too_once(admin):
    code = new_recovery_codes(user=admin)[0]
    assert log_in(code=code).status_code == 200
    assert (log_in(code=code).status_code, errors(log_in(code=code))) == (400, [("code", "wrong_code")])


@pytest.mark.parametrize("is_required", [True, False])
def test_who_has_an_app_is_asked_for_its_code(admin, settings, is_required):
    settings.STAFF_SECOND_FACTOR = is_required
    for response in (log_in(), log_in(code="")):
        assert (response.status_code, errors(response)) == (401, [("code", "second_factor_required")])
    admin.refresh_from_db()
    assert admin.last_login is None


def test_a_wrong_password_is_told_before_any_code(admin):
    response = log_in(password="wrong", code=code_of(admin))
    assert refusal(response) == (401, "invalid_credentials")


def test_guessing_is_throttled(admin, settings):
    settings.GUESSES["second-factor"]["pair"] = (2, 60)
    assert [log_in(code="000000").status_code for _ in range(3)] == [400, 400, 429]
    assert log_in(code=code_of(admin)).status_code == 429


def test_staff_without_an_app_set_it_up_first_where_they_must(settings):
    make_admin(email="asha@example.com")
    assert refusal(log_in(code="123456")) == (401, "second_factor_required")
    settings.STAFF_SECOND_FACTOR = False
    assert log_in().status_code == 200


def test_tokens_from_before_somebody_was_staff_do_not_do(admin):
    user = make_user()
    pair = issue_tokens(user)
    set_access(user=user, by=admin, role=Role.ADMIN)
    for response in (
        with_token(pair.access_token).get(USERS),
        app().post(REFRESH, {"refresh_token": pair.refresh_token}),
    ):
        assert refusal(response) == (401, "second_factor_required")


def test_everybody_else_logs_in_as_ever():
    make_user(email="asha@example.com")
    assert log_in(code="").status_code == log_in().status_code == 200
