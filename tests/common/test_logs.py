"""A line of the log is one JSON object that says which request it belongs to, also in the tasks of that request."""

import json
import logging

import pytest
from celery import shared_task
from django.http import HttpResponse
from django.test import RequestFactory

from pymart import celery as project
from pymart.common import logs
from pymart.common.middleware import RequestIdMiddleware


def line(message: str, *args: object, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("shop", logging.INFO, __file__, 1, message, args, None)
    record.__dict__.update(extra)
    return json.loads(logs.JsonFormatter().format(record))


def test_a_line_has_what_is_known_of_its_request():
    seen = []

    def view(request):
        seen.append(line("Sold %s", "₹ 5", status_code=404))
        return HttpResponse()

    RequestIdMiddleware(view)(RequestFactory().get("/", headers={"X-Request-ID": "of-the-app-1"}))

    assert seen[0] | {"at": ""} == {
        "at": "", "level": "INFO", "logger": "shop", "message": "Sold ₹ 5", "request_id": "of-the-app-1", "status": 404,
    }  # fmt: skip
    assert "request_id" not in line("afterwards")


def test_a_trace_stays_on_its_line():
    try:
        raise ValueError("no")
    except ValueError as error:
        record = logging.LogRecord("shop", logging.ERROR, __file__, 1, "Failed", (), (ValueError, error, None))
    text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    assert "ValueError: no" in json.loads(text)["exception"]


@shared_task(name="tests.tell")
def tell() -> dict[str, object]:
    return logs.context()


@pytest.mark.parametrize(
    "fields", [{"request_id": "r1"}, {}, {"request_id": "r1", "task": "of.the.sender", "task_id": "t0"}]
)
def test_a_task_belongs_to_the_request_that_sent_it(fields):
    headers: dict[str, object] = {}
    with logs.bound(**fields):
        project.tell_whose(headers=headers)

    told = tell.apply(headers=headers, task_id="t1").get()

    assert told == fields | {"task": "tests.tell", "task_id": "t1"}
    assert logs.context() == {}


def test_what_becomes_known_is_on_the_lines_after_it_and_ends_with_its_block():
    with logs.bound(request_id="r1"):
        with logs.bound(event=7):
            logs.note(order="PM-7K3Q9F")
            assert logs.context() == {"request_id": "r1", "event": 7, "order": "PM-7K3Q9F"}
        assert logs.context() == {"request_id": "r1"}
    logs.note(order="PM-7K3Q9F")  # of nobody's request: it would stay for ever
    assert logs.context() == {}


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Mail to asha.rao+shop@example.co.in failed", "Mail to [e-mail] failed"),
        ("called +919876543210 and 98765 43210", "called [phone] and [phone]"),
        ("PAN AAACP1234K", "PAN [PAN]"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2ln", "Bearer [token]"),
        ("Authorization: Bearer abcdefgh12345678", "Authorization: [removed] [removed]"),
        ("{'password': 'mango-tree-42', 'x': 1}", "{'password': '[removed]', 'x': 1}"),
        ("Not Found: /ws?after=7&token=abc.def", "Not Found: /ws?after=7&token=[removed]"),
        ("Gone: /account/password/reset/MQ/c1-abc/", "Gone: /account/password/reset/[removed]/"),
        ("no answer from redis://:hunter2@redis:6379/0", "no answer from redis://[removed]@redis:6379/0"),
        (
            'duplicate key "u"\nDETAIL:  Key (email)=(asha (home)) already exists.\nthe end',
            'duplicate key "u"\nDETAIL:  Key (email)=[removed]\nthe end',
        ),
        ("Failing row contains (7, Asha Rao, 14 Residency Road).", "Failing row contains [removed]"),
        ("PM-7K3Q9F: 12 of 4000000000, pay_9876543210", "PM-7K3Q9F: 12 of 4000000000, pay_9876543210"),
    ],
)  # fmt: skip
def test_what_libraries_tell_about_persons_is_taken_out(text, scrubbed):
    assert line("%s", text)["message"] == scrubbed
