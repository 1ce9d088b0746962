from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode


class StaffSite(admin.AdminSite):
    """
    The built-in admin, with the shop's figures on its first page, and a second factor before everything.

    All ways to log in lead to the one page that asks for the code: whoever is staff and has not shown it meets it
    wherever they go in here.
    """

    site_header = site_title = f"{settings.MARKETPLACE['name']} staff"
    index_title = "Today"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from pymart.staff import views

        return [
            path("second-factor/", views.second_factor, name="second-factor"),
            path("second-factor/set-up/", views.set_up, name="second-factor-set-up"),
            path("second-factor/recovery-codes/", self.admin_view(views.recovery_codes), name="recovery-codes"),
            *super().get_urls(),
        ]

    def is_staff(self, request: HttpRequest) -> bool:
        """Logged in as one of the staff, with or without the second factor."""
        return super().has_permission(request)

    def has_permission(self, request: HttpRequest) -> bool:
        from accounts.selectors import has_shown_second_factor

        return self.is_staff(request) and has_shown_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and self.is_staff(request) and not self.has_permission(request):
            query = {key: request.GET[key] for key in [REDIRECT_FIELD_NAME] if key in request.GET}
            return redirect(f"{reverse('admin:second-factor')}?{urlencode(query)}")
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from pymart.staff.figures import figures, recent_actions

        shown = {"figures": figures(request), "recent_actions": recent_actions(request)}
        return super().index(request, {**shown, **(extra_context or {})})
