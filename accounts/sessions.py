"""The session store: Django's `cached_db` on a table that knows whose session it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore as CachedDbStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

from pymart.common.db import after_commit
from pymart.common.net import client_ip

SIGNED_IN = "signed_in"  # key in the session

# Marks in User-Agent headers. The order counts: Edge claims to be Chrome, Chrome to be Safari, Android to be Linux.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "UCBrowser": "UC Browser",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


class SessionStore(CachedDbStore):
    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        from accounts.models import UserSession

        return UserSession

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        return _describe(super().create_model_instance(data), data)

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        return _describe(await super().acreate_model_instance(data), data)


def note_sign_in(request: HttpRequest) -> None:
    """Keep in the session what tells its owner later which device this is."""
    request.session[SIGNED_IN] = {
        "at": timezone.now().isoformat(),
        "ip": client_ip(request).partition("%")[0],  # PostgreSQL knows no zones of IPv6
        "user_agent": request.headers.get("User-Agent", "").replace("\0", "")[:300],
    }


def delete_sessions(keys: Iterable[str]) -> None:
    """
    From the cache after the commit, for until then a request may read the rows and put them there. What it still holds
    when it does not answer is refused by the user's `session_version`.
    """
    keys = list(keys)
    SessionStore.get_model_class().objects.filter(session_key__in=keys).delete()
    cached = [f"{SessionStore.cache_key_prefix}{key}" for key in keys]
    after_commit(caches[settings.SESSION_CACHE_ALIAS].delete_many, cached)


def device_name(user_agent: str) -> str:
    """`Chrome on Android`, as far as a browser tells."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "Unknown browser")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _describe(row: Any, data: dict[str, Any]) -> AbstractBaseSession:
    if SESSION_KEY in data:
        about = data.get(SIGNED_IN, {})
        row.user_id = data[SESSION_KEY]
        row.signed_in_at = datetime.fromisoformat(about["at"]) if about else None
        row.ip = about.get("ip")
        row.user_agent = about.get("user_agent", "")
    return row
