"""The two backends: Resend over real HTTP, and files."""

import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, mail_admins
from django.test import override_settings

from accounts.mailer import FileBackend, MailError, MailUnavailable, ResendBackend


def message(key: str = "welcome:42", **fields) -> EmailMultiAlternatives:
    fields = {
        "subject": "Namasté ₹",
        "body": "Hello Asha",
        "from_email": "PyMart <orders@shop.example>",
        "to": ["asha@example.com"],
        "reply_to": ["care@shop.example"],
        "headers": {"X-Idempotency-Key": key, "Date": "Sun, 22 Nov 2026 15:04:05 +0530"},
        **fields,
    }
    mail = EmailMultiAlternatives(**fields)
    mail.attach_alternative("<p>Hello Asha</p>", "text/html")
    return mail


def test_resend_gets_the_request_it_documents(resend):
    assert ResendBackend().send_messages([message()]) == 1
    [request] = resend.requests
    assert request.path == "/emails"
    assert request.headers["authorization"] == "Bearer re_test_key"
    assert request.headers["idempotency-key"] == "welcome:42"
    assert request.body == {
        "from": "PyMart <orders@shop.example>",
        "to": ["asha@example.com"],
        "reply_to": ["care@shop.example"],
        "subject": "Namasté ₹",
        "text": "Hello Asha",
        "html": "<p>Hello Asha</p>",
    }


def test_other_headers_travel_with_the_mail(resend):
    ResendBackend().send_messages([message(headers={"List-Unsubscribe": "<https://shop.example/>"})])
    [request] = resend.requests
    assert request.body["headers"] == {"List-Unsubscribe": "<https://shop.example/>"}
    assert "idempotency-key" not in request.headers


def test_the_same_key_reaches_the_recipient_once(resend):
    ResendBackend().send_messages([message(), message()])
    assert len(resend.requests) == 2
    assert len(resend.delivered) == 1


def test_the_same_key_with_other_words_counts_as_sent(resend):
    assert ResendBackend().send_messages([message(), message(body="Hello again")]) == 2
    assert len(resend.delivered) == 1


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (422, "validation_error", MailError),
        (409, "concurrent_idempotent_requests", MailError),
        (401, "missing_api_key", MailUnavailable),
        (403, "invalid_api_key", MailUnavailable),
        (429, "rate_limit_exceeded", MailUnavailable),
        (500, "application_error", MailUnavailable),
        (503, "service_unavailable", MailUnavailable),
    ],
)
def test_errors_say_whether_other_mails_would_fail_too(resend, status, name, error):
    resend.failures = [(status, name)]
    with pytest.raises(MailError, match=name) as caught:
        ResendBackend().send_messages([message()])
    assert caught.type is error


def test_a_provider_that_is_not_there_is_unavailable(resend):
    with override_settings(RESEND_API_URL="http://127.0.0.1:9"), pytest.raises(MailUnavailable):
        ResendBackend().send_messages([message()])


def test_a_provider_that_does_not_answer_is_given_up_after_a_few_seconds(resend, monkeypatch):
    monkeypatch.setattr("accounts.mailer.TIMEOUT", 0.2)
    resend.pause = 30
    began = time.monotonic()
    with pytest.raises(MailUnavailable):
        ResendBackend().send_messages([message()])
    assert time.monotonic() - began < 3


def test_fail_silently_is_honoured(resend):
    resend.failures = [(500, "application_error")]
    assert ResendBackend(fail_silently=True).send_messages([message(), message("other:1")]) == 1


def test_attachments_are_refused_rather_than_lost(resend):
    mail = message()
    mail.attach("invoice.pdf", b"%PDF", "application/pdf")
    with pytest.raises(NotImplementedError):
        ResendBackend().send_messages([mail])


@pytest.fixture
def mailbox(settings, tmp_path) -> Path:
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def test_a_file_holds_the_whole_mail(mailbox):
    FileBackend().send_messages([message()])
    [file] = mailbox.iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Namasté ₹"
    assert mail["To"] == "asha@example.com"
    assert mail.get_body(("html",)).get_content().strip() == "<p>Hello Asha</p>"
    assert mail.get_body(("plain",)).get_content().strip() == "Hello Asha"


def test_a_key_has_one_file_and_names_sort_by_time(mailbox):
    FileBackend().send_messages([message(), message()])
    [file] = mailbox.iterdir()
    assert file.name.startswith("20261122-150405-welcome-42-")


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/b", "नमस्ते", "x" * 120, ""])
def test_any_key_makes_a_safe_name(mailbox, key):
    FileBackend().send_messages([message(key)])
    [file] = mailbox.iterdir()
    assert file.parent == mailbox
    assert len(file.name) < 130


def test_keys_that_differ_only_in_punctuation_have_two_files(mailbox):
    FileBackend().send_messages([message("order-paid:1"), message("order:paid-1")])
    assert len(list(mailbox.iterdir())) == 2


@pytest.mark.parametrize("backend", ["FileBackend", "ResendBackend"])
def test_mails_that_django_itself_writes_go_out_as_well(mailbox, resend, settings, backend):
    settings.EMAIL_BACKEND = f"accounts.mailer.{backend}"
    settings.ADMINS = [("Meera", "meera@example.com")]
    mail_admins("Broken", "Something broke", html_message="<p>Something broke</p>")
    assert len(list(mailbox.iterdir()) if backend == "FileBackend" else resend.delivered) == 1
