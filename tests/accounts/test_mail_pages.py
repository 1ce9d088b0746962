"""The pages that show mails on one machine."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.mailer import FileBackend
from pymart import urls

urlpatterns = [*urls.urlpatterns, *urls.on_one_machine]  # the latter are there with DEBUG only
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def name(settings, tmp_path) -> str:
    """Of the file of one mail."""
    settings.EMAIL_FILE_PATH = tmp_path
    mail = EmailMultiAlternatives(
        "Welcome ₹",
        "Hello in text",
        to=["asha@example.com"],
        headers={"X-Idempotency-Key": "welcome:1", "Date": "Sun, 22 Nov 2026 15:04:05 +0530"},
    )
    mail.attach_alternative("<html><head></head><body>Hello in HTML<script>1</script></body></html>", "text/html")
    FileBackend().send_messages([mail])
    [file] = tmp_path.iterdir()
    return file.name


@pytest.mark.django_db
def test_mails_are_listed_and_shown(client, name):
    page = client.get(reverse("debug-mail")).content.decode()
    assert "Welcome ₹" in page
    assert "22 November 2026, 3:04 p.m." in page
    response = client.get(reverse("debug-mail-show", args=[name]))
    assert "Hello in text" in response.content.decode()
    assert "frame-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_no_mails_are_no_error(client, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "not there yet"
    assert "No mails yet" in client.get(reverse("debug-mail")).content.decode()


def test_the_html_of_a_mail_runs_nothing_and_its_links_leave_the_frame(client, name):
    response = client.get(reverse("debug-mail-html", args=[name]))
    assert '<head><base target="_top">' in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("wanted", ["../secret", "..%2Fsecret", "notes.txt", "other.eml"])
@pytest.mark.django_db
def test_only_mails_are_shown(client, name, tmp_path, wanted):
    (tmp_path / "notes.txt").write_text("secret")
    assert client.get(f"/debug/mail/{wanted}").status_code == 404
    assert client.get(f"/debug/mail/{wanted}/html").status_code == 404
