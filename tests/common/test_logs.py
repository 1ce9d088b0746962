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


@pytest.mark.parametrize("fields", [{"request_id": "r1"}, {}])
def test_a_task_belongs_to_the_request_that_sent_it(fields):
    headers: dict[str, object] = {}
    with logs.bound(**fields):
        project.tell_whose(headers=headers)

    told = tell.apply(headers=headers, task_id="t1").get()

    assert told == fields | {"task": "tests.tell", "task_id": "t1"}
    assert logs.context() == {}
