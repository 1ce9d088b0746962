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
from accounts.services.passwords import (
    WrongPassword,
    change_password,
    request_password_reset,
    send_password_link,
    set_password,
)
from accounts.services.profile import update_profile
from accounts.services.registration import EmailTaken, register
from accounts.services.sellers import set_seller_status
from accounts.services.tokens import TokenPair, issue_tokens, refresh_tokens, revoke, revoke_pair, sign_in
from accounts.services.users import LastAdmin, OwnAccount, set_access
from accounts.tokens import ExpiredToken, InvalidToken, UserInactive

__all__ = [
    "AddressGone",
    "EmailTaken",
    "ExpiredToken",
    "InvalidCredentials",
    "InvalidToken",
    "LastAdmin",
    "Mail",
    "OwnAccount",
    "TokenPair",
    "TooManyAddresses",
    "UserInactive",
    "WrongPassword",
    "add_address",
    "authenticate_user",
    "change_password",
    "composer",
    "delete_address",
    "edit_address",
    "issue_tokens",
    "log_in",
    "make_default",
    "mark_read",
    "notify",
    "notify_many",
    "queue_email",
    "refresh_tokens",
    "register",
    "request_password_reset",
    "revoke",
    "revoke_pair",
    "send_password_link",
    "set_access",
    "set_password",
    "set_seller_status",
    "sign_in",
    "sign_out_elsewhere",
    "sign_out_everywhere",
    "update_profile",
]
