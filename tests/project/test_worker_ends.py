"""Workers as `pymart.serve` starts them, told to stop or killed with a mail in hand: it goes out, and once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest
from django.utils import timezone

from accounts.models import OutboundEmail
from accounts.services import queue_email
from pymart import serve
from pymart.common import redis
from tests.factories import make_user
from tests.resend_stub import Resend, resend_stub
from tests.web import ROOT, environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
PATIENCE = 120  # seconds on a busy machine
# `pymart.serve worker`, with less patience than it has and than the broker has with workers that say nothing any more
WORKER = """
import sys
from pymart import serve
serve.PATIENCE["worker"] = float(sys.argv[1])
serve.command = lambda part: [sys.executable, "-c", {celery!r}]
sys.exit(serve.main("worker"))
"""
CELERY = """
from pymart.celery import app
app.conf.broker_transport_options |= dict(
    visibility_timeout={visibility}, unacked_restore_interval=1, unacked_restore_throttle=1
)
app.worker_main({arguments!r})
"""


@pytest.fixture
def resend() -> Iterator[Resend]:
    with resend_stub() as stub:
        yield stub


@contextmanager
def worker(resend: Resend, *, patience: float = 60, visibility: float = 3600) -> Iterator[subprocess.Popen[bytes]]:
    arguments = serve.command("worker")[5:]  # after `python -m celery -A pymart`
    celery = CELERY.format(visibility=visibility, arguments=arguments)
    command = [sys.executable, "-c", WORKER.format(celery=celery), str(patience)]
    more = {"RESEND_API_KEY": "re_test_key", "RESEND_API_URL": resend.url}
    with subprocess.Popen(command, cwd=ROOT, env=environment(**more)) as process:
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """All of it at once, as when its machine goes."""
    if process.poll() is None:
        for each in [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]:
            each.kill()
        process.wait()


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def owe_mail() -> OutboundEmail:
    user = make_user()
    return queue_email(kind="welcome", key=f"welcome:{user.pk}", user=user)


def is_sent(mail: OutboundEmail) -> bool:
    return OutboundEmail.objects.filter(pk=mail.pk).exclude(sent_at=None).exists()


def waiting() -> tuple[int, int]:
    """Messages that no worker has, and those that one has."""
    with redis.connection() as client:
        return client.llen(redis.key("celery", "celery")), client.hlen(redis.key("celery", "unacked"))


def test_a_worker_that_is_told_to_stop_finishes_its_task_and_takes_no_other(resend):
    resend.pause = 3
    with worker(resend) as process:
        first = owe_mail()
        wait_for(lambda: resend.delivered)
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        second = owe_mail()
        assert process.wait(PATIENCE) == 0
    assert is_sent(first)
    assert not is_sent(second)
    assert waiting() == (1, 0)

    resend.pause = 0
    with worker(resend):
        wait_for(lambda: is_sent(second))
    assert len(resend.requests) == 2


def test_what_a_worker_does_not_finish_in_time_goes_back_to_the_queue(resend):
    resend.pause = 60
    with worker(resend, patience=1) as process:
        mail = owe_mail()
        wait_for(lambda: resend.delivered)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert not is_sent(mail)
    assert waiting() == (1, 0)
    finished_by_another(mail, resend)


def test_a_killed_worker_s_task_comes_again(resend):
    resend.pause = 60
    with worker(resend) as process:
        mail = owe_mail()
        wait_for(lambda: resend.delivered)
        kill(process)
    assert waiting() == (0, 1)
    time.sleep(2)
    finished_by_another(mail, resend, visibility=1)


def test_the_task_of_a_process_that_dies_alone_comes_again_at_once(resend):
    resend.pause = 60
    with worker(resend) as process:
        mail = owe_mail()
        wait_for(lambda: resend.delivered)
        resend.pause = 0
        end_lease()
        [pid] = [
            child.pid for child in psutil.Process(process.pid).children(recursive=True) if speaks_to(child, resend)
        ]
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: is_sent(mail))
    assert (len(resend.requests), len(resend.delivered)) == (2, 1)


def speaks_to(process: psutil.Process, resend: Resend) -> bool:
    port = int(resend.url.rpartition(":")[2])
    return any(link.raddr and link.raddr.port == port for link in process.net_connections())


def end_lease() -> None:
    """Two minutes later. Until then a second try does nothing: `tests/accounts/test_mail_queue.py`."""
    OutboundEmail.objects.update(not_before=timezone.now())


def finished_by_another(mail: OutboundEmail, resend: Resend, *, visibility: float = 3600) -> None:
    resend.pause = 0
    end_lease()
    with worker(resend, visibility=visibility):
        wait_for(lambda: is_sent(mail) and waiting() == (0, 0))
    assert (len(resend.requests), len(resend.delivered)) == (2, 1)
