import pytest

from accounts.models import Notification, User
from accounts.services import notify
from tests.accounts.api import app, errors
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST, READ = "/api/v1/notifications", "/api/v1/notifications/read"


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def me(user):
    return app(user)


def tell(user, **fields) -> Notification:
    return notify(user=user, **{"type": "order.paid", "title": "Payment received", **fields})


def ids(response) -> list[int]:
    return [row["id"] for row in response.json()["results"]]


def test_the_inbox_has_ones_own_the_newest_first(me, user):
    first, second = tell(user), tell(user, order_id=7, number="PM-7K3Q9F", body="Thank you.", url="/orders/PM-7K3Q9F/")
    tell(make_user())
    answer = me.get(LIST).json()
    assert answer["unread_count"] == 2
    assert [row["id"] for row in answer["results"]] == [second.pk, first.pk]
    assert answer["results"][0] == {
        "id": second.pk,
        "type": "order.paid",
        "order_id": 7,
        "number": "PM-7K3Q9F",
        "title": "Payment received",
        "body": "Thank you.",
        "url": "/orders/PM-7K3Q9F/",
        "created_at": answer["results"][0]["created_at"],
        "is_read": False,
    }
    assert answer["results"][0]["created_at"].endswith("+05:30")


def test_an_empty_inbox(me):
    assert me.get(LIST).json() == {"unread_count": 0, "results": []}


def test_what_came_since(me, user):
    rows = [tell(user) for _ in range(3)]
    assert ids(me.get(LIST, {"after": rows[0].pk})) == [rows[2].pk, rows[1].pk]
    assert ids(me.get(LIST, {"after": rows[2].pk})) == []
    assert ids(me.get(LIST, {"after": 0})) == [row.pk for row in rows[::-1]]


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 20])
def test_a_mistaken_after_is_400(me, after):
    response = me.get(LIST, {"after": after})
    assert (response.status_code, errors(response)[0][0]) == (400, "after")


@pytest.mark.parametrize("count", [1, 60])
def test_the_newest_fifty_cost_the_same_however_many_there_are(me, user, count, django_assert_num_queries):
    Notification.objects.bulk_create(Notification(user=user, type="order.paid", title="x") for _ in range(count))
    with django_assert_num_queries(3):  # the user, the number of unread ones, the rows
        answer = me.get(LIST).json()
    assert (len(answer["results"]), answer["unread_count"]) == (min(count, 50), count)


def test_some_are_marked_read(me, user):
    rows = [tell(user) for _ in range(3)]
    foreign = tell(make_user())
    response = me.post(READ, {"ids": [rows[0].pk, foreign.pk, 999_999]})
    assert (response.status_code, response.json()) == (200, {"unread_count": 2})
    assert [row["is_read"] for row in me.get(LIST).json()["results"]] == [False, False, True]
    assert Notification.objects.get(pk=foreign.pk).read_at is None


@pytest.mark.parametrize("body", [None, {}])
def test_all_are_marked_read(me, user, body):
    tell(user)
    tell(user)
    assert me.post(READ, body).json() == {"unread_count": 0}


def test_an_empty_list_marks_none(me, user):
    tell(user)
    assert me.post(READ, {"ids": []}).json() == {"unread_count": 1}


@pytest.mark.parametrize("ids", ["1", [0], ["1"], [True], [2**63], [1.5], [[1]], list(range(1, 1002))])
def test_ids_that_are_none_are_400(me, ids):
    assert me.post(READ, {"ids": ids}).status_code == 400
