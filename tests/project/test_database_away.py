"""What people and programs are told while PostgreSQL does not answer."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connections


@pytest.fixture(autouse=True)
def _no_database(db, client) -> Iterator[None]:
    def refuse() -> None:
        raise OperationalError("connection refused: 10.0.0.7")

    client.raise_request_exception = False
    with pytest.MonkeyPatch.context() as patch:  # undone before the test's transaction is rolled back
        patch.setattr(connections["default"], "ensure_connection", refuse)
        yield


def test_a_page_says_to_look_at_the_orders_and_machines_to_come_again(client, caplog):
    answer = client.get("/c/lamps/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "do not pay again" in answer.content.decode()
    assert "10.0.0.7" not in answer.content.decode()
    assert "Service Unavailable: /c/lamps/" in caplog.text


@pytest.mark.parametrize("path", ["products", "products/brass-lamp", "categories"])
def test_the_api_says_that_it_passes(client, path, caplog):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 503
    [error] = answer.json()["errors"]
    assert (error["code"], "try again" in error["detail"]) == ("service_unavailable", True)
    assert "10.0.0.7" not in answer.content.decode()
