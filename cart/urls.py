from django.urls import path

from cart import views

app_name = "cart"
urlpatterns = [
    path("", views.show, name="show"),
    path("add/", views.add, name="add"),
    path("set/", views.set_line, name="set"),
    path("save/", views.save_line, name="save"),
    path("restore/", views.restore_line, name="restore"),
    path("forget/", views.forget_line, name="forget"),
    path("badge/", views.badge, name="badge"),
]
