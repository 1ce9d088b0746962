"""The gateway's HTTP interface under `razorpay/`, its dashboard beside it."""

from django.urls import include, path, re_path

from payments.sandbox.api import orders, payments, refunds
from payments.sandbox.api.http import endpoint
from payments.sandbox.checkout import views
from payments.sandbox.dashboard import views as dashboard

app_name = "sandbox"

gateway = [
    path("orders", endpoint(GET=orders.listing, POST=orders.create), name="orders"),
    path("orders/<str:order_id>", endpoint(GET=orders.fetch, PATCH=orders.edit), name="order"),
    path("orders/<str:order_id>/payments", endpoint(GET=orders.payments), name="order-payments"),
    path("payments", endpoint(GET=payments.listing), name="payments"),
    path("payments/<str:payment_id>", endpoint(GET=payments.fetch), name="payment"),
    path("payments/<str:payment_id>/capture", endpoint(POST=payments.capture), name="capture"),
    path("payments/<str:payment_id>/refund", endpoint(POST=payments.refund), name="payment-refund"),
    path("payments/<str:payment_id>/refunds", endpoint(GET=payments.refunds), name="payment-refunds"),
    path("refunds", endpoint(GET=refunds.listing), name="refunds"),
    path("refunds/<str:refund_id>", endpoint(GET=refunds.fetch, PATCH=refunds.edit), name="refund"),
    path("checkout.js", views.script, name="checkout-js"),
    path("checkout/public", views.public, name="checkout"),
    path("checkout/embedded", views.embedded, name="embedded"),
    path("checkout/<slug:session_id>/", views.pay, name="pay"),
    path("checkout/<slug:session_id>/payments/<slug:payment_id>/", views.bank, name="bank"),
    re_path(r"", endpoint(), name="unknown"),
]
urlpatterns = [
    path("razorpay/v1/", include(gateway)),
    path("", dashboard.home, name="dashboard"),
    path("knobs/", dashboard.set_knob, name="set-knob"),
    path("knobs/reset/", dashboard.reset_knobs, name="reset-knobs"),
    path("deliver/", dashboard.deliver, name="deliver"),
    path("do/<slug:action>/<slug:pk>/", dashboard.act, name="act"),
    path("orders/<slug:order_id>/", dashboard.order, name="dashboard-order"),
    path("<slug:kind>/", dashboard.listing, name="dashboard-list"),
]
