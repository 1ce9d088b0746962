"""Rows for tests: valid as they are, with whatever the test cares about passed in."""

from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Address, Role, SellerProfile, SellerStatus, User

PASSWORD = "mango-tree-42"
ADDRESS = {
    "full_name": "Asha Rao",
    "phone": "+919876543210",
    "line1": "14 Residency Road",
    "city": "Bengaluru",
    "state": "Karnataka",
    "pincode": "560025",
}
_numbers = count(1)


@cache
def hashed(password: str) -> str:
    """Hashing is slow on purpose: once per password will do."""
    return make_password(password)


def make_user(*, password: str = PASSWORD, **fields: Any) -> User:
    fields = {"email": f"user{next(_numbers)}@example.com", "full_name": "Asha Rao", **fields}
    return User.objects.create(password=hashed(password), **fields)


def make_admin(**fields: Any) -> User:
    return make_user(**{"role": Role.ADMIN, "is_staff": True, "is_superuser": True, **fields})


def make_address(user: User, **fields: Any) -> Address:
    return Address.objects.create(user=user, **{**ADDRESS, **fields})


def make_seller(user: User | None = None, **fields: Any) -> SellerProfile:
    """An approved shop."""
    user = user or make_user(role=Role.SELLER)
    number = next(_numbers)
    defaults = {
        "shop_name": f"Shop {number}",
        "slug": f"shop-{number}",
        "legal_name": f"Shop {number} Traders",
        "line1": "7 MG Road",
        "city": "Pune",
        "state": "Maharashtra",
        "pincode": "411001",
        "support_email": f"shop{number}@example.com",
        "support_phone": "+919822012345",
        "status": SellerStatus.APPROVED,
        "approved_at": timezone.now(),
    }
    return SellerProfile.objects.create(user=user, **{**defaults, **fields})
