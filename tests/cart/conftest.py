import pytest
import redis


@pytest.fixture
def redis_away(monkeypatch) -> None:
    """Nobody listens where Redis should be."""
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    monkeypatch.setattr("pymart.common.redis.get_redis_connection", lambda alias: nowhere)
