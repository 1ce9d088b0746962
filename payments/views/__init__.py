from payments.views.checkout import address, place, review
from payments.views.paying import hand_back, pay, pay_status

__all__ = ["address", "hand_back", "pay", "pay_status", "place", "review"]
