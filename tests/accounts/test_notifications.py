from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import notify as live
from accounts.context_processors import notifications as context_of
from accounts.models import Notification
from accounts.services import mark_read, notify, notify_many
from tests.factories import make_user


@pytest.fixture
def pushed(monkeypatch) -> list:
    """What would have gone over the channel layer."""
    messages: list = []
    monkeypatch.setattr(live, "_send", messages.extend)
    return messages


def tell(user, **fields) -> Notification:
    return notify(user=user, **{"type": "order.paid", "title": "Payment received", **fields})


@pytest.mark.django_db
def test_a_notification_is_pushed_in_the_published_shape(pushed, django_capture_on_commit_callbacks):
    user = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        row = tell(user, body="₹1,299", url="/orders/PM-7K3Q9F/", order_id=7, number="PM-7K3Q9F")
    [(user_id, message)] = pushed
    assert user_id == user.pk
    assert message["frame"] == {
        "id": row.pk,
        "type": "order.paid",
        "order_id": 7,
        "number": "PM-7K3Q9F",
        "title": "Payment received",
        "body": "₹1,299",
        "url": "/orders/PM-7K3Q9F/",
        "created_at": timezone.localtime(row.created_at).isoformat(),
    }
    assert message["frame"]["created_at"].endswith("+05:30")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_neither_kept_nor_pushed(pushed):
    user = make_user()

    def fail() -> None:
        with transaction.atomic():
            tell(user)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not Notification.objects.exists()
    assert pushed == []


@pytest.mark.django_db
def test_many_are_told_with_one_statement(django_assert_num_queries, pushed, django_capture_on_commit_callbacks):
    users = [make_user() for _ in range(5)]
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
        rows = notify_many(
            notifications=[Notification(user=user, type="order.placed", title="New order") for user in users]
        )
    assert [user_id for user_id, _ in pushed] == [user.pk for user in users]
    assert all(row.pk for row in rows)


@pytest.mark.django_db
def test_nobody_is_told_nothing(pushed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        assert notify_many(notifications=[]) == []
    assert callbacks == []


@pytest.mark.django_db
def test_a_long_title_is_cut_rather_than_refused():
    row = tell(make_user(), title="A kurta " * 40, body="with pockets " * 100)
    row.refresh_from_db()
    assert len(row.title) <= 120
    assert row.title.endswith("…")
    assert len(row.body) <= 300


@pytest.mark.parametrize("server", ["refuses", "hangs"])
@pytest.mark.django_db(transaction=True)
def test_a_dead_redis_neither_fails_nor_slows_the_request(server, dead_channel_layer, caplog):
    dead_channel_layer(server)
    user = make_user()
    began = timezone.now()
    with transaction.atomic():
        tell(user)
    assert timezone.now() - began < timedelta(seconds=2)
    assert "Redis did not take 1 live messages" in caplog.text
    assert Notification.objects.get().user == user


@pytest.mark.django_db
def test_marking_read_is_for_ones_own_and_tells_other_tabs(pushed, django_capture_on_commit_callbacks):
    user, other = make_user(), make_user()
    first, second, foreign = tell(user), tell(user), tell(other)
    with django_capture_on_commit_callbacks(execute=True):
        assert mark_read(user=user, ids=[first.pk, foreign.pk]) == 1
    assert pushed[-1] == (user.pk, {"type": "notifications.read"})
    assert mark_read(user=user) == 1
    assert mark_read(user=user) == 0
    second.refresh_from_db()
    foreign.refresh_from_db()
    assert second.read_at
    assert foreign.read_at is None


@pytest.mark.parametrize("count", [0, 1, 60])
@pytest.mark.django_db
def test_the_bell_costs_a_page_one_query(rf, count, django_assert_num_queries):
    user = make_user()
    rows = [tell(user) for _ in range(count)]
    mark_read(user=user, ids=[row.pk for row in rows[:1]])
    request = rf.get("/")
    request.user = user
    with django_assert_num_queries(1):
        bell = context_of(request)["bell"]
        assert bell.unread_count == max(count - 1, 0)
        assert bell.recent_ids == [row.pk for row in rows[::-1][:10]]
