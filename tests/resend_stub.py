"""The part of Resend that the shop speaks to, over real HTTP: takes mails and remembers their keys."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Resend:
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    delivered: list[dict[str, Any]] = field(default_factory=list)  # what reached a mailbox
    failures: list[tuple[int, str]] = field(default_factory=list)  # status and error name of the next answers
    pause: float = 0
    lose_answers: int = 0  # of the next mails that are taken, the answer never arrives
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> tuple[int, dict[str, Any]]:
        with self.lock:
            self.requests.append(request)
            if self.failures:
                status, name = self.failures.pop(0)
                return status, {"statusCode": status, "name": name, "message": "No."}
            key, body = request.headers.get("idempotency-key"), json.dumps(request.body, sort_keys=True)
            if key in self.keys:
                known_body, known_id = self.keys[key]
                if known_body != body:
                    return 409, {"statusCode": 409, "name": "invalid_idempotent_request", "message": "Other body."}
                return 200, {"id": known_id}
            new_id = f"mail-{len(self.requests)}"
            if key:
                self.keys[key] = (body, new_id)
            self.delivered.append(request.body)
            return 200, {"id": new_id}


@contextmanager
def resend_stub() -> Iterator[Resend]:
    state = Resend()
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = state.answer(Request(self.path, headers, body))
            done.wait(state.pause)
            if state.lose_answers:
                state.lose_answers -= 1
                self.close_connection = True
                return
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        done.set()
        server.shutdown()
        thread.join()
        server.server_close()
