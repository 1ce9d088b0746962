"""What sellers and staff send about products and categories."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import fields, serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import SellerProfile
from catalog.api.serializers.reading import OWN_ROW, OwnProductOutput
from catalog.limits import (
    ATTRIBUTE_LENGTH,
    ATTRIBUTE_NAME_LENGTH,
    DESCRIPTION_LENGTH,
    HIGHLIGHT_LENGTH,
    MAX_ATTRIBUTES,
    MAX_HIGHLIGHTS,
    MAX_TAGS,
    MAX_VARIANTS,
    MOST_STOCK,
    TAG_LENGTH,
)
from catalog.models import Category, ProductImage, ProductStatus
from pymart.common.api.pagination import PageQuery
from pymart.common.api.serializers import MoneyField, PatternField, StrictSerializer
from pymart.common.db import LARGEST_ID
from pymart.common.gst import RATES, rate_text


@extend_schema_field({"oneOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 1}]})
class ReferenceField(serializers.RelatedField):
    """Another object by its slug or its id."""

    default_error_messages = {"does_not_exist": "There is none with this slug or id."}

    def to_internal_value(self, data: Any) -> Any:
        found = None
        if isinstance(data, str) and "\x00" not in data:
            found = self.get_queryset().filter(slug=data).first()
        if found is None and (number := _id(data)):
            found = self.get_queryset().filter(pk=number).first()
        if found is None:
            self.fail("does_not_exist")
        return found


def _id(data: Any) -> int | None:
    """The id in a JSON number or, in a form, in text."""
    if isinstance(data, str) and data.isascii() and data.isdecimal() and len(data) < 20:
        data = int(data)
    return data if isinstance(data, int) and not isinstance(data, bool) and 0 < data <= LARGEST_ID else None


class PriceField(MoneyField):
    """Below a crore: the dearest order must fit its total."""

    pattern = r"^[1-9][0-9]{0,6}(\.[0-9]{1,2})?$"
    default_error_messages = {"invalid": 'Must be an amount from "1.00" to "9999999.99", in a string.'}


def _spellings(rate: Decimal) -> str:
    """How a rate may be written, as a pattern: with two places at most, zeros at the end or none."""
    whole, _, part = rate_text(rate).partition(".")
    return rf"{whole}\.{part}0{{0,{2 - len(part)}}}" if part else rf"{whole}(\.0{{1,2}})?"


class GstRateField(MoneyField):
    pattern = f"^({'|'.join(map(_spellings, RATES))})$"
    default_error_messages = {"invalid": f"Must be one of {', '.join(map(rate_text, RATES))}, in a string."}


class AttributesField(serializers.DictField):
    """A JSON object of texts: facts by their names."""

    child = serializers.CharField(max_length=ATTRIBUTE_LENGTH)
    default_error_messages = {
        "too_many": f"There are more than {MAX_ATTRIBUTES}.",
        "not_text": "“{name}” must be a string.",
        "bad_name": f"Names have 1 to {ATTRIBUTE_NAME_LENGTH} characters.",
    }

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if isinstance(data, dict):
            if len(data) > MAX_ATTRIBUTES:
                self.fail("too_many")
            for name, value in data.items():
                if not str(name).strip() or len(str(name)) > ATTRIBUTE_NAME_LENGTH or "\x00" in str(name):
                    self.fail("bad_name")
                if not isinstance(value, str):
                    self.fail("not_text", name=name)
        return super().to_internal_value(data)


def _stock() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST_STOCK, required=False)


def _texts(length: int, most: int, **kwargs: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=length), max_length=most, required=False, **kwargs
    )


class VariantInput(StrictSerializer):
    """What it leaves out of price, MRP and stock is taken from the product's."""

    sku = serializers.CharField(max_length=64, required=False, help_text="Unique among a seller's; made where none.")
    name = serializers.CharField(
        max_length=80,
        required=False,
        allow_blank=True,
        help_text="Distinct within the product; made of the attributes where none.",
    )
    price = PriceField(required=False)
    mrp = PriceField(required=False)
    stock = _stock()
    attributes = AttributesField(required=False)


class VariantChange(VariantInput):
    """Known by its id, else by its SKU, else by its name; a new one where it is none of the product's."""

    id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class _ProductInput(StrictSerializer):
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH)
    category = ReferenceField(queryset=Category.objects.all(), help_text="Slug or id.")
    price = PriceField(required=False, help_text="Required where there are no `variants`.")
    mrp = PriceField(required=False, help_text="At least the price, which it is where nobody ever said.")
    stock = _stock()
    tags = _texts(TAG_LENGTH, MAX_TAGS)
    attributes = AttributesField(required=False, help_text='Facts as shown: {"Material": "Cotton"}')
    brand = serializers.CharField(max_length=80, required=False, allow_blank=True)
    highlights = _texts(HIGHLIGHT_LENGTH, MAX_HIGHLIGHTS)
    hsn = PatternField(r"^([0-9]{4}|[0-9]{6}|[0-9]{8})?$", required=False, allow_blank=True)
    gst_rate = GstRateField(required=False, help_text="In percent; the price includes it.")
    country_of_origin = PatternField(r"^[A-Z]{2}$", required=False, help_text="ISO 3166-1 alpha-2")
    status = serializers.ChoiceField(choices=ProductStatus.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not self.partial and "variants" not in attrs:
            missing = [name for name in ("price", "stock") if name not in attrs]
            if missing:
                required = ErrorDetail(fields.Field.default_error_messages["required"], "required")
                raise serializers.ValidationError({name: [required] for name in missing})
        if "tags" in attrs:
            attrs["tags"] = list(dict.fromkeys(attrs["tags"]))
        return attrs


_EXAMPLE = {
    "title": "Block-printed cotton kurta",
    "description": "Hand-printed in Sanganer. Wash with similar colours.",
    "category": "kurtas",
    "price": "899.00",
    "mrp": "1499.00",
    "stock": 12,
    "tags": ["cotton", "handmade"],
    "attributes": {"Fabric": "Cotton"},
    "status": "active",
}
_SIZES = [
    {"sku": "KURTA-M", "attributes": {"Size": "M"}, "stock": 5},
    {"sku": "KURTA-XL", "attributes": {"Size": "XL"}, "stock": 3, "price": "949.00"},
]
_CHANGED_SIZES = [{"id": 21, "stock": 4}, {"sku": "KURTA-L", "attributes": {"Size": "L"}, "stock": 2}]
_FORM = "multipart/form-data"


def _example(name: str, value: object, media_type: str = "application/json") -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True, media_type=media_type)


PRODUCT_EXAMPLES = [
    _example("One of a kind", _EXAMPLE),
    _example("In sizes", {**_EXAMPLE, "variants": _SIZES}),
    _example("In a form, to which pictures can be added", _EXAMPLE, _FORM),
]
CHANGE_EXAMPLES = [
    _example("Price and stock", {"price": "849.00", "stock": 10, "updated_at": "2026-11-20T18:00:00+05:30"}),
    _example("Sizes", {"variants": _CHANGED_SIZES}),
    _example("Pictures", {"remove_images": [9], "image_order": [8, 7]}, _FORM),
]
REPLACE_EXAMPLES = [_example("All of it", _EXAMPLE), _example("In a form", _EXAMPLE, _FORM)]


class ProductInput(_ProductInput):
    variants = VariantInput(
        many=True,
        required=False,
        allow_empty=False,
        max_length=MAX_VARIANTS,
        help_text="Without them the product is one variant, of the price, MRP and stock above.",
    )
    seller = ReferenceField(
        queryset=SellerProfile.objects.all(),
        required=False,
        help_text="Slug or id of the shop: staff have none of their own.",
    )


class _Pictures(serializers.Serializer):
    """What only a form can carry."""

    images = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, use_url=False),
        max_length=ProductImage.MAX_PER_PRODUCT,
        error_messages={"max_length": "A product has at most {max_length} pictures."},
        required=False,
        help_text="JPEG, PNG or WebP, up to 5 MB each; the first is the cover. The field is repeated for each.",
    )
    alts = serializers.ListField(
        child=serializers.CharField(max_length=160, allow_blank=True),
        max_length=ProductImage.MAX_PER_PRODUCT,
        required=False,
        help_text="What the images show, in their order, for those who cannot see them.",
    )


class ProductForm(_Pictures, ProductInput):
    pass


class ProductChange(_ProductInput):
    variants = VariantChange(
        many=True,
        required=False,
        allow_empty=False,
        max_length=MAX_VARIANTS,
        help_text="All that shall be on sale, in this order: others are withdrawn.",
    )
    remove_images = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=20, required=False
    )
    image_order = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        max_length=20,
        required=False,
        help_text="The ids of all images that stay, the cover first. New ones come after them.",
    )
    updated_at = serializers.DateTimeField(
        required=False, help_text="As last seen: if the product has changed since, the answer is 409."
    )


class ProductChangeForm(_Pictures, ProductChange):
    pass


class ProductStatusInput(StrictSerializer):
    is_whole = True
    status = serializers.ChoiceField(choices=ProductStatus.choices)


class ModerationInput(ProductStatusInput):
    reason = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Kept in the log; its seller reads it."
    )


class AdminProductsQuery(PageQuery):
    status = serializers.ChoiceField(choices=ProductStatus.choices, required=False)
    seller = serializers.CharField(max_length=90, required=False, help_text="Slug or id.")
    q = serializers.CharField(max_length=120, required=False, allow_blank=True, help_text="Words, a slug or a SKU.")


@extend_schema_serializer(examples=[OpenApiExample("On sale", {**OWN_ROW, "is_listed": True}, response_only=True)])
class AdminProductOutput(OwnProductOutput):
    is_listed = serializers.BooleanField(help_text="Active, has a variant, and its shop is open.")


@extend_schema_serializer(
    examples=[OpenApiExample("A category", {"name": "Kurtas", "parent": "women"}, request_only=True)]
)
class CategoryInput(StrictSerializer):
    name = serializers.CharField(max_length=80)
    slug = PatternField(
        r"^[a-z0-9-]*[a-z][a-z0-9-]*$", max_length=90, required=False, help_text="Made of the name where none."
    )
    parent = ReferenceField(
        queryset=Category.objects.all(), required=False, allow_null=True, help_text="Slug or id; null: a root."
    )
