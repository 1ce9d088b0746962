"""A client of `/ws`: what it hears."""

import json

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from accounts.models import Notification
from accounts.services import notify

SOON = 5  # seconds that an answer may take
QUIET = 0.4  # seconds without a frame


def tell(user, number="") -> Notification:
    return notify(user=user, type="order.paid", title="Payment received", number=number)


def tell_silently(user) -> Notification:
    """A row whose push Redis lost."""
    return Notification.objects.create(user=user, type="order.paid", title="Payment received")


def frame(connection: ClientConnection) -> dict:
    return json.loads(connection.recv(timeout=SOON))


def ids(connection: ClientConnection) -> list[int]:
    """Of all frames up to a silence."""
    found = []
    try:
        while True:
            found.append(json.loads(connection.recv(timeout=QUIET))["id"])
    except TimeoutError:
        return found


def close_code(connection: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as caught:
        connection.recv(timeout=SOON)
    return caught.value.rcvd.code


def settle(tab: ClientConnection) -> None:
    """Wait until the server has put the tab into its group."""
    tab.send("ping")
    while frame(tab).get("type") != "pong":
        pass
