"""What an attacker tries at the doors of the whole site; `docs/security.md` says where each threat is tested."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import send_password_link
from accounts.tasks import send_waiting_emails
from tests.factories import PASSWORD, make_user
from tests.project.addresses import addresses
from tests.project.test_headers import FOR_MACHINES
from tests.web import ROOT

DOCUMENT = ROOT / "docs" / "security.md"
APPS = ["accounts", "catalog", "cart", "orders", "payments", "reviews", "pymart"]
WITHOUT_TOKEN = {
    "/payments/return/": "signed by Razorpay",
    "/search/opened/": "tells which result was opened, of nobody",
}


# --- The document ---------------------------------------------------------------------------------------------------


def functions_in(file: str) -> set[str]:
    return {node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_threat_model_names_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT.read_text())
    assert len(named) > 40
    missing = [f"{file}::{name}" for file, name in named if name not in functions_in(file)]
    assert missing == []


def test_every_threat_names_a_test():
    rows = [line for line in DOCUMENT.read_text().splitlines() if re.match(r"\| T\d+ ", line)]
    assert len(rows) > 20
    assert [row for row in rows if "`tests/" not in row.rsplit("|", 2)[1]] == []


# --- Forged requests ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_form_of_the_site_is_taken_without_its_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    pages = [address for address, _ in addresses() if not address.startswith(("/api/", "/sandbox/", *FOR_MACHINES))]
    taken = {page for page in pages if client.post(page, {"x": "1"}).status_code != 403}
    assert taken == set(WITHOUT_TOKEN)


@pytest.mark.django_db
def test_a_request_for_another_host_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["shop.example"]
    assert client.get("/robots.txt", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/robots.txt", headers={"Host": "shop.example"}).status_code == 200
    forwarded = {"Host": "shop.example", "X-Forwarded-Host": "evil.example"}
    assert "evil.example" not in client.get("/robots.txt", headers=forwarded).content.decode()


@pytest.mark.django_db
def test_links_in_mails_lead_to_the_site_whatever_host_was_asked(client, settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ALLOWED_HOSTS = ["*"]
    user = make_user()
    client.post(reverse("accounts:password-reset"), {"email": user.email}, headers={"Host": "evil.example"})
    send_waiting_emails()
    (mail,) = mailoutbox
    assert f"{settings.SITE_URL}/account/password/reset/" in mail.body
    assert "evil.example" not in mail.body + str(mail.alternatives)


# --- Taking over accounts -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_session_that_was_planted_is_another_one_after_logging_in(client):
    make_user(email="asha@example.com")
    client.cookies[project.SESSION_COOKIE_NAME] = "planted-by-somebody-planted-0001"
    client.get(reverse("accounts:login"))
    client.post(reverse("accounts:login"), {"email": "asha@example.com", "password": PASSWORD})
    assert client.get(reverse("accounts:profile")).status_code == 200
    thief = Client()
    thief.cookies[project.SESSION_COOKIE_NAME] = "planted-by-somebody-planted-0001"
    assert thief.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.django_db
def test_a_closed_account_has_no_session_any_more(client):
    user = make_user()
    client.force_login(user)
    assert client.get(reverse("accounts:profile")).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.django_db
def test_a_form_sets_no_field_that_it_does_not_have(client):
    form = {"full_name": "Eve", "email": "eve@example.com", "password": PASSWORD, "terms": "on"}
    gifts = {
        "role": "admin",
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "",
        "id": "1",
        "session_version": "9",
    }
    client.post(reverse("accounts:register"), {**form, **gifts})
    user = User.objects.get(email="eve@example.com")
    client.post(reverse("accounts:profile"), {"full_name": "Eve", "email": "root@example.com", **gifts})
    user.refresh_from_db()
    assert (user.role, user.is_staff, user.is_superuser, user.is_active) == ("buyer", False, False, True)
    assert (user.email, user.session_version) == ("eve@example.com", 0)


@pytest.mark.django_db
def test_registering_tells_who_is_known_only_so_often_an_hour(client, settings):
    """It must tell: who forgot their account would be lost. So it is counted."""
    settings.REGISTER_ATTEMPTS = (2, 3600)
    make_user(email="asha@example.com")
    form = {"full_name": "Eve", "email": "asha@example.com", "password": "papaya-tree-43", "terms": "on"}
    statuses = [client.post(reverse("accounts:register"), form).status_code for _ in range(3)]
    assert statuses == [422, 422, 429]


@pytest.mark.django_db
def test_a_link_of_a_reset_survives_a_rotation_of_the_key_and_dies_with_it(client, settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_password_link(user=make_user())
    send_waiting_emails()
    link = re.search(r"https?://\S+/account/password/reset/\S+", mailoutbox[0].body)[0]
    path = link.removeprefix(settings.SITE_URL)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "the-next-one-the-next-one-the-next-one-the-next-one"
    settings.SECRET_KEY_FALLBACKS = [before]
    assert client.get(path, follow=True).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert Client().get(path, follow=True).status_code == 410


# --- Production -----------------------------------------------------------------------------------------------------

ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client

client = Client(headers={"Host": "shop.example", "X-Forwarded-Proto": "https"})
print(json.dumps({
    "HSTS": client.get("/robots.txt")["Strict-Transport-Security"],
    "session": [settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE],
    "csrf": [settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE],
    "debug": settings.DEBUG or settings.RAZORPAY_SANDBOX,
    "routes": [str(pattern.pattern) for pattern in __import__("pymart.urls").urls.urlpatterns],
}))
"""


def test_production_says_https_in_headers_and_cookies_and_has_nothing_of_development():
    environment = {**os.environ, "ENV_FILE": "deploy/build.env", "DEBUG": "0", "TRUSTED_PROXIES": "127.0.0.0/8"}
    environment |= {"DJANGO_SETTINGS_MODULE": "pymart.settings", "LOG_LEVEL": "CRITICAL"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["HSTS"] == "max-age=31536000; includeSubDomains; preload"
    assert (told["session"], told["csrf"]) == ([True, True, "Lax"], [True, True, "Lax"])
    assert told["debug"] is False
    assert not [route for route in told["routes"] if route.startswith(("debug", "sandbox", "media"))]


def test_every_cookie_says_who_may_have_it():
    files = [file for app in APPS for file in (ROOT / app).rglob("*.py") if "sandbox" not in file.parts]
    calls = [
        (file.name, {keyword.arg for keyword in node.keywords})
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "set_cookie"
    ]
    assert len(calls) > 3
    assert [call for call in calls if not {"secure", "httponly", "samesite"} <= call[1]] == []


# --- What the server asks for ----------------------------------------------------------------------------------------

CLIENTS = {"requests", "httpx", "urllib.request", "urllib3", "http.client", "razorpay", "resend", "boto3", "aiohttp"}
CALLERS = {
    "accounts/mailer.py": "RESEND_API_URL",
    "payments/gateway.py": "RAZORPAY_BASE_URL",
    "payments/sandbox/webhooks.py": "RAZORPAY_SANDBOX_WEBHOOK_URL",
    "pymart/probe.py": "this machine",
}


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_the_shop_calls_only_hosts_of_its_settings():
    """Where there is no client there is no address that somebody could have typed."""
    files = [file for app in APPS for file in (ROOT / app).rglob("*.py")]
    callers = {str(file.relative_to(ROOT)) for file in files if imports(file) & CLIENTS}
    assert callers == set(CALLERS)
