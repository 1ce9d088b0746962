"""
Announcements to apps that orders may not import, sent with plain `send` inside the transaction: a receiver that
fails rolls the change back.
"""

from django.dispatch import Signal

order_cancelled = Signal()  # order: Order, locked
