import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import UserSession
from accounts.sessions import device_name
from accounts.tasks import delete_old_sessions
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

SESSIONS = "/account/sessions/"
CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
)


def signed_in(user, **headers):
    client = Client(headers=headers)
    response = client.post("/account/login/", {"email": user.email, "password": PASSWORD})
    assert response.status_code == 302
    return client


def test_the_list_tells_devices_apart():
    user = make_user()
    signed_in(user, user_agent=CHROME)
    this = signed_in(user, user_agent="curl/8")
    signed_in(make_user(), user_agent="Firefox")
    rows = this.get(SESSIONS).context["sessions"]
    assert [(row.device, row.ip, row.is_this) for row in rows] == [
        ("Unknown browser", "127.0.0.1", True),
        ("Chrome on Android", "127.0.0.1", False),
    ]


def test_the_rest_can_be_signed_out(client):
    user = make_user()
    this, other, stranger = signed_in(user), signed_in(user), signed_in(make_user())
    assert this.post("/account/sessions/end/").status_code == 302
    assert this.get(SESSIONS).status_code == 200
    assert len(this.get(SESSIONS).context["sessions"]) == 1
    assert other.get(SESSIONS).status_code == 302
    assert stranger.get(SESSIONS).status_code == 200


def test_a_session_that_outlives_its_row_in_the_cache_is_refused(settings):
    user = make_user()
    this, other = signed_in(user), signed_in(user)
    kept = other.session
    this.post("/account/sessions/end/")
    kept._cache.set(kept.cache_key, dict(kept), 60)  # as if Redis had not answered when it was to forget
    assert other.get(SESSIONS).status_code == 302


def test_logging_out_leaves_no_row():
    user = make_user()
    client = signed_in(user)
    client.post("/account/logout/")
    assert not UserSession.objects.filter(user=user).exists()


def test_guests_have_sessions_of_nobody(client):
    session = client.session
    session["guest"] = "cart"
    session.save()
    assert UserSession.objects.get().user is None


def test_sessions_live_without_redis(no_redis, client):
    client.force_login(make_user())
    assert client.get(SESSIONS).status_code == 200


def test_sessions_that_ended_are_deleted():
    user = make_user()
    old, live = signed_in(user), signed_in(user)
    UserSession.objects.filter(pk=old.session.session_key).update(expire_date=timezone.now())
    delete_old_sessions()
    assert [row.pk for row in UserSession.objects.all()] == [live.session.session_key]


def test_odd_headers_and_addresses_are_no_obstacle():
    user = make_user()
    client = Client(REMOTE_ADDR="fe80::1%eth0", headers={"user-agent": "Firefox\0" + "x" * 500})
    client.post("/account/login/", {"email": user.email, "password": PASSWORD})
    row = user.sessions.get()
    assert (row.ip, len(row.user_agent)) == ("fe80::1", 300)


@pytest.mark.parametrize("sessions", [1, 10])
def test_the_list_costs_the_same_however_long(sessions, client, django_assert_num_queries):
    user = make_user()
    for _ in range(sessions):
        Client().force_login(user)
    client.force_login(user)
    client.get(SESSIONS)
    with django_assert_num_queries(3):  # the user, unread notifications, the sessions
        assert len(client.get(SESSIONS).context["sessions"]) == sessions + 1


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17 Safari/604",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("", "Unknown browser"),
    ],
)
def test_devices_have_names(user_agent, name):
    assert device_name(user_agent) == name
