"""
Finished answers in Redis, for what is the same for everybody: one round trip instead of a view.

A view marks an answer with `keep`: for how many seconds it may be kept at most, and the names of what it depends on.
Whoever changes such a thing calls `changed` once that is committed.

Changes are counted. An answer carries the count from before its view read anything, and holds while nothing that it
depends on changed at a higher one: what a slow reader stores after a change counts as old from the start. The count
begins at the clock's microseconds, so that it never falls, not even in a Redis that was emptied.

An answer may say that looks at it are counted (`pymart.common.tally`). Its view counts those that it answers itself,
those that are answered from what is kept are counted where it is found.
"""

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request

from pymart.common import redis, tally
from pymart.common.errors import Unavailable

log = logging.getLogger(__name__)
R = TypeVar("R", bound=HttpResponseBase)
Method = Callable[..., HttpResponseBase]

LONGEST = 3600  # seconds that anything is kept
MAX_QUERY = 500  # characters; a longer address is answered, but not kept
PUBLIC, PRIVATE = (f"{whose}, max-age=0, must-revalidate" for whose in ("public", "private"))
MAX_BODY = 512 * 1024
# What an answer may differ by without depending on who asks. `Cookie` and `Authorization` are not among them.
HARMLESS_VARY = {"accept", "accept-encoding"}
_COUNT = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  local now = redis.call('TIME')
  redis.call('SET', KEYS[1], now[1] .. string.format('%06d', now[2]))
end
"""
# KEYS: the count, the answer. ARGV: what the keys of changes and of tallies begin with; today, or nothing where this
# look is not to be counted; who looks. Answers head and body, or the count.
_FIND = f"""
local kept = redis.call('HMGET', KEYS[2], 'count', 'depends', 'head', 'body', 'tally', 'what', 'owner')
if kept[1] then
  local holds = true
  for name in string.gmatch(kept[2], '%S+') do
    local change = redis.call('GET', ARGV[1] .. name)
    if change and tonumber(change) > tonumber(kept[1]) then holds = false end
  end
  if holds then
    if kept[5] and ARGV[3] ~= '' and ARGV[4] ~= kept[7] then
      redis.call('HINCRBY', ARGV[2] .. kept[5], ARGV[3] .. ':' .. kept[6], 1)
    end
    return {{kept[3], kept[4]}}
  end
end
{_COUNT}
return redis.call('GET', KEYS[1])
"""
# KEYS: the count. ARGV: seconds, then the keys of changes.
_CHANGED = f"""
{_COUNT}
local count = redis.call('INCR', KEYS[1])
for i = 2, #ARGV do redis.call('SET', ARGV[i], count, 'EX', ARGV[1]) end
"""


class Counted(NamedTuple):
    """What a look at an answer counts as, unless it is its owner's."""

    tally: str
    what: str
    owner: int


class Keep(NamedTuple):
    seconds: int
    depends: tuple[str, ...]
    counted: Counted | None


def keep(response: R, *, seconds: int, depends: tuple[str, ...], counted: Counted | None = None) -> R:
    """
    This answer is the same for everybody who may have it, and everybody may.

    :param depends: names without blanks.
    """
    response.keep = Keep(min(seconds, LONGEST), depends, counted)  # type: ignore[attr-defined]
    return response


def changed(*names: str) -> None:
    """
    Answers that depend on any of these are old now. To be called after the change is committed.

    :raises Unavailable: without Redis; then they live on for as long as they may be kept.
    """
    keys = [_change_key(name) for name in names]
    with redis.connection() as client:
        client.eval(_CHANGED, 1, redis.key("answers", "count"), 2 * LONGEST, *keys)


class KeptAnswers:
    """
    Answers anonymous GETs of the API from what is kept, and keeps what views mark.

    Of these answers, kept or not, it also makes ETags, and 304 where the client has the answer already. What
    middlewares above this one do is done every time; what those below do is part of the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not request.path.startswith("/api/"):
            return self.get_response(request)
        request.answer_key = key = _answer_key(request)  # type: ignore[attr-defined]
        is_anonymous = "HTTP_AUTHORIZATION" not in request.META
        found = _find(key, request) if key and is_anonymous else None
        if isinstance(found, HttpResponse):
            return _or_not_modified(request, found)
        request.answer_count = found  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not is_anonymous:
            response["Cache-Control"] = PRIVATE
        if "ETag" not in response:
            wish: Keep | None = getattr(response, "keep", None)
            if wish is None or response.status_code != 200:
                return response
            _finish(response)
            if key and request.answer_count and _is_for_everybody(response):  # type: ignore[attr-defined]
                _store(key, request.answer_count, wish, response)  # type: ignore[attr-defined]
        return _or_not_modified(request, response)


def same_for_all(method: Method) -> Method:
    """
    For a view's `get` that marks only what does not depend on who asks: people with a token, once it is sure that they
    are who it says, get what is kept for those without.
    """

    @wraps(method)
    def get(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        plain = request._request
        key = getattr(plain, "answer_key", None)
        if key and "HTTP_AUTHORIZATION" in plain.META:
            found = _find(key, plain, request.user)
            if isinstance(found, HttpResponse):
                return found
            plain.answer_count = found
        return method(view, request, *args, **kwargs)

    return get


def _finish(response: HttpResponse) -> None:
    response["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers.setdefault("Cache-Control", PUBLIC)


def _answer_key(request: HttpRequest) -> str | None:
    """The same for addresses that mean the same."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > MAX_QUERY:
        return None
    asked: list[Any] = [request.scheme, request.META.get("HTTP_HOST"), request.path]
    if query:
        asked += sorted(request.GET.lists())
    return redis.key("answers", hashlib.blake2b(repr(asked).encode(), digest_size=16).hexdigest())


def _find(key: str, request: HttpRequest, viewer: Any = None) -> HttpResponse | bytes | None:
    """The answer, or else the count of changes now; neither without Redis."""
    is_counted = tally.is_person(request.META.get("HTTP_USER_AGENT", "")) and not getattr(viewer, "is_staff", False)
    look = (tally.counts_key(""), tally.today() if is_counted else "", getattr(viewer, "pk", None) or "")
    try:
        found = redis.command("EVAL", _FIND, 2, redis.key("answers", "count"), key, _change_key(""), *look)
    except Unavailable:
        log.warning("no answer is kept: Redis does not answer")
        return None
    if isinstance(found, bytes):
        return found
    head, body = found
    return HttpResponse(body, headers=orjson.loads(head))


def _store(key: str, count: bytes, wish: Keep, response: HttpResponse) -> None:
    head = {name: value for name, value in response.items() if not name.startswith("RateLimit-")}
    head["Cache-Control"] = PUBLIC
    answer = {"count": count, "depends": " ".join(wish.depends), "head": orjson.dumps(head), "body": response.content}
    if wish.counted:
        answer |= wish.counted._asdict()
    try:
        with redis.connection() as client, client.pipeline() as pipeline:
            pipeline.hset(key, mapping=answer)
            pipeline.expire(key, wish.seconds)
            pipeline.execute()
    except Unavailable:
        log.warning("this answer is not kept: Redis does not answer")


def _is_for_everybody(response: HttpResponse) -> bool:
    """Whatever the view says: who touched a cookie or the session had somebody in mind."""
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return not response.cookies and vary <= HARMLESS_VARY and len(response.content) <= MAX_BODY


def _or_not_modified(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer or response


def _change_key(name: str) -> str:
    return redis.key("answers", "changed", name)
