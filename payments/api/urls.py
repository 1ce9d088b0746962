"""Below `/api/v1`."""

from django.urls import path

from payments.api import views

urlpatterns = [
    path("orders/checkout", views.Checkout.as_view(), name="checkout"),
    path("orders/webhook", views.Webhook.as_view(), name="webhook"),
    path("orders/<int:pk>/pay", views.Pay.as_view(), name="order-pay"),
    path("orders/<int:pk>/verify", views.Verify.as_view(), name="order-verify"),
    path("admin/stats", views.Stats.as_view(), name="admin-stats"),
]
