from django.urls import path

from accounts.views import addresses, data, inbox, login, passwords, profile

app_name = "accounts"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("login/", login.log_in, name="login"),
    path("logout/", login.log_out, name="logout"),
    path("register/", login.register, name="register"),
    path("password/", passwords.password_change, name="password-change"),
    path("password/reset/", passwords.password_reset, name="password-reset"),
    path("password/reset/sent/", passwords.password_reset_sent, name="password-reset-sent"),
    path(
        "password/reset/<str:uidb64>/<str:token>/",
        passwords.PasswordResetConfirm.as_view(),
        name="password-reset-confirm",
    ),
    path("sessions/", profile.sessions, name="sessions"),
    path("sessions/end/", profile.sessions_end, name="sessions-end"),
    path("data/", data.your_data, name="your-data"),
    path("data/download/", data.your_data_download, name="your-data-download"),
    path("addresses/", addresses.address_list, name="addresses"),
    path("addresses/new/", addresses.address_add, name="address-add"),
    path("addresses/undo/", addresses.address_undo, name="address-undo"),
    path("addresses/<int:pk>/", addresses.address_edit, name="address-edit"),
    path("addresses/<int:pk>/delete/", addresses.address_delete, name="address-delete"),
    path("addresses/<int:pk>/default/", addresses.address_default, name="address-default"),
    path("pincode/", addresses.pincode, name="pincode"),
    path("notifications/", inbox.notifications, name="notifications"),
    path("notifications/read/", inbox.notifications_read, name="notifications-read"),
    path("notifications/<int:pk>/", inbox.notification_open, name="notification-open"),
]
