"""
The log of what staff did. It is written where staff come in, in the transaction of what they do: by the admin's forms
and actions (`pymart.common.admin`), and with `noted` and `by_staff` by the API's endpoints.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest

from pymart.common.models import AuditEntry
from pymart.common.net import client_ip

SECRET = re.compile(r"password|secret|token|key|session|bank|account|ifsc|^pan$")
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
    """:param before, after: snapshots; what differs between them is kept, secrets without their values."""
    before, after = before or {}, after or {}
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return AuditEntry.objects.create(
        actor_id=request.user.pk,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject=str(subject)[:200],
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
    if SECRET.search(name) and value:
        return HIDDEN
    field = subject._meta.get_field(name)
    if isinstance(field, models.ForeignKey) and value is not None:
        other = field.related_model._base_manager.filter(pk=value).first()
        return f"{other} (#{value})" if other else f"#{value}"
    return value
