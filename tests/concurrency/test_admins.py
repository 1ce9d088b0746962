"""Two admins who unseat each other at the same time: one of them stays."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts import services
from accounts.models import Role, User
from tests.factories import make_admin

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def naive_set_access(*, user: User, by: User, role: str) -> None:
    """The control: counts without a lock, then writes."""
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk).count()
    both_have_counted.wait(timeout=30)
    if not others:
        raise services.LastAdmin
    User.objects.filter(pk=user.pk).update(role=role)


both_have_counted = threading.Barrier(2)


@pytest.mark.parametrize(("set_access", "left"), [(services.set_access, 1), (naive_set_access, 0)])
def test_one_admin_is_left(set_access: Callable[..., object], left: int):
    one, other = make_admin(), make_admin()
    start = threading.Barrier(2)

    def unseat(user: User, by: User) -> None:
        start.wait(timeout=30)
        try:
            set_access(user=user, by=by, role=Role.BUYER)
        except services.LastAdmin:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=unseat, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == left
