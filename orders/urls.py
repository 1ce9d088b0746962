from django.urls import path

from orders import views

app_name = "orders"
urlpatterns = [
    path("", views.order_list, name="list"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/cancel/", views.cancel, name="cancel"),
    path("<str:number>/buy-again/", views.buy_again, name="buy-again"),
    path("<str:number>/receipt/", views.receipt, name="receipt"),
    path("<str:number>/invoices/<int:pk>/", views.invoice, name="invoice"),
]
