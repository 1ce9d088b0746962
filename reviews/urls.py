from django.urls import path

from reviews import views

app_name = "reviews"
urlpatterns = [
    path("p/<int:product_id>/reviews/", views.review_list, name="list"),
    path("p/<int:product_id>/reviews/write/", views.write, name="write"),
    path("p/<int:product_id>/reviews/delete/", views.delete, name="delete"),
    path("reviews/<int:pk>/helpful/", views.helpful, name="helpful"),
    path("reviews/<int:pk>/report/", views.report, name="report"),
]
