"""Below `/seller/`."""

from django.urls import include, path

from orders.seller_views import figures, orders

figure_patterns = [
    path("", figures.dashboard, name="dashboard"),
    path("figures/", figures.show, name="figures"),
    path("figures/<slug:table>.csv", figures.download, name="figures-csv"),
]
order_patterns = [
    path("", orders.order_list, name="list"),
    path("ticked/", orders.ticked, name="ticked"),
    path("ship/", orders.ship, name="ship"),
    path("slips/", orders.packing_slips, name="slips"),
    path("<slug:number>/", orders.order, name="detail"),
    path("<slug:number>/invoice/", orders.invoice, name="invoice"),
]
urlpatterns = [
    path("", include((figure_patterns, "seller"))),
    path("orders/", include((order_patterns, "seller-orders"))),
]
