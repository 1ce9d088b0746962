"""
Announcements to apps that accounts may not import, sent with plain `send` inside the transaction: a receiver that
fails rolls the change back.
"""

from django.dispatch import Signal

from pymart.common.errors import DomainError

seller_status_changed = Signal()  # seller: SellerProfile, locked
account_erased = Signal()  # user: User, locked; receivers forget what they know about them, or refuse (DomainError)
personal_data_asked = Signal()  # user: User; receivers answer what they know about them: names to plain values


class OrdersUnderWay(DomainError):
    """What a receiver of `account_erased` refuses with while buyer, seller and courier still need each other."""

    code = "orders_under_way"
    message = "An order or a refund of yours is under way. Once it has arrived you can delete your account."
