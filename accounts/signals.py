"""
Announcements to apps that accounts may not import, sent with plain `send` inside the transaction: a receiver that
fails rolls the change back.
"""

from django.dispatch import Signal

seller_status_changed = Signal()  # seller: SellerProfile, locked
