from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from pymart.common.models import IdempotentRequest
from pymart.common.tasks import delete_old_requests
from tests.api import toy
from tests.api.conftest import as_user
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("toy")
KEY = {"Idempotency-Key": "d3b07384-d9a0"}


@pytest.fixture(autouse=True)
def _no_calls_yet():
    toy.calls.clear()


def once(api, body=None, headers=KEY):
    return api.post("/api/v1/once", body or {}, headers=headers)


def code(response) -> str:
    return response.json()["errors"][0]["code"]


def test_the_same_key_and_body_get_the_first_answer_again(buyer_api):
    first, second = once(buyer_api, {"count": 1, "name": "a"}), once(buyer_api, {"name": "a", "count": 1})

    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, {"call": 1})
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"


def test_without_a_key_every_request_counts(buyer_api):
    assert [once(buyer_api, headers={}).json()["call"] for _ in range(2)] == [1, 2]


def test_the_same_key_with_another_body_is_409(buyer_api):
    once(buyer_api, {"count": 1})
    response = once(buyer_api, {"count": 2})

    assert (response.status_code, code(response)) == (409, "idempotency_key_reused")
    assert len(toy.calls) == 1


@pytest.mark.django_db
def test_keys_of_others_are_others(buyer_api):
    assert once(buyer_api).json() == {"call": 1}
    assert once(as_user(make_user())).json() == {"call": 2}


def test_a_refusal_is_an_answer_too(buyer_api):
    first, second = once(buyer_api, {"name": "refuse"}), once(buyer_api, {"name": "refuse"})

    assert (first.status_code, second.status_code) == (409, 409)
    assert first.json() == second.json()
    assert len(toy.calls) == 1


def test_a_bug_is_not_kept(buyer_api):
    assert [once(buyer_api, {"name": "bug"}).status_code for _ in range(2)] == [500, 500]
    assert len(toy.calls) == 2


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256])
def test_a_key_that_is_none_is_400(buyer_api, key):
    response = once(buyer_api, headers={"Idempotency-Key": key})

    assert (response.status_code, code(response)) == (400, "invalid_idempotency_key")


def test_while_the_first_is_worked_on_the_second_is_409(buyer_api, buyer):
    with pytest.raises(SystemExit):
        once(buyer_api, {"name": "crash"})
    response = once(buyer_api, {"name": "crash"})

    assert (response.status_code, code(response)) == (409, "idempotency_key_in_use")


def test_after_a_crash_the_repetition_knows_what_the_first_was_about(buyer_api, time_machine):
    with pytest.raises(SystemExit):
        once(buyer_api, {"name": "crash"})
    IdempotentRequest.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(SystemExit):
        once(buyer_api, {"name": "crash"})

    assert toy.calls == [{"name": "crash"}, "cart 7"]


def test_answers_are_kept_for_a_day(buyer_api):
    once(buyer_api)
    delete_old_requests()
    assert IdempotentRequest.objects.count() == 1
    IdempotentRequest.objects.update(created_at=timezone.now() - timedelta(hours=25))
    delete_old_requests()
    assert not IdempotentRequest.objects.exists()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_worked_on():
    user, barrier, answers = make_user(), Barrier(8), []

    def send() -> None:
        api = as_user(user)
        barrier.wait()
        answers.append(once(api).status_code)
        connection.close()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(toy.calls) == 1
    assert set(answers) <= {201, 409}
