from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from accounts.services import mark_read, notify
from pymart.common.templatetags.ui import ago
from tests.factories import make_user

pytestmark = pytest.mark.django_db
INBOX = "/account/notifications/"
PANEL = {"HX-Request": "true", "HX-Target": "bell-panel"}
LIST = {"HX-Request": "true", "HX-Target": "inbox"}


def tell(user, **fields) -> Notification:
    return notify(user=user, **{"type": "order.paid", "title": "Payment received", **fields})


@pytest.fixture
def user(client):
    user = make_user()
    client.force_login(user)
    return user


def test_the_page_shows_the_last_fifty_of_ones_own_newest_first(client, user):
    tell(make_user(), title="For somebody else")
    for number in range(55):
        tell(user, title=f"News {number:02}")
    page = client.get(INBOX).content.decode()
    assert page.count('class="inbox__item') == 50
    assert page.index("News 54") < page.index("News 05")
    assert "News 04" not in page
    assert "For somebody else" not in page


def test_unread_ones_are_marked_and_counted_on_the_bell(client, user):
    read = tell(user)
    tell(user)
    mark_read(user=user, ids=[read.pk])
    page = client.get(INBOX).content.decode()
    assert page.count("inbox__item--unread") == 1
    assert '<span class="count" id="bell-badge">1</span>' in page
    assert f'data-live-seen="{read.pk + 1},{read.pk}"' in page


def test_an_empty_inbox_says_so(client, user):
    page = client.get(INBOX).content.decode()
    assert "All quiet" in page
    assert "Mark all read" not in page


def test_all_are_marked_read_without_javascript(client, user):
    tell(user)
    response = client.post(f"{INBOX}read/")
    assert response.status_code == 302
    assert response["Location"] == INBOX
    assert not Notification.objects.filter(read_at=None).exists()


@pytest.mark.parametrize("headers", [PANEL, LIST])
def test_all_are_marked_read_in_place(client, user, headers):
    tell(user)
    response = client.post(f"{INBOX}read/", headers=headers).content.decode()
    assert "<html" not in response
    assert "inbox__item--unread" not in response
    assert '<span class="count" id="bell-badge" hx-swap-oob="true"></span>' in response


def test_the_bell_gets_a_fragment_with_the_last_ones(client, user):
    tell(user)
    panel = client.get(INBOX, headers=PANEL)
    assert "HX-Target" in panel["Vary"]
    content = panel.content.decode()
    assert "<html" not in content
    assert content.count('class="inbox__item') == 1
    assert "See all" in content


def test_following_a_notification_marks_it_read(client, user):
    row, other = tell(user, url="/orders/PM-7K3Q9F/"), tell(user)
    response = client.get(reverse("accounts:notification-open", args=[row.pk]))
    assert response["Location"] == "/orders/PM-7K3Q9F/"
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.read_at
    assert other.read_at is None


def test_one_that_leads_nowhere_leads_to_the_inbox(client, user):
    row = tell(user)
    assert client.get(reverse("accounts:notification-open", args=[row.pk]))["Location"] == INBOX


def test_a_foreign_one_does_not_exist(client, user):
    row = tell(make_user())
    assert client.get(reverse("accounts:notification-open", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


@pytest.mark.parametrize(("method", "path"), [("get", INBOX), ("post", f"{INBOX}read/"), ("get", f"{INBOX}1/")])
def test_who_is_not_logged_in_is_asked_to(client, method, path):
    response = getattr(client, method)(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_only_who_is_logged_in_is_asked_to_connect(client, user):
    assert "live.js" in client.get("/help/").content.decode()
    client.logout()
    page = client.get("/help/").content.decode()
    assert "live.js" not in page
    assert "data-live" not in page


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_costs_the_same_for_one_and_for_ten(client, user, count, django_assert_max_num_queries):
    for _ in range(count):
        tell(user)
    client.get(INBOX)
    with django_assert_max_num_queries(5):
        client.get(INBOX)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1, seconds=5), "1\xa0minute ago"),
        (timedelta(hours=5, minutes=20), "5\xa0hours ago"),
        (timedelta(days=2, hours=3), "2\xa0days ago"),
    ],
)
def test_times_are_said_in_one_unit(age, words):
    assert ago(timezone.now() - age) == words


def test_older_times_are_dates():
    assert ago(timezone.now() - timedelta(days=8)) == timezone.localdate(timezone.now() - timedelta(days=8)).strftime(
        "%-d %B %Y"
    )
