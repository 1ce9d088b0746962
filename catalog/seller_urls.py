"""Below `/seller/`."""

from django.urls import path

from catalog import seller_views as views

app_name = "seller-products"
urlpatterns = [
    path("products/", views.product_list, name="list"),
    path("products/new/", views.new, name="new"),
    path("products/ticked/", views.ticked, name="ticked"),
    path("products/undo/", views.undo, name="undo"),
    path("products/<int:pk>/", views.edit, name="edit"),
    path("products/<int:pk>/stock/", views.stock, name="stock"),
    path("products/<int:pk>/row/", views.row, name="row"),
    path("products/<int:pk>/images/", views.add_images, name="images"),
    path("products/<int:pk>/images/order/", views.order_images, name="images-order"),
    path("products/<int:pk>/images/<int:image_pk>/alt/", views.describe, name="image-alt"),
    path("products/<int:pk>/images/<int:image_pk>/remove/", views.remove_image, name="image-remove"),
]
