from collections.abc import Iterator

import pytest
import redis


@pytest.fixture
def redis_away() -> Iterator[None]:
    """Nobody listens where Redis should be."""
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pymart.common.redis.get_redis_connection", lambda alias: nowhere)
        yield
