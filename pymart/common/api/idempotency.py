"""
`Idempotency-Key`: a client that got no answer sends the same request again and gets the answer of the first.

The row of a request is committed before the request has any effect, and says so as long as there is no answer. A
process that dies in between leaves the row without one; after its lease a repetition does the work again. What the work
needs to recognise what is done already it notes beforehand: `remember`.
"""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils import timezone
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from pymart.common.api.renderers import to_json
from pymart.common.errors import DomainError
from pymart.common.models import IdempotentRequest, lease

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# Not the request's own fault or effect: sent again it may fare better.
_NOT_KEPT = {status.HTTP_401_UNAUTHORIZED, status.HTTP_429_TOO_MANY_REQUESTS}
Method = Callable[..., Response]


class BadIdempotencyKey(DomainError):
    code = "invalid_idempotency_key"
    status = 400
    message = f"{HEADER} must be 1 to 255 visible ASCII characters."


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"
    message = f"This {HEADER} belongs to another request. Use a new one."


class IdempotencyKeyInUse(DomainError):
    code = "idempotency_key_in_use"
    message = "The first request with this key is still being worked on. Please try again in a moment."


def idempotent(method: Method) -> Method:
    """For a method of an `ApiView` whose user is authenticated."""

    @wraps(method)
    def handle(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        row = _begin(request, key)
        if row.status is not None:
            return HttpResponse(
                bytes(row.body), status=row.status, content_type="application/json", headers={REPLAYED: "true"}
            )
        request.idempotent = row
        try:
            response = method(view, request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the view's own handler answers it, as it would without us
            response = view.handle_exception(error)
        _end(row, response)
        return response

    handle.is_idempotent = True  # type: ignore[attr-defined] - for the schema
    return handle


def remember(request: Request, subject: object) -> None:
    """Note what the request is about, before it has its effect."""
    if row := getattr(request, "idempotent", None):
        row.subject = str(subject)
        row.save(update_fields=["subject"])


def remembered(request: Request) -> str:
    """What an earlier attempt at the same request noted."""
    row = getattr(request, "idempotent", None)
    return row.subject if row else ""


def _begin(request: Request, key: str) -> IdempotentRequest:
    """
    The row of the request: new, or with the answer of the first.

    :raises BadIdempotencyKey, IdempotencyKeyReused, IdempotencyKeyInUse:
    """
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey
    fingerprint = _fingerprint(request)
    row, is_new = IdempotentRequest.objects.get_or_create(
        user=request.user, key=key, defaults={"fingerprint": fingerprint}
    )
    if row.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if is_new or row.status is not None:
        return row
    lost = IdempotentRequest.objects.filter(pk=row.pk, status=None, leased_until__lt=timezone.now())
    if not lost.update(leased_until=lease()):
        raise IdempotencyKeyInUse
    return row


def _end(row: IdempotentRequest, response: Response) -> None:
    if response.status_code >= 500 or response.status_code in _NOT_KEPT:
        row.delete()
        return
    row.status, row.body = response.status_code, to_json(response.data)
    row.save(update_fields=["status", "body"])


def _fingerprint(request: Request) -> str:
    body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(b"\n".join([request.method.encode(), request.path.encode(), body])).hexdigest()
