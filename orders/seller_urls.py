"""Below `/seller/`."""

from django.urls import path

from orders import seller_views as views

app_name = "seller-orders"
urlpatterns = [
    path("orders/", views.order_list, name="list"),
    path("orders/ticked/", views.ticked, name="ticked"),
    path("orders/ship/", views.ship, name="ship"),
    path("orders/slips/", views.packing_slips, name="slips"),
    path("orders/<slug:number>/", views.order, name="detail"),
    path("orders/<slug:number>/invoice/", views.invoice, name="invoice"),
]
