"""Below `/api/v1`."""

from django.urls import path

from accounts.api import views

urlpatterns = [
    path("auth/register", views.Register.as_view()),
    path("auth/login", views.Login.as_view()),
    path("auth/refresh", views.Refresh.as_view()),
    path("auth/logout", views.Logout.as_view()),
    path("auth/me", views.Me.as_view()),
    path("auth/me/data", views.MyData.as_view()),
    path("auth/me/erase", views.EraseMe.as_view()),
    path("notifications", views.Notifications.as_view()),
    path("notifications/read", views.NotificationsRead.as_view()),
    path("admin/users", views.Users.as_view()),
    path("admin/users/<int:pk>", views.UserAccess.as_view()),
]
