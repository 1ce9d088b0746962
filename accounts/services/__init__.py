from accounts.emails import Mail, composer
from accounts.services.addresses import (
    AddressGone,
    TooManyAddresses,
    add_address,
    delete_address,
    edit_address,
    make_default,
)
from accounts.services.login import (
    InvalidCredentials,
    authenticate_user,
    log_in,
    sign_out_elsewhere,
    sign_out_everywhere,
)
from accounts.services.mail import queue_email
from accounts.services.notifications import mark_read, notify, notify_many
from accounts.services.passwords import WrongPassword, change_password, request_password_reset, set_password
from accounts.services.profile import update_profile
from accounts.services.registration import EmailTaken, register
from accounts.services.sellers import set_seller_status

__all__ = [
    "AddressGone",
    "EmailTaken",
    "InvalidCredentials",
    "Mail",
    "TooManyAddresses",
    "WrongPassword",
    "add_address",
    "authenticate_user",
    "change_password",
    "composer",
    "delete_address",
    "edit_address",
    "log_in",
    "make_default",
    "mark_read",
    "notify",
    "notify_many",
    "queue_email",
    "register",
    "request_password_reset",
    "set_password",
    "set_seller_status",
    "sign_out_elsewhere",
    "sign_out_everywhere",
    "update_profile",
]
