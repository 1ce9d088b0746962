"""Below `/seller/`."""

from django.urls import path

from reviews import seller_views as views

app_name = "seller-reviews"
urlpatterns = [path("reviews/", views.review_list, name="list")]
