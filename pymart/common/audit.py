"""
The log of what staff did. It is written where staff come in, in the transaction of what they do: by the admin's forms
and actions (`pymart.common.admin`), and with `noted` and `by_staff` by the API's endpoints.

Nothing in it can be taken out again, also when somebody wants to be forgotten: it names accounts by their number, and
of what is personal it says that it was changed.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.http import HttpRequest

from pymart.common.models import AuditEntry
from pymart.common.net import client_ip

SECRET = re.compile(r"password|secret|token|key|session|bank|account|ifsc|^pan$")
PERSONAL = re.compile(r"email|phone|^full_name$|^legal_name$|^gstin$|^avatar$|^line\d$|^landmark$|^city$|^pincode$")
HIDDEN = "(hidden)"
Snapshot = dict[str, Any]


def snapshot(subject: models.Model) -> Snapshot:
    """The row as the database has it now, with its many-to-many relations; empty when there is none."""
    model = type(subject)
    names = [field.attname for field in model._meta.concrete_fields if _tells(field)]
    row = model._base_manager.filter(pk=subject.pk).values(*names).first()
    if row is None:
        return {}
    for relation in model._meta.many_to_many:
        row[relation.name] = sorted(str(other) for other in getattr(subject, relation.name).all())
    return row


@contextmanager
def noted(request: HttpRequest, subject: models.Model, action: str, *, reason: str = "") -> Iterator[None]:
    """What happens to the subject inside is logged with it, or rolled back with it."""
    with transaction.atomic():
        before = snapshot(subject)
        yield
        record(request, subject, action, before=before, after=snapshot(subject), reason=reason)


@contextmanager
def by_staff(
    request: HttpRequest, subject: models.Model, action: str, *, reason: str = "", is_durable: bool = False
) -> Iterator[None]:
    """
    `noted` for endpoints that others use too: what an admin does is logged.

    :param is_durable: what is done has a transaction of its own, so it is logged in the next.
    """
    if request.user.role != "admin":  # type: ignore[union-attr]
        yield
    elif is_durable:
        before = snapshot(subject)
        yield
        record(request, subject, action, before=before, after=snapshot(subject), reason=reason)
    else:
        with noted(request, subject, action, reason=reason):
            yield


def record(
    request: HttpRequest,
    subject: models.Model,
    action: str,
    *,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
    reason: str = "",
) -> AuditEntry:
    """
    :param before, after: snapshots; what differs between them is kept, of secrets and what is personal without values.
    """
    before, after = before or {}, after or {}
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return AuditEntry.objects.create(
        actor_id=request.user.pk,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject=f"user #{subject.pk}" if _is_person(subject) else str(subject)[:200],
        before=_readable(subject, {name: before[name] for name in changed if name in before}),
        after=_readable(subject, {name: after[name] for name in changed if name in after}),
        reason=reason[:300],
        ip=client_ip(request).partition("%")[0],  # PostgreSQL knows no zones of IPv6
        path=request.path[:200],
        request_id=getattr(request, "id", ""),
    )


def _tells(field: Any) -> bool:
    """Whether it says more than that something was saved, and in words."""
    derived = field.generated or getattr(field, "auto_now", False)
    return not (derived or isinstance(field, models.BinaryField) or field.primary_key)


def _readable(subject: models.Model, values: Snapshot) -> Snapshot:
    return {name.removesuffix("_id"): _shown(subject, name, value) for name, value in values.items()}


def _shown(subject: models.Model, name: str, value: Any) -> Any:
    if value and (SECRET.search(name) or PERSONAL.search(name)):
        return HIDDEN
    field = subject._meta.get_field(name)
    if isinstance(field, models.ForeignKey) and value is not None:
        other = field.related_model._base_manager.filter(pk=value).first()
        return f"{other} (#{value})" if other and not _is_person(other) else f"#{value}"
    return value


def _is_person(row: models.Model) -> bool:
    return isinstance(row, get_user_model())
