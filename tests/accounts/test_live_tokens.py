"""`/ws?token=`: real daphne, real Redis, a client without Origin and cookies, as an app is."""

import time
from datetime import timedelta

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from accounts import tokens
from accounts.models import User
from accounts.services import issue_tokens, set_access, set_password
from accounts.services.login import sign_out_everywhere
from tests.accounts.live import close_code, frame, ids, settle, tell
from tests.factories import make_admin, make_user
from tests.web import session_cookie


@pytest.fixture
def user(web) -> User:
    return make_user()


def access_token(user: User) -> str:
    return issue_tokens(user).access_token


def token_for(user: User, seconds: float) -> str:
    token = tokens.access_token_of(tokens.new_refresh_token(user))
    token.set_exp(lifetime=timedelta(seconds=seconds))
    return str(token)


def test_a_notification_reaches_apps_and_tabs_of_its_user_alike(open_tab, user):
    token = access_token(user)
    here = [open_tab(token=token), open_tab(token=token), open_tab(user)]
    foreign = open_tab(token=access_token(make_user()))
    for connection in [*here, foreign]:
        settle(connection)
    row = tell(user, "PM-7K3Q9F")
    for connection in here:
        told = frame(connection)
        assert (told["id"], told["type"], told["number"]) == (row.pk, "order.paid", "PM-7K3Q9F")
    assert ids(foreign) == []


def test_what_was_missed_is_replayed(open_tab, user):
    rows = [tell(user) for _ in range(3)]
    assert ids(open_tab(token=access_token(user), after=rows[0].pk)) == [rows[1].pk, rows[2].pk]


def test_nothing_is_missed_across_a_dropped_connection(open_tab, user, web):
    token = access_token(user)
    app = open_tab(token=token, after=0)
    settle(app)
    first = tell(user)
    assert frame(app)["id"] == first.pk
    web.stop()
    second = tell(user)
    web.start()
    app = open_tab(token=token, after=first.pk)
    third = tell(user)
    assert ids(app) == [second.pk, third.pk]


@pytest.mark.parametrize("query", ["", "?after=1"])
@pytest.mark.parametrize("origin", [None, "https://partner.example"])
def test_an_app_without_token_and_session_is_told_so(web, query, origin):
    with connect(f"ws://127.0.0.1:{web.port}/ws{query}", origin=origin, close_timeout=1) as app:
        assert close_code(app) == 4401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "%00"])
def test_a_token_that_is_none_is_told_so(open_tab, token):
    assert close_code(open_tab(token=token)) == 4401


def test_a_token_that_does_not_count_is_told_so(open_tab, user):
    pair = issue_tokens(user)
    assert close_code(open_tab(token=pair.refresh_token)) == 4401
    assert close_code(open_tab(token=token_for(user, -1))) == 4401
    sign_out_everywhere(user=user)
    assert close_code(open_tab(token=pair.access_token)) == 4401
    token = access_token(user)
    user.delete()
    assert close_code(open_tab(token=token)) == 4401


def test_an_inactive_user_is_told_so(open_tab, user):
    token = access_token(user)
    User.objects.update(is_active=False)
    assert close_code(open_tab(token=token)) == 4403


# --- Tokens, cookies and other sites ------------------------------------------------------------------------------


def test_a_page_of_another_site_may_use_a_token(open_tab, user):
    settle(open_tab(token=access_token(user), origin="https://partner.example"))


@pytest.mark.parametrize("origin", ["https://evil.example", None])
def test_beside_a_token_a_cookie_opens_nothing(open_tab, user, origin):
    assert close_code(open_tab(token="", cookie=session_cookie(user), origin=origin)) == 4401
    assert close_code(open_tab(token=token_for(user, -1), cookie=session_cookie(user), origin=origin)) == 4401


def test_beside_a_cookie_the_token_says_who_it_is(open_tab, user):
    app = open_tab(token=access_token(user), cookie=session_cookie(make_user()))
    settle(app)
    row = tell(user)
    assert frame(app)["id"] == row.pk


def test_without_a_token_the_origin_still_counts(open_tab, user):
    with pytest.raises(InvalidStatus):
        open_tab(user, origin="https://evil.example")


# --- The end of a connection --------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["a notification", "a ping"])
def test_a_connection_ends_with_its_token(open_tab, user, at):
    app = open_tab(token=token_for(user, 2))
    settle(app)
    time.sleep(2.1)
    if at == "a ping":
        app.send("ping")
    else:
        tell(user)
    assert close_code(app) == 4401


def test_closing_an_account_closes_its_connections_at_once(open_tab, user):
    app = open_tab(token=access_token(user))
    settle(app)
    set_access(user=user, by=make_admin(), is_active=False)
    assert close_code(app) == 4403


@pytest.mark.parametrize("how", ["sign out everywhere", "new password"])
def test_what_ends_all_tokens_ends_connections_at_once(open_tab, user, how):
    connections = [open_tab(token=access_token(user)), open_tab(user)]
    foreign = open_tab(token=access_token(make_user()))
    for connection in [*connections, foreign]:
        settle(connection)
    if how == "new password":
        set_password(user=user, password="new-mango-42")
    else:
        sign_out_everywhere(user=user)
    assert [close_code(connection) for connection in connections] == [4401, 4401]
    time.sleep(1)
    settle(foreign)


def test_tokens_in_addresses_reach_no_log(open_tab, user, web, capfd, monkeypatch):
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    monkeypatch.setattr(web, "verbosity", 1)
    web.stop()
    web.start()  # its output is this test's from now on
    token = access_token(user)
    settle(open_tab(token=token))
    assert close_code(open_tab(token=f"{token}x")) == 4401
    web.stop()
    output = "".join(capfd.readouterr())
    assert "WSCONNECT /ws" in output
    assert token not in output
