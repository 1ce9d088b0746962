"""Mounted at the root: `/sell/` for everybody, `/seller/` for those who have a shop."""

from django.urls import path

from accounts.views import selling

app_name = "sell"
urlpatterns = [
    path("sell/", selling.landing, name="landing"),
    path("sell/apply/", selling.apply, name="apply"),
    path("sell/status/", selling.status, name="status"),
    path("sell/terms/", selling.terms, name="terms"),
    path("seller/settings/", selling.settings, name="settings"),
]
