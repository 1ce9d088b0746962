"""
Announcements to apps that accounts may not import, sent with plain `send` inside the transaction: a receiver that
fails rolls the change back.
"""

from django.dispatch import Signal

seller_status_changed = Signal()  # seller: SellerProfile, locked
account_erased = Signal()  # user: User, locked; receivers forget what they know about them, or refuse (DomainError)
personal_data_asked = Signal()  # user: User; receivers answer what they know about them: names to plain values
