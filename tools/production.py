"""
The shop as in production, on one machine: granian and daphne behind Caddy, with DEBUG off, on servers and demo data of
its own below `.local/production`. For what measures or attacks it from outside.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from pymart import embedded, serve

ROOT = Path(__file__).resolve().parent.parent
FOLDER = embedded.LOCAL / "production"
ACCESS_LOG = FOLDER / "log" / "access.log"
BUYER, SELLER, PASSWORD = "buyer@pymart.test", "seller@pymart.test", "pymart-demo-1"
START_SECONDS = 120
OWN = {
    "LOCAL_DIR": str(FOLDER),
    "DEBUG": "0",
    "USE_LOCAL_STORAGE": "1",
    "SECRET_KEY": "for-one-machine-" * 4,
    "DATA_KEY": "aW5zZWN1cmUtb24tb25lLW1hY2hpbmUtb25seS4uLi4=",
    "RAZORPAY_SANDBOX": "1",
    "RAZORPAY_KEY_ID": "rzp_test_PyMartSandbox1",
    "RAZORPAY_KEY_SECRET": "sandbox-key-secret",
    "RAZORPAY_WEBHOOK_SECRET": "sandbox-webhook-secret",
    "RESEND_API_KEY": "none",
    "RESEND_API_URL": "http://127.0.0.1:9",  # no mail leaves
    "TRUSTED_PROXIES": "127.0.0.0/8",
    "LOGINS_PER_MINUTE": "1000",
    "REGISTRATIONS_PER_HOUR": "1000",
    "LOG_LEVEL": "WARNING",
}
CADDYFILE = """
{{
	admin off
	auto_https off
	persist_config off
}}
http://127.0.0.1:{port} {{
	encode zstd gzip
	log {{
		output file {log} {{
			roll_disabled
		}}
	}}
	handle_path /media/* {{
		root * {media}
		header Cache-Control "public, max-age=31536000, immutable"
		file_server
	}}
	handle /ws {{
		reverse_proxy 127.0.0.1:{ws}
	}}
	handle {{
		reverse_proxy 127.0.0.1:{web}
	}}
}}
"""


@dataclass(frozen=True)
class Browser:
    """Somebody's cookies."""

    shop: str
    jar: CookieJar
    opener: OpenerDirector

    def get(self, path: str) -> tuple[str, str]:
        """Where it led to, and what stood there."""
        with self.opener.open(f"{self.shop}{path}", timeout=60) as answer:
            return answer.url, answer.read().decode()

    def post(self, path: str, **fields: str) -> tuple[str, str]:
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        request = Request(f"{self.shop}{path}", body, {"Referer": f"{self.shop}{path}"})  # noqa: S310 - our own server
        with self.opener.open(request, timeout=60) as answer:
            return answer.url, answer.read().decode()

    @property
    def header(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)


def browser(shop: str) -> Browser:
    jar = CookieJar()
    return Browser(shop, jar, build_opener(HTTPCookieProcessor(jar)))


def buyer(shop: str) -> Browser:
    """The buyer of the demo, logged in."""
    return _member(shop, BUYER)


def seller(shop: str) -> Browser:
    return _member(shop, SELLER)


def _member(shop: str, email: str) -> Browser:
    person = browser(shop)
    person.get("/account/login/")
    where, _ = person.post("/account/login/", email=email, password=PASSWORD)
    if "login" in where:
        raise SystemExit(f"{email} cannot log in: delete {FOLDER} to start afresh.")
    return person


def first_product(shop: str) -> str:
    return re.findall(r'href="(/p/[^"#?]+)"', browser(shop).get("/search/?q=")[1])[0]


@contextmanager
def production(**settings: str) -> Iterator[str]:
    """The address of the running shop."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    embedded.provide(FOLDER)
    port, web, ws = _free_ports(3)
    shop = f"http://127.0.0.1:{port}"
    own = OWN | {"SITE_URL": shop, "ENV_FILE": os.devnull}
    environment = os.environ | own | settings
    _manage(environment | {"DEBUG": "1"}, "migrate", "--verbosity=0")
    if not any((FOLDER / "media").glob("products/*")):
        print("Filling the shop with the demo ...", flush=True)
        _manage(environment | {"DEBUG": "1"}, "seed")
    _manage(environment, "collectstatic", "--noinput", "--verbosity=0")
    caddyfile = FOLDER / "Caddyfile"
    ACCESS_LOG.unlink(missing_ok=True)
    caddyfile.write_text(CADDYFILE.format(port=port, web=web, ws=ws, media=FOLDER / "media", log=ACCESS_LOG))
    caddy = [str(Path(sys.executable).with_name("caddy")), "run", "--config", str(caddyfile), "--adapter", "caddyfile"]
    commands = {"web": serve.command("web", str(web)), "ws": serve.command("ws", str(ws)), "proxy": caddy}
    with ExitStack() as stack:
        for name, command in commands.items():
            stack.enter_context(_running(name, command, environment))
        _wait(shop)
        yield shop


@contextmanager
def _running(name: str, command: list[str], environment: dict[str, str]) -> Iterator[None]:
    with (FOLDER / "log" / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(shop: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            browser(shop).get("/robots.txt")
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit(f"The shop does not answer: see {FOLDER / 'log'}.") from None
            time.sleep(0.3)
        else:
            return


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in sockets]
