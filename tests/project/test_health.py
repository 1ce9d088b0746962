"""`/health` tells the truth in time, and `/metrics` tells it to those who may know."""

import time

import pytest
import redis

from pymart import health

pytestmark = pytest.mark.django_db


def test_a_shop_that_lives_says_so(client):
    response = client.get("/health")

    assert (response.status_code, response.json()) == (
        200,
        {"status": "ok", "db": "ok", "redis": "ok", "search": "ok"},
    )
    assert "no-store" in response["Cache-Control"]


def test_without_redis_it_is_down(client, monkeypatch):
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    with monkeypatch.context() as patch:
        patch.setattr("pymart.common.redis.get_redis_connection", lambda alias: nowhere)
        response = client.get("/health")

    assert (response.status_code, response.json()["status"], response.json()["redis"]) == (503, "down", "down")


def test_without_its_search_engine_it_is_degraded(client, monkeypatch):
    monkeypatch.setitem(health.PROBES, "search", lambda: 1 / 0)
    response = client.get("/health")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")


def test_a_part_that_hangs_does_not_hang_the_answer(client, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    monkeypatch.setitem(health.PROBES, "redis", lambda: time.sleep(0.5))

    assert client.get("/health").json()["redis"] == "down"


def test_metrics_are_for_this_machine(client):
    assert b"python_info" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
