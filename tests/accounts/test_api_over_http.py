"""An app's life with the running server: real daphne, real sockets, nothing of Django's in the client."""

import json
from http.client import HTTPConnection
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.services import notify
from tests.accounts.live import close_code, frame, settle
from tests.factories import PASSWORD, make_admin, picture_file


class App:
    def __init__(self, port: int) -> None:
        self.port, self.token = port, ""

    def call(self, method: str, path: str, body: dict | None = None) -> tuple[int, dict]:
        return self.send(method, path, json.dumps(body).encode() if body is not None else b"", "application/json")

    def upload(self, path: str, field: str, content: bytes) -> tuple[int, dict]:
        boundary = uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="me.jpg"\r\n\r\n'
        form = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self.send("PATCH", path, form, f"multipart/form-data; boundary={boundary}")

    def send(self, method: str, path: str, content: bytes, content_type: str) -> tuple[int, dict]:
        headers = {"Content-Type": content_type}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        http = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            http.request(method, f"/api/v1{path}", content, headers)
            response = http.getresponse()
            return response.status, json.loads(response.read() or b"{}")
        finally:
            http.close()


@pytest.fixture
def phone(web) -> App:
    return App(web.port)


def test_a_buyer_s_life_from_register_to_log_out(phone, open_tab):
    status, answer = phone.call(
        "POST", "/auth/register", {"email": "asha@example.com", "password": PASSWORD, "full_name": "Asha Rao"}
    )
    assert (status, answer["user"]["role"]) == (201, "buyer")
    user = User.objects.get(pk=answer["user"]["id"])

    status, pair = phone.call("POST", "/auth/refresh", {"refresh_token": answer["refresh_token"]})
    assert status == 200
    assert phone.call("POST", "/auth/refresh", {"refresh_token": answer["refresh_token"]})[0] == 401
    assert phone.call("GET", "/auth/me")[0] == 401
    phone.token = pair["access_token"]
    assert phone.call("GET", "/auth/me") == (200, answer["user"])

    status, profile = phone.upload("/auth/me", "avatar", picture_file().read())
    assert (status, profile["avatar"][-5:]) == (200, ".webp")

    live = open_tab(token=phone.token)
    settle(live)
    row = notify(user=user, type="order.paid", title="Payment received")
    assert frame(live)["id"] == row.pk
    assert phone.call("GET", "/notifications")[1]["unread_count"] == 1
    assert phone.call("POST", "/notifications/read") == (200, {"unread_count": 0})
    assert frame(live) == {"type": "pong", "unread_count": 0}

    assert phone.call("POST", "/auth/logout") == (204, {})
    assert phone.call("POST", "/auth/refresh", {"refresh_token": pair["refresh_token"]})[0] == 401


def test_an_admin_closes_an_account_and_everything_of_it_ends(phone, web, open_tab):
    make_admin(email="admin@example.com")
    office = App(web.port)
    office.token = office.call("POST", "/auth/login", {"email": "admin@example.com", "password": PASSWORD})[1][
        "access_token"
    ]
    answer = phone.call(
        "POST", "/auth/register", {"email": "asha@example.com", "password": PASSWORD, "full_name": "Asha Rao"}
    )[1]
    phone.token = answer["access_token"]
    live = open_tab(token=phone.token)
    settle(live)

    found = office.call("GET", "/admin/users?q=asha&role=buyer")[1]
    assert [row["id"] for row in found["results"]] == [answer["user"]["id"]]
    assert office.call("PATCH", f"/admin/users/{answer['user']['id']}", {"is_active": False})[0] == 200

    assert close_code(live) == 4403
    assert phone.call("GET", "/auth/me")[1]["errors"][0]["code"] == "user_inactive"
    assert close_code(open_tab(token=phone.token)) == 4403
    assert phone.call("POST", "/auth/login", {"email": "asha@example.com", "password": PASSWORD})[0] == 401
