"""Rows for tests: valid as they are, with whatever the test cares about passed in."""

import uuid
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image

from accounts.models import Address, Role, SellerProfile, SellerStatus, User
from catalog.models import Category, Product, ProductImage, ProductStatus, Variant
from catalog.services import add_variant, create_product
from pymart.common.india import GST_STATE_CODES, gstin_check_character

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


def hashed(password: str) -> str:
    """Hashing is slow on purpose: once per password and hasher will do."""
    return _hashed(password, settings.PASSWORD_HASHERS[0])


@cache
def _hashed(password: str, hasher: str) -> str:
    return make_password(password)


def make_user(*, password: str = PASSWORD, **fields: Any) -> User:
    fields = {"email": f"user{next(_numbers)}@example.com", "full_name": "Asha Rao", **fields}
    return User.objects.create(password=hashed(password), **fields)


def make_admin(**fields: Any) -> User:
    return make_user(**{"role": Role.ADMIN, "is_staff": True, "is_superuser": True, **fields})


def make_address(user: User, **fields: Any) -> Address:
    return Address.objects.create(user=user, **{**ADDRESS, **fields})


def make_gstin(state: str = "Maharashtra", number: int | None = None) -> str:
    """A valid one that belongs to nobody."""
    first = f"{GST_STATE_CODES[state]}AAACP{(number or next(_numbers)) % 10_000:04}K1Z"
    return first + gstin_check_character(first)


def make_seller(user: User | None = None, **fields: Any) -> SellerProfile:
    """An approved shop, registered for GST; `gstin=""` makes one that is not."""
    user = user or make_user(role=Role.SELLER)
    number = next(_numbers)
    state = fields.get("state", "Maharashtra")
    if fields.setdefault("gstin", make_gstin(state, number)) == "":
        fields.setdefault("unregistered_declared_at", timezone.now())
    defaults = {
        "shop_name": f"Shop {number}",
        "slug": f"shop-{number}",
        "legal_name": f"Shop {number} Traders",
        "line1": "7 MG Road",
        "city": "Pune",
        "state": state,
        "pincode": "411001",
        "support_email": f"shop{number}@example.com",
        "support_phone": "+919822012345",
        "status": SellerStatus.APPROVED,
        "approved_at": timezone.now(),
    }
    return SellerProfile.objects.create(user=user, **{**defaults, **fields})


def make_category(name: str = "", parent: Category | None = None, **fields: Any) -> Category:
    name = name or f"Category {next(_numbers)}"
    return Category.objects.create(**{"name": name, "slug": slugify(name), "parent": parent, **fields})


def make_product(
    *,
    price: Decimal | str | int | None = 499,
    mrp: Decimal | str | int | None = None,
    stock: int = 10,
    seller: SellerProfile | None = None,
    category: Category | None = None,
    **fields: Any,
) -> Product:
    """A product on sale with one variant; without a `price`, one without variants."""
    product = create_product(
        seller=seller or make_seller(),
        category=category or make_category(),
        **{"title": f"Steel bottle {next(_numbers)}", "status": ProductStatus.ACTIVE, **fields},
    )
    if price is not None:
        make_variant(product, price=price, mrp=mrp, stock=stock)
    product.refresh_from_db()
    return product


def make_variant(
    product: Product,
    *,
    price: Decimal | str | int = 499,
    mrp: Decimal | str | int | None = None,
    stock: int = 10,
    **fields: Any,
) -> Variant:
    """One more variant; `attributes` give it its name where none is passed."""
    name = " / ".join(map(str, fields.get("attributes", {}).values()))
    fields = {"sku": f"SKU-{next(_numbers)}", "name": name, **fields}
    return add_variant(product=product, price=Decimal(price), mrp=Decimal(mrp or price), stock=stock, **fields)


def picture_file(
    size: tuple[int, int] = (640, 640), color: str = "#c98", format: str = "JPEG", **options: Any
) -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", size, color).save(buffer, format, **options)
    return SimpleUploadedFile(f"photo.{format.lower()}", buffer.getvalue(), f"image/{format.lower()}")


def make_image(product: Product, **fields: Any) -> ProductImage:
    """A row with a picture's name, without its files."""
    position = fields.pop("position", product.images.count())
    image = ProductImage(product=product, width=1200, height=900, position=position, **fields)
    image.image.name = f"products/{uuid.uuid4()}-1200.webp"
    image.save()
    return image
