"""Below `/api/v1`."""

from django.urls import path

from orders.api import views

urlpatterns = [
    path("orders", views.OrderList.as_view(), name="orders"),
    path("orders/<int:pk>", views.OrderDetail.as_view(), name="order"),
    path("orders/<int:pk>/status", views.OrderProgress.as_view(), name="order-status"),
    path("orders/<int:pk>/cancel", views.OrderCancellation.as_view(), name="order-cancel"),
    path("admin/orders", views.AdminOrderList.as_view(), name="admin-orders"),
]
