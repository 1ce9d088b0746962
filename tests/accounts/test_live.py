"""`/ws` as browsers and phones meet it: real daphne, real Redis, a real client."""

import time

import pytest
from django.test import Client
from websockets.exceptions import InvalidStatus

from accounts.models import Notification
from accounts.services import mark_read
from accounts.services.login import sign_out_everywhere
from tests.accounts.live import QUIET, close_code, frame, ids, settle, tell, tell_silently
from tests.factories import make_user
from tests.web import session_cookie


def test_a_notification_arrives_in_every_tab_of_its_user_and_nowhere_else(open_tab):
    user, other = make_user(), make_user()
    tabs, foreign = [open_tab(user), open_tab(user)], open_tab(other)
    for tab in [*tabs, foreign]:
        settle(tab)
    row = tell(user, "PM-7K3Q9F")
    for tab in tabs:
        assert frame(tab) == {
            "id": row.pk,
            "type": "order.paid",
            "order_id": None,
            "number": "PM-7K3Q9F",
            "title": "Payment received",
            "body": "",
            "url": "",
            "created_at": row.created_at.astimezone().isoformat(),
        }
    assert ids(foreign) == []


def test_who_is_not_logged_in_is_told_so_and_closed(open_tab):
    assert close_code(open_tab()) == 4401
    assert close_code(open_tab(cookie="forged")) == 4401


def test_who_is_not_active_is_told_so_and_closed(open_tab):
    user = make_user()
    cookie = session_cookie(user)
    user.is_active = False
    user.save()
    assert close_code(open_tab(cookie=cookie)) == 4403


def test_a_page_of_another_site_gets_no_connection(open_tab):
    with pytest.raises(InvalidStatus) as caught:
        open_tab(make_user(), origin="https://evil.example")
    assert caught.value.response.status_code == 403


@pytest.mark.parametrize("after", ["x", "-1", "99999999999999999999999", "9" * 19, "1e3", "٣"])
def test_a_mistaken_after_is_told_so_and_closed(open_tab, after):
    assert close_code(open_tab(make_user(), after=after)) == 4400


@pytest.mark.parametrize("after", ["", str(2**63 - 1)])
def test_an_empty_after_is_none_and_a_large_one_an_id(open_tab, after):
    user = make_user()
    tab = open_tab(user, after=after)
    settle(tab)
    if not after:
        tell(user)
        assert frame(tab)["title"] == "Payment received"


def test_what_was_missed_is_replayed_in_order_and_once(open_tab):
    user, other = make_user(), make_user()
    rows = [tell(user) for _ in range(4)]
    tell(other)
    tab = open_tab(user, after=rows[1].pk)
    assert ids(tab) == [rows[2].pk, rows[3].pk]
    tab.send("ping")
    assert frame(tab)["type"] == "pong"


def test_of_too_many_the_newest_fifty_are_replayed(open_tab):
    user = make_user()
    rows = Notification.objects.bulk_create(Notification(user=user, type="order.paid", title=str(n)) for n in range(60))
    assert ids(open_tab(user, after=0)) == [row.pk for row in rows[10:]]


def test_without_after_nothing_is_replayed(open_tab):
    user = make_user()
    tell(user)
    assert ids(open_tab(user)) == []


def test_a_ping_is_answered_with_the_number_on_the_bell(open_tab):
    user = make_user()
    tell(user)
    tab = open_tab(user)
    tab.send("ping")
    assert frame(tab) == {"type": "pong", "unread_count": 1}


def test_a_ping_brings_what_redis_lost(open_tab):
    user = make_user()
    tab = open_tab(user)
    settle(tab)
    row = tell_silently(user)
    assert ids(tab) == []
    time.sleep(1)
    tab.send("ping")
    assert frame(tab)["id"] == row.pk
    assert frame(tab) == {"type": "pong", "unread_count": 1}


def test_pings_in_a_flood_are_answered_once(open_tab):
    tab = open_tab(make_user())
    for _ in range(50):
        tab.send("ping")
    assert frame(tab)["type"] == "pong"
    with pytest.raises(TimeoutError):
        tab.recv(timeout=QUIET)


def test_anything_else_a_client_says_is_ignored(open_tab):
    user = make_user()
    tab = open_tab(user)
    tab.send("{}")
    tab.send(b"\x00\xff")
    tab.send('{"type": "notification.written"}')
    settle(tab)
    row = tell(user)
    assert frame(tab)["id"] == row.pk


def test_reading_in_one_tab_is_told_to_those_that_show_a_number(open_tab):
    user = make_user()
    tell(user)
    page, phone = open_tab(user), open_tab(user)
    settle(page)
    mark_read(user=user)
    assert frame(page) == {"type": "pong", "unread_count": 0}
    assert ids(phone) == []


def test_a_user_set_inactive_is_dropped_at_the_next_message(open_tab):
    user = make_user()
    tab = open_tab(user)
    settle(tab)
    user.is_active = False
    user.save()
    tell(user)
    assert close_code(tab) == 4403


@pytest.mark.parametrize("how", ["log out", "sign out everywhere"])
def test_logging_out_ends_the_connections_of_that_session(open_tab, how):
    user = make_user()
    client = Client()
    client.force_login(user)
    tab = open_tab(cookie=client.cookies["sessionid"].value)
    settle(tab)
    if how == "log out":
        client.logout()
        tell(user)
    else:
        sign_out_everywhere(user=user)
    assert close_code(tab) == 4401


def test_nothing_is_missed_across_a_dropped_connection(open_tab, web):
    user = make_user()
    tab = open_tab(user, after=0)
    settle(tab)
    first = tell(user)
    assert frame(tab)["id"] == first.pk
    web.stop()
    second = tell(user)
    web.start()
    tab = open_tab(user, after=first.pk)
    third = tell(user)
    assert ids(tab) == [second.pk, third.pk]
