from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import selectors, services
from accounts.models import Notification
from pymart.common.htmx import page_or_fragment, wants_fragment

FRAGMENTS = {"bell-panel", "inbox"}  # what the bell opens, and the list on the page


@login_required
@never_cache
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    return _inbox(request)


@login_required
@never_cache
@require_safe
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a notification leads; whoever has been there has read it."""
    row = get_object_or_404(Notification, pk=pk, user=request.user)
    services.mark_read(user=request.user, ids=[row.pk])
    return redirect(row.url or "accounts:notifications")


@login_required
@never_cache
@require_POST
def notifications_read(request: HttpRequest) -> HttpResponse:
    """Mark all read."""
    services.mark_read(user=request.user)
    if not wants_fragment(request, FRAGMENTS):
        return redirect("accounts:notifications")
    return _inbox(request)


def _inbox(request: HttpRequest) -> HttpResponse:
    rows = selectors.latest_notifications(request.user)
    return page_or_fragment(request, "accounts/notifications.html", FRAGMENTS, {"notifications": rows})
