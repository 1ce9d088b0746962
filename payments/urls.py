from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("checkout/", views.review, name="checkout"),
    path("checkout/address/", views.address, name="checkout-address"),
    path("checkout/pay/", views.place, name="checkout-pay"),
    path("orders/<str:number>/pay/", views.pay, name="pay"),
    path("orders/<str:number>/pay/status/", views.pay_status, name="pay-status"),
    path("payments/return/", views.hand_back, name="return"),
]
