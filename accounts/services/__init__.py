from accounts.emails import Mail, composer
from accounts.services.access import seller_page
from accounts.services.addresses import (
    AddressGone,
    TooManyAddresses,
    add_address,
    delete_address,
    edit_address,
    make_default,
)
from accounts.services.erasure import ShopNotErased, StaffNotErased, erase_account, erase_own_account
from accounts.services.locks import AccountErased, lock_account
from accounts.services.login import (
    InvalidCredentials,
    authenticate_user,
    log_in,
    sign_out_elsewhere,
    sign_out_everywhere,
)
from accounts.services.mail import queue_email, send_again
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
from accounts.services.second_factor import (
    WrongCode,
    connect_app,
    forget_second_factor,
    new_recovery_codes,
    second_factor_to_set_up,
    show_second_factor,
)
from accounts.services.sellers import (
    AlreadyApplied,
    BankDetails,
    GstinTaken,
    IllegalDecision,
    ReasonMissing,
    ShopAddressMissing,
    ShopNameTaken,
    StaffDoNotSell,
    apply_to_sell,
    set_seller_status,
    update_shop,
)
from accounts.services.tokens import TokenPair, issue_tokens, refresh_tokens, revoke, revoke_pair, sign_in
from accounts.services.users import LastAdmin, OwnAccount, set_access
from accounts.tokens import ExpiredToken, InvalidToken, SecondFactorRequired, UserInactive

__all__ = [
    "AccountErased",
    "AddressGone",
    "AlreadyApplied",
    "BankDetails",
    "EmailTaken",
    "ExpiredToken",
    "GstinTaken",
    "IllegalDecision",
    "InvalidCredentials",
    "InvalidToken",
    "LastAdmin",
    "Mail",
    "OwnAccount",
    "ReasonMissing",
    "SecondFactorRequired",
    "ShopAddressMissing",
    "ShopNameTaken",
    "ShopNotErased",
    "StaffDoNotSell",
    "StaffNotErased",
    "TokenPair",
    "TooManyAddresses",
    "UserInactive",
    "WrongCode",
    "WrongPassword",
    "add_address",
    "apply_to_sell",
    "authenticate_user",
    "change_password",
    "composer",
    "connect_app",
    "delete_address",
    "edit_address",
    "erase_account",
    "erase_own_account",
    "forget_second_factor",
    "issue_tokens",
    "lock_account",
    "log_in",
    "make_default",
    "mark_read",
    "new_recovery_codes",
    "notify",
    "notify_many",
    "queue_email",
    "refresh_tokens",
    "register",
    "request_password_reset",
    "revoke",
    "revoke_pair",
    "second_factor_to_set_up",
    "seller_page",
    "send_again",
    "send_password_link",
    "set_access",
    "set_password",
    "set_seller_status",
    "show_second_factor",
    "sign_in",
    "sign_out_elsewhere",
    "sign_out_everywhere",
    "update_profile",
    "update_shop",
]
