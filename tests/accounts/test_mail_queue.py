"""Owed mails: each is sent, and sent once, whatever dies in between."""

import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from celery.exceptions import Retry
from django.db import connection, transaction
from django.utils import timezone

from accounts import tasks
from accounts.models import OutboundEmail
from accounts.services import Mail, composer, queue_email
from accounts.tasks import send_email, send_waiting_emails
from tests.factories import make_user
from tests.web import environment


def queue_welcome(user=None, **fields) -> OutboundEmail:
    user = user or make_user()
    row = queue_email(kind="welcome", key=f"welcome:{user.pk}", user=user)
    OutboundEmail.objects.filter(pk=row.pk).update(**fields)
    return row


def run(row: OutboundEmail) -> OutboundEmail:
    """What a worker does with the task."""
    send_email.apply(args=[row.pk])
    row.refresh_from_db()
    return row


def minutes_until_due(row: OutboundEmail) -> float:
    return (row.not_before - timezone.now()) / timedelta(minutes=1)


@pytest.fixture
def nudges(monkeypatch) -> list[int]:
    """The messages that would have gone to the broker."""
    sent: list[int] = []
    monkeypatch.setattr(send_email, "delay", sent.append)
    return sent


@pytest.mark.django_db
def test_the_same_key_is_one_mail(nudges, django_capture_on_commit_callbacks):
    user = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        first = queue_email(kind="welcome", key="welcome:1", user=user)
        second = queue_email(kind="welcome", key="welcome:1", user=user)
    assert first == second
    assert nudges == [first.pk]


@pytest.mark.django_db
def test_a_kind_that_nobody_writes_is_refused_at_once():
    with pytest.raises(LookupError):
        queue_email(kind="telegram", key="telegram:1", user=make_user())


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_owes_no_mail(nudges):
    user = make_user()

    def fail() -> None:
        with transaction.atomic():
            queue_email(kind="welcome", key="welcome:1", user=user)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not OutboundEmail.objects.exists()
    assert nudges == []


@pytest.mark.django_db
def test_a_mail_is_sent_and_noted(resend):
    row = run(queue_welcome())
    assert len(resend.delivered) == 1
    assert row.sent_at
    assert (row.attempts, row.last_error) == (1, "")


@pytest.mark.django_db
def test_a_mail_that_is_sent_is_not_sent_again(resend):
    row = run(queue_welcome())
    run(row)
    send_waiting_emails()
    assert len(resend.requests) == 1


@pytest.mark.django_db
def test_no_key_of_a_mail_goes_to_the_recipient_or_changes_on_the_way(resend):
    row = run(queue_welcome())
    [request] = resend.requests
    assert request.headers["idempotency-key"] == row.key
    assert "headers" not in request.body


@pytest.mark.django_db
def test_a_worker_that_dies_before_noting_it_does_not_make_it_two_mails(resend, monkeypatch):
    row = queue_welcome()
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "_note_sent", lambda pk: None)
        run(row)
    assert row.sent_at is None
    run(row)
    assert len(resend.requests) == 1, "the lease keeps others away for a while"
    OutboundEmail.objects.update(not_before=timezone.now())
    send_waiting_emails()
    row.refresh_from_db()
    assert row.sent_at
    assert len(resend.requests) == 2
    assert len(resend.delivered) == 1


@pytest.mark.django_db
def test_a_mail_whose_words_changed_between_two_attempts_counts_as_sent(resend):
    row = queue_welcome()
    resend.lose_answers = 1
    run(row)
    assert row.sent_at is None
    row.user.full_name = "Somebody Else"
    row.user.save()
    OutboundEmail.objects.update(not_before=timezone.now())
    assert run(row).sent_at
    assert len(resend.delivered) == 1


@pytest.mark.django_db
def test_a_failure_is_written_down_and_tried_again_ever_later(resend):
    row = queue_welcome()
    for minutes in (1, 2, 4, 8, 16):
        resend.failures = [(500, "application_error")]
        OutboundEmail.objects.update(not_before=timezone.now())
        run(row)
        assert row.sent_at is None
        assert "500 application_error" in row.last_error
        assert minutes - 0.1 <= minutes_until_due(row) <= minutes * 1.2
    OutboundEmail.objects.update(not_before=timezone.now())
    assert run(row).sent_at
    assert row.last_error == ""


@pytest.mark.django_db
def test_the_task_comes_back_three_times_and_leaves_the_rest_to_the_sweeper(resend, monkeypatch):
    row = queue_welcome()
    resend.failures = [(500, "application_error")] * 20
    countdowns: list[float] = []
    monkeypatch.setattr(send_email, "retry", lambda exc, countdown: countdowns.append(countdown) or Retry())
    for retries in range(4):
        OutboundEmail.objects.update(not_before=timezone.now())
        send_email.apply(args=[row.pk], retries=retries, throw=False)
    assert len(countdowns) == 3
    assert all(60 * 2**n <= countdown <= 72 * 2**n for n, countdown in enumerate(countdowns))
    row.refresh_from_db()
    assert row.attempts == 4


@pytest.mark.django_db
def test_a_mail_that_failed_for_a_day_is_left_to_staff(resend):
    queue_welcome(first_tried_at=timezone.now() - timedelta(hours=24), attempts=11, last_error="500")
    send_waiting_emails()
    assert resend.requests == []


@pytest.mark.django_db
def test_a_mail_that_nobody_ever_tried_is_sent_however_late(resend):
    row = queue_welcome(created_at=timezone.now() - timedelta(days=3), not_before=timezone.now() - timedelta(days=3))
    send_waiting_emails()
    row.refresh_from_db()
    assert row.sent_at


@pytest.mark.django_db
def test_the_sweeper_stops_when_the_provider_is_down_and_spares_the_other_mails(resend):
    rows = [queue_welcome() for _ in range(3)]
    resend.failures = [(503, "application_error")]
    send_waiting_emails()
    assert len(resend.requests) == 1
    assert sorted(OutboundEmail.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    OutboundEmail.objects.update(not_before=timezone.now())
    send_waiting_emails()
    assert len(resend.delivered) == len(rows)


@pytest.mark.django_db
def test_one_mail_that_cannot_be_written_does_not_hold_up_the_others(resend):
    @composer("broken")
    def broken(user, params) -> Mail:
        raise KeyError("order")

    first = queue_email(kind="broken", key="broken:1", user=make_user())
    second = queue_welcome()
    send_waiting_emails()
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.sent_at
    assert first.last_error == "KeyError: 'order'"


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_neither_fails_nor_slows_the_request_and_the_sweeper_sends(resend, dead_broker, caplog):
    began = timezone.now()
    with transaction.atomic():
        row = queue_welcome()
    assert timezone.now() - began < timedelta(seconds=2)
    assert row.key in caplog.text
    send_waiting_emails()
    row.refresh_from_db()
    assert row.sent_at


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_the_same_moment_one_sends(resend, nudges):
    row = queue_welcome()
    resend.pause = 0.3
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait()
            send_email.apply(args=[row.pk])
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert len(resend.requests) == 1
    assert (row.attempts, bool(row.sent_at)) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_killed_after_the_provider_took_the_mail_does_not_make_it_two(resend):
    resend.pause = 60
    row = queue_welcome()
    command = [sys.executable, "-m", "celery", "-A", "pymart", "worker", "--pool=solo", "--loglevel=WARNING"]
    more = {"RESEND_API_KEY": "re_test_key", "RESEND_API_URL": resend.url}
    with subprocess.Popen([*command, "--without-gossip", "--without-mingle"], env=environment(**more)) as worker:
        deadline = time.monotonic() + 30
        while not resend.delivered and time.monotonic() < deadline:
            time.sleep(0.05)
        worker.kill()
    row.refresh_from_db()
    assert len(resend.delivered) == 1
    assert row.sent_at is None
    resend.pause = 0
    send_waiting_emails()
    assert len(resend.requests) == 1, "the dead worker's lease still holds"
    OutboundEmail.objects.update(not_before=timezone.now())
    send_waiting_emails()
    row.refresh_from_db()
    assert row.sent_at
    assert len(resend.requests) == 2
    assert len(resend.delivered) == 1
