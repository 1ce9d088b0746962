"""Below `/api/v1`."""

from django.urls import path

from cart.api import views

urlpatterns = [
    path("cart", views.Cart.as_view(), name="cart"),
    path("cart/items", views.CartItems.as_view(), name="cart-items"),
    path("cart/items/<int:product_id>", views.CartItem.as_view(), name="cart-item"),
]
