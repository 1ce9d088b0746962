"""What is asked of the catalogue's lists, and what its answers say; the answers themselves are made in `render`."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.fields import empty

from catalog.models import ProductStatus
from catalog.search import Relaxed, Sort
from catalog.search.types import AS_TYPED
from pymart.common.api.pagination import PageQuery
from pymart.common.api.serializers import MoneyField, StrictSerializer

MAX_CHOICES = 20
KINDS = ["product", "category", "query"]


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 5})
class RatingField(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        limits = {"min_value": Decimal(0), "max_value": Decimal(5)}
        super().__init__(max_digits=None, decimal_places=None, **limits, **kwargs)


class ProductListQuery(PageQuery):
    q = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Words; what is misspelled is found as well."
    )
    category = serializers.CharField(
        required=False, max_length=90, help_text="Slug; what is below it counts. An unknown one has no products."
    )
    min_price = MoneyField(required=False)
    max_price = MoneyField(required=False, help_text="Where it is less than `min_price`, the two change places.")
    min_rating = RatingField(required=False)
    in_stock = serializers.BooleanField(required=False, default=False)
    seller = serializers.CharField(
        required=False, max_length=90, help_text="Id or slug of a shop. An unknown one has no products."
    )
    tag = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=MAX_CHOICES,
        help_text="Several (`tag=silk&tag=gift`) mean any of them.",
    )
    brand = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        max_length=MAX_CHOICES,
        help_text="Several mean any of them.",
    )
    as_typed = serializers.ListField(
        child=serializers.ChoiceField(choices=AS_TYPED),
        required=False,
        max_length=len(AS_TYPED),
        help_text="What `q` is not read in: `price` takes “under 500” for words, `size` does so with “size M” and "
        "`colour` with “red”; `spelling` corrects nothing.",
    )
    sort = serializers.ChoiceField(
        choices=[(sort.value, sort.label) for sort in Sort],
        required=False,
        help_text="Without it `relevance` where there is a `q`, `popular` (best selling, what is sold out last) "
        "where there is none. `relevance` without `q` is `popular`.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """Of those that nobody gave only what has a default: copying fields is most of what reading them costs."""
        given = getattr(self, "initial_data", None)
        if given is not None:
            fields = self._declared_fields.items()
            return {name: deepcopy(field) for name, field in fields if name in given or field.default is not empty}
        return super().get_fields()


class OwnProductsQuery(PageQuery):
    status = serializers.ChoiceField(choices=ProductStatus.choices, required=False)


class SuggestQuery(StrictSerializer):
    q = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=200, help_text="What is typed so far."
    )


class CategoryRef(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class SellerRef(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


ROW = {
    "id": 4711,
    "slug": "banarasi-silk-saree-3fa2c1",
    "title": "Banarasi silk saree",
    "price": "2499.00",
    "mrp": "3999.00",
    "discount_percent": 37,
    "currency": "INR",
    "image": "https://shop.example/media/products/5d0c7a9e-640.webp",
    "category": {"id": 12, "slug": "sarees", "name": "Sarees"},
    "seller": {"id": 3, "name": "Kashi Looms"},
    "rating_average": 4.5,
    "rating_count": 128,
    "in_stock": True,
}


@extend_schema_serializer(examples=[OpenApiExample("Saree", ROW, response_only=True)])
class ProductRowOutput(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    price = MoneyField(allow_null=True, help_text="Of the cheapest variant, in stock if any is.")
    mrp = MoneyField(allow_null=True, help_text="The maximum retail price of that variant.")
    discount_percent = serializers.IntegerField(help_text="Off the MRP, rounded down.")
    currency = serializers.CharField(help_text="Always INR.")
    image = serializers.URLField(allow_null=True, help_text="The first picture, fitted into 640×640.")
    category = CategoryRef()
    seller = SellerRef()
    rating_average = serializers.FloatField(help_text="0 where nobody has rated.")
    rating_count = serializers.IntegerField()
    in_stock = serializers.BooleanField()


OWN_ROW = {**ROW, "status": "active", "blocked_reason": None}


def _blocked_reason() -> serializers.CharField:
    return serializers.CharField(
        allow_null=True,
        help_text="Why staff took it off sale, which its seller cannot undo; null where they did not.",
    )


@extend_schema_serializer(examples=[OpenApiExample("Saree", OWN_ROW, response_only=True)])
class OwnProductOutput(ProductRowOutput):
    status = serializers.ChoiceField(choices=ProductStatus.choices)
    blocked_reason = _blocked_reason()


class CategoryFacet(CategoryRef):
    count = serializers.IntegerField()


class PriceFacet(serializers.Serializer):
    min_price = MoneyField()
    max_price = MoneyField(allow_null=True)
    count = serializers.IntegerField()


class RatingFacet(serializers.Serializer):
    min_rating = serializers.IntegerField()
    count = serializers.IntegerField()


class WordFacet(serializers.Serializer):
    value = serializers.CharField()
    count = serializers.IntegerField()


class FacetsOutput(serializers.Serializer):
    """How many products each further choice would leave; estimates where the list has thousands."""

    categories = CategoryFacet(many=True, help_text="One step below the chosen category, or the roots.")
    price = PriceFacet(many=True)
    ratings = RatingFacet(many=True)
    tags = WordFacet(many=True)
    brands = WordFacet(many=True)


class UnderstoodOutput(serializers.Serializer):
    """Words of `q` that were taken for a filter."""

    kind = serializers.ChoiceField(choices=["price", "size", "colour"])
    words = serializers.CharField()
    min_price = MoneyField(allow_null=True)
    max_price = MoneyField(allow_null=True)
    value = serializers.CharField(help_text="The size or the colour, or empty.")
    is_applied = serializers.BooleanField(help_text="Off where nothing is so; then the words are only left out.")


# How `q` was understood.
HOW_READ: dict[str, serializers.Field] = {
    "understood": UnderstoodOutput(many=True),
    "suggestion": serializers.CharField(help_text="`q` as it was corrected, or empty."),
    "relaxed": serializers.ChoiceField(
        choices=[(each.value, each.label) for each in Relaxed],
        help_text="What was done to a `q` that finds too little.",
    ),
}


class ImageOutput(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField(help_text="Fitted into 1200×1200.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField()
    srcset = serializers.CharField(help_text="All sizes, as HTML's `srcset` wants them.")


class VariantOutput(serializers.Serializer):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField(help_text="Empty where there is only one.")
    price = MoneyField()
    mrp = MoneyField()
    stock = serializers.IntegerField()
    attributes = serializers.DictField(child=serializers.CharField())


DETAIL = {
    **ROW,
    "description": "Handwoven in Varanasi. Dry clean only.",
    "images": [
        {
            "id": 9,
            "url": "https://shop.example/media/products/5d0c7a9e-1200.webp",
            "width": 900,
            "height": 1200,
            "alt": "The saree, draped",
            "srcset": "https://shop.example/media/products/5d0c7a9e-640.webp 480w, "
            "https://shop.example/media/products/5d0c7a9e-1200.webp 900w",
        }
    ],
    "tags": ["silk", "wedding"],
    "attributes": {"Fabric": "Silk"},
    "brand": "Kashi Looms",
    "highlights": ["Pure mulberry silk", "Comes with a blouse piece"],
    "hsn": "5007",
    "gst_rate": "5.00",
    "country_of_origin": "IN",
    "variants": [
        {
            "id": 21,
            "sku": "KL-01",
            "name": "Red",
            "price": "2499.00",
            "mrp": "3999.00",
            "stock": 4,
            "attributes": {"Colour": "Red"},
        }
    ],
    "stock": 4,
    "status": "active",
    "blocked_reason": None,
    "breadcrumbs": [{"id": 2, "slug": "women", "name": "Women"}, {"id": 12, "slug": "sarees", "name": "Sarees"}],
    "created_at": "2026-11-02T10:15:00+05:30",
    "updated_at": "2026-11-20T18:00:00+05:30",
}


@extend_schema_serializer(examples=[OpenApiExample("Saree", DETAIL, response_only=True)])
class ProductOutput(ProductRowOutput):
    description = serializers.CharField(
        help_text="Plain text as the seller wrote it, or text with a little HTML: `p br b strong i em ul ol li h3 h4`, "
        "without attributes. Either is safe to show as HTML."
    )
    images = ImageOutput(many=True)
    tags = serializers.ListField(child=serializers.CharField())
    attributes = serializers.DictField(child=serializers.CharField(), help_text="Facts as shown, by name.")
    brand = serializers.CharField()
    highlights = serializers.ListField(child=serializers.CharField(), help_text="What to know at a glance.")
    hsn = serializers.CharField(help_text="The code of its kind on invoices, or empty.")
    gst_rate = MoneyField(help_text="In percent; prices include it.")
    country_of_origin = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    variants = VariantOutput(many=True, help_text="What can be bought. A simple product has exactly one.")
    stock = serializers.IntegerField(help_text="Of all variants.")
    status = serializers.ChoiceField(choices=ProductStatus.choices)
    blocked_reason = _blocked_reason()
    breadcrumbs = CategoryRef(many=True, help_text="From the root down to the product's category.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SuggestionOutput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=KINDS)
    text = serializers.CharField()
    url = serializers.URLField(required=False, help_text="Where the API tells more of it; a `query` is a `q` to ask.")


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/CategoryTreeOutput"}})
class Subtrees(serializers.ListField):
    """Of the same kind as what they stand in."""


_SAREES = {"id": 12, "slug": "sarees", "name": "Sarees", "children": [], "product_count": 86}
_WOMEN = {"id": 4, "slug": "women", "name": "Women", "children": [_SAREES], "product_count": 231}


@extend_schema_serializer(examples=[OpenApiExample("A branch", _WOMEN, response_only=True)])
class CategoryTreeOutput(CategoryRef):
    children = Subtrees()
    product_count = serializers.IntegerField(help_text="Of all below; up to an hour old.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Below another",
            {
                **_SAREES,
                "breadcrumbs": [
                    {"id": 4, "slug": "women", "name": "Women"},
                    {"id": 12, "slug": "sarees", "name": "Sarees"},
                ],
            },
            response_only=True,
        )
    ]
)
class CategoryOutput(CategoryTreeOutput):
    breadcrumbs = CategoryRef(many=True, help_text="From the root down to this one.")
