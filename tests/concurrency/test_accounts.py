"""One e-mail, one account; one book, one default: whoever presses at the same time."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import sleep

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from accounts import services
from accounts.models import OutboundEmail, User
from pymart.common.errors import Throttled
from tests.factories import ADDRESS, PASSWORD, make_address, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

AT_ONCE = 8


def all_at_once(job: Callable[[int], str]) -> Counter[str]:
    answers: list[str] = []
    start = threading.Barrier(AT_ONCE)

    def work(number: int) -> None:
        start.wait()
        try:
            answers.append(job(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[number]) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return Counter(answers)


def test_an_e_mail_registers_once():
    def register(number: int) -> str:
        try:
            services.register(
                RequestFactory().post("/"), email="Asha@example.com", password=PASSWORD, full_name="Asha Rao"
            )
        except services.EmailTaken as refusal:
            return refusal.code
        return "registered"

    assert all_at_once(register) == {"registered": 1, "email_taken": AT_ONCE - 1}
    assert User.objects.count() == OutboundEmail.objects.count() == 1


def test_a_book_keeps_one_default():
    user = make_user()
    addresses = [make_address(user, line1=f"{number} MG Road") for number in range(AT_ONCE)]

    def choose(number: int) -> str:
        services.make_default(address=addresses[number])
        return "chosen"

    assert all_at_once(choose) == {"chosen": AT_ONCE}
    assert user.addresses.filter(is_default=True).count() == 1


def test_pressing_save_many_times_adds_one_address():
    user = make_user()
    assert all_at_once(lambda number: str(services.add_address(user=user, **ADDRESS).pk)).total() == AT_ONCE
    assert user.addresses.count() == 1


def test_attempts_that_come_together_are_counted_one_by_one():
    make_user(email="asha@example.com")

    def guess(number: int) -> str:
        try:
            services.authenticate_user(RequestFactory().post("/"), email="asha@example.com", password="wrong")
        except (services.InvalidCredentials, Throttled) as refusal:
            return refusal.code
        return "in"

    assert all_at_once(guess) == {"invalid_credentials": 5, "throttled": AT_ONCE - 5}


@contextmanager
def leaving(user: User) -> Iterator[None]:
    """Inside, the account is being erased: whatever comes has to wait for that."""
    is_locked = threading.Event()

    def erase() -> None:
        with closing(connection), transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            is_locked.set()
            sleep(0.5)
            services.erase_account(user=user)

    erasing = threading.Thread(target=erase)
    erasing.start()
    assert is_locked.wait(timeout=30)
    try:
        yield
    finally:
        erasing.join(timeout=30)
    assert User.objects.get(pk=user.pk).is_erased


def test_what_waits_for_an_erasure_writes_nothing_after_it():
    user = make_user()
    with leaving(user), pytest.raises(services.UserInactive):
        services.add_address(user=user, **ADDRESS)
    assert not user.addresses.exists()


def test_staff_send_a_mail_again_while_its_reader_leaves():
    user = make_user()
    mail = services.queue_email(kind="welcome", key="welcome", user=user)
    OutboundEmail.objects.update(sent_at=timezone.now())
    with leaving(user), pytest.raises(services.AccountErased):
        services.send_again(email=mail)
    assert not OutboundEmail.objects.exists()
