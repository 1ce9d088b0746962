import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.services import OwnAccount, forget_second_factor
from pymart.common.models import AuditEntry
from tests.accounts.second_factor import code_of
from tests.factories import PASSWORD, make_admin, make_user

pytestmark = pytest.mark.django_db

INDEX = "/admin/"
ASK = "/admin/second-factor/"
SET_UP = "/admin/second-factor/set-up/"
CODES = "/admin/second-factor/recovery-codes/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def connected(user) -> tuple[Client, list[str]]:
    """A browser in which the user connected an app, and the recovery codes."""
    client = logged_in(user)
    client.get(SET_UP)
    page = client.post(SET_UP, {"code": code_of(user, confirmed=False)})
    return client, page.context["codes"]


def may_enter(client) -> bool:
    return client.get(INDEX).status_code == 200


def test_the_password_alone_leads_to_setting_it_up_whichever_way_one_logs_in():
    user = make_admin()
    for login, fields in (
        ("/admin/login/?next=/admin/orders/order/", {"username": user.email, "password": PASSWORD}),
        ("/account/login/?next=/admin/orders/order/", {"email": user.email, "password": PASSWORD}),
    ):
        client = Client()
        assert client.post(login, {**fields, "next": "/admin/orders/order/"}).status_code == 302
        response = client.get("/admin/orders/order/", follow=True)
        assert response.redirect_chain[-1][0] == SET_UP
        assert "authenticator app" in response.content.decode()


def test_an_app_that_shows_its_code_is_connected_and_lets_one_in(clock):
    user = make_admin()
    client = logged_in(user)
    page = client.get(SET_UP)
    assert 'src="data:image/svg+xml' in page.content.decode()
    assert not may_enter(client)
    done = client.post(SET_UP, {"code": code_of(user, confirmed=False)})
    assert len(done.context["codes"]) == 10
    assert "no-store" in done["Cache-Control"]
    assert may_enter(client)
    assert AuditEntry.objects.get().action == "set_up_second_factor"


def test_the_next_time_the_code_is_asked_for_and_leads_where_one_was_going(clock):
    user = make_admin()
    connected(user)
    clock.shift(30)
    client = logged_in(user)
    asked = client.get("/admin/orders/order/", follow=True)
    assert asked.redirect_chain[-1][0].startswith(ASK)
    done = client.post(ASK, {"code": f" {code_of(user)[:3]} {code_of(user)[3:]}", "next": "/admin/orders/order/"})
    assert done.url == "/admin/orders/order/"
    assert client.get(done.url).status_code == 200
    assert AuditEntry.objects.first().action == "log_in"


def test_no_code_leads_to_another_site(clock):
    user = make_admin()
    connected(user)
    clock.shift(30)
    done = logged_in(user).post(ASK, {"code": code_of(user), "next": "https://evil.example/"})
    assert done.url == INDEX


def test_a_code_is_good_once(clock):
    user = make_admin()
    connected(user)
    clock.shift(30)
    code = code_of(user)
    assert logged_in(user).post(ASK, {"code": code}).status_code == 302
    again = logged_in(user)
    assert again.post(ASK, {"code": code}).status_code == 400
    assert not may_enter(again)


@pytest.mark.parametrize("code", ["000000", "", "12345", "ABCD-EFGH-JKLM-NPQR", "x" * 41, "१२३४५६", "²³¹²³¹"])
def test_a_wrong_code_lets_nobody_in(clock, code):
    user = make_admin()
    connected(user)
    client = logged_in(user)
    assert client.post(ASK, {"code": code}).status_code in (200, 400)
    assert not may_enter(client)


def test_guessing_is_throttled_whatever_browser_it_comes_from(clock, settings):
    user = make_admin()
    connected(user)
    settings.GUESSES["second-factor"]["pair"] = (3, 600)
    statuses = [logged_in(user).post(ASK, {"code": "000000"}).status_code for _ in range(4)]
    assert statuses[-1] == 429
    clock.shift(30)
    refused = logged_in(user).post(ASK, {"code": code_of(user)})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "Too many attempts" in refused.content.decode()


def test_a_recovery_code_lets_in_once_and_only_its_owner(clock):
    user, other = make_admin(), make_admin()
    _, codes = connected(user)
    connected(other)
    assert logged_in(other).post(ASK, {"code": codes[0]}).status_code == 400
    client = logged_in(user)
    assert client.post(ASK, {"code": codes[0].lower()}).status_code == 302
    assert may_enter(client)
    assert logged_in(user).post(ASK, {"code": codes[0]}).status_code == 400
    assert logged_in(user).post(ASK, {"code": codes[1]}).status_code == 302


def test_recovery_codes_are_kept_as_digests(clock):
    _, codes = connected(make_admin())
    assert not {code.replace("-", "") for code in codes} & set(StaticToken.objects.values_list("token", flat=True))


def test_new_recovery_codes_void_the_old_ones(clock):
    user = make_admin()
    client, old = connected(user)
    new = client.post(CODES).context["codes"]
    assert logged_in(user).post(ASK, {"code": old[0]}).status_code == 400
    assert logged_in(user).post(ASK, {"code": new[0]}).status_code == 302


def test_who_has_not_shown_the_factor_replaces_nothing(clock):
    user = make_admin()
    connected(user)
    client = logged_in(user)
    assert client.get(SET_UP).url == ASK
    assert client.post(SET_UP, {"code": "000000"}).url == ASK
    assert client.post(CODES).status_code == 302
    assert TOTPDevice.objects.filter(user=user).count() == 1


def test_another_app_takes_the_place_of_the_first(clock):
    user = make_admin()
    client, _ = connected(user)
    first = TOTPDevice.objects.get()
    client.get(SET_UP)
    clock.shift(60)
    client.post(SET_UP, {"code": code_of(user, confirmed=False)})
    assert TOTPDevice.objects.get().key != first.key
    assert may_enter(client)


def test_an_admin_makes_a_colleague_start_anew_but_not_themselves(clock):
    admin, colleague = make_admin(), make_admin()
    client, _ = connected(admin)
    connected(colleague)
    users = "/admin/accounts/user/"
    client.post(users, {"action": "forget_second_factor", "_selected_action": [colleague.pk]})
    assert not TOTPDevice.objects.filter(user=colleague).exists()
    assert AuditEntry.objects.filter(action="forget_second_factor", subject_id=str(colleague.pk)).exists()
    with pytest.raises(OwnAccount):
        forget_second_factor(user=admin, by=admin)


def test_the_only_admin_starts_anew_from_the_shell_of_the_machine(clock):
    user = make_admin(email="meera@example.com")
    connected(user)
    with pytest.raises(CommandError, match="none of the staff"):
        call_command("forget_second_factor", make_user().email)
    call_command("forget_second_factor", "Meera@example.com", verbosity=0)
    assert logged_in(User.objects.get(pk=user.pk)).get(INDEX, follow=True).redirect_chain[-1][0] == SET_UP


def test_customers_are_sent_to_the_log_in(clock):
    client = logged_in(make_user())
    for page in (ASK, SET_UP):
        assert client.get(page).url.startswith("/admin/login/")


def test_where_it_is_not_required_only_who_has_one_is_asked(clock, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert may_enter(logged_in(make_admin()))
    user = make_admin()
    connected(user)
    assert not may_enter(logged_in(user))


def test_secrets_are_on_no_page_of_the_admin(clock):
    client, _ = connected(make_admin())
    html = client.get(INDEX).content.decode()
    assert not re.search(r"/admin/(otp_|token_|django_celery)", html)
