from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.urls import reverse

from accounts.models import SellerProfile
from catalog.import_models import ImportProblem as ImportProblem
from catalog.import_models import ImportStatus as ImportStatus
from catalog.import_models import ProductImport as ProductImport
from catalog.page_view_models import ProductViews as ProductViews
from catalog.page_view_models import ViewsBatch as ViewsBatch
from catalog.querysets import CategoryQuerySet, ProductQuerySet
from catalog.search_models import PastQuery as PastQuery
from catalog.search_models import SearchLog as SearchLog
from catalog.search_models import SearchOutbox as SearchOutbox
from catalog.search_models import SearchSynonym as SearchSynonym
from pymart.common.db import money_field


class Category(models.Model):
    """A node of the category tree. Written only by `catalog.services`, under one advisory lock."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=90, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    icon = models.CharField(max_length=40, blank=True, help_text="Name in the icon sprite, for roots.")
    position = models.PositiveSmallIntegerField(default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                name="catalog_category_name_per_parent", fields=["parent", "name"], nulls_distinct=False
            ),
            models.CheckConstraint(name="catalog_category_not_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.slug])


class ProductStatus(models.TextChoices):
    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


# PostgreSQL would take "red/blue" for a file, "dr.reddy" for a host and "3-5" for three and minus five.
APART = r"[/\\|]|(?<=[[:alpha:]])\.(?=[[:alpha:]])|(?<=\d)-(?=\d)"


def _words(column: str, weight: str) -> SearchVector:
    """The words of a column, as English stems."""
    spaced = Func(
        *(F(column), Value(APART), Value(" "), Value("g")), function="regexp_replace", output_field=models.TextField()
    )
    return SearchVector(spaced, weight=weight, config="english")


class TitleWords(Func):
    """Of `search` the words that stand in the title."""

    function = "ts_filter"
    template = "%(function)s(%(expressions)s, '{a}')"
    output_field = SearchVectorField()


LISTED = Q(is_listed=True)
# One product in 16, which ones looks random: what a list of thousands is counted by (catalog/search/conditions.py).
SAMPLED = LISTED & Q(Exact(Mod(Func(F("id"), function="hashint8"), 16, output_field=models.IntegerField()), 0))


class Product(models.Model):
    """
    A listing. What is bought are its variants.

    The columns under "derived" repeat what variants, reviews, orders, category and seller say, so that lists read
    one table; `catalog.services.refresh_listing` and its neighbours are their only writers.
    """

    seller = models.ForeignKey(SellerProfile, models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    brand = models.CharField(max_length=80, blank=True)
    description = models.TextField(blank=True)
    highlights = ArrayField(models.CharField(max_length=160), default=list, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True, help_text='Facts as shown: {"Material": "Cotton"}')
    status = models.CharField(max_length=10, choices=ProductStatus, default=ProductStatus.DRAFT)
    country_of_origin = models.CharField(max_length=2, default="IN", help_text="ISO 3166-1 alpha-2")
    hsn = models.CharField("HSN code", max_length=8, blank=True)
    gst_rate = models.DecimalField("GST %", max_digits=4, decimal_places=2, default=Decimal("18"))
    blocked_at = models.DateTimeField(
        null=True, editable=False, help_text="Taken off sale by staff, until they say so."
    )
    blocked_reason = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Derived.
    is_listed = models.BooleanField(default=False, editable=False, help_text="Active, and so is its seller.")
    in_stock = models.BooleanField(default=False, editable=False)
    price = money_field(null=True, editable=False, help_text="Of the cheapest variant, in stock if any is.")
    mrp = money_field(null=True, editable=False, help_text="Of that same variant.")
    keywords = models.TextField(default="", editable=False, help_text="Tags, category path, attribute values.")
    options = ArrayField(
        models.TextField(), default=list, db_default=[], editable=False, help_text="size:xl, colour:navy"
    )
    rating_average = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal(0), editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    units_sold = models.PositiveIntegerField(default=0, editable=False)
    search = models.GeneratedField(
        expression=_words("title", "A") + _words("brand", "B") + _words("keywords", "B") + _words("description", "D"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="catalog_product_status_known", condition=Q(status__in=ProductStatus.values)),
            models.CheckConstraint(name="catalog_product_gst_rate", condition=Q(gst_rate__gte=0) & Q(gst_rate__lte=40)),
            models.CheckConstraint(
                name="catalog_product_rating", condition=Q(rating_average__gte=0) & Q(rating_average__lte=5)
            ),
            models.CheckConstraint(
                name="catalog_product_listed_is_active", condition=Q(is_listed=False) | Q(status=ProductStatus.ACTIVE)
            ),
            models.CheckConstraint(
                name="catalog_product_blocked_is_off_sale",
                condition=Q(blocked_at=None) | ~Q(status=ProductStatus.ACTIVE),
            ),
        ]
        indexes = [
            GinIndex(name="catalog_product_search", fields=["search"]),
            GinIndex(OpClass("title", name="gin_trgm_ops"), name="catalog_product_title_trgm"),
            models.Index(name="catalog_product_blocked", fields=["-id"], condition=~Q(blocked_at=None)),
            GinIndex(name="catalog_product_tags", fields=["tags"]),
            GinIndex(name="catalog_product_options", fields=["options"]),
            models.Index(name="catalog_product_seller", fields=["seller", "-id"]),
            models.Index(name="catalog_product_seller_tab", fields=["seller", "status", "-id"]),
            models.Index(name="catalog_product_brand", fields=["brand"], condition=LISTED),
            # Whole shop and one category, in each order.
            models.Index(name="catalog_product_newest", fields=["-created_at", "-id"], condition=LISTED),
            models.Index(name="catalog_product_price", fields=["price", "-id"], condition=LISTED),
            models.Index(
                name="catalog_product_rated", fields=["-rating_average", "-rating_count", "-id"], condition=LISTED
            ),
            models.Index(name="catalog_product_popular", fields=["-in_stock", "-units_sold", "-id"], condition=LISTED),
            models.Index(
                name="catalog_product_cat_newest", fields=["category", "-created_at", "-id"], condition=LISTED
            ),
            models.Index(name="catalog_product_cat_price", fields=["category", "price", "-id"], condition=LISTED),
            models.Index(
                name="catalog_product_cat_rated",
                fields=["category", "-rating_average", "-rating_count", "-id"],
                condition=LISTED,
            ),
            models.Index(
                name="catalog_product_cat_popular",
                fields=["category", "-in_stock", "-units_sold", "-id"],
                condition=LISTED,
            ),
            # Text in titles alone, and the sample.
            GinIndex(TitleWords("search"), name="catalog_product_title_words"),
            GinIndex(name="catalog_product_sample_text", fields=["search"], condition=SAMPLED),
            models.Index(
                name="catalog_product_sample",
                fields=["category"],
                include=["id", "price", "rating_average", "in_stock", "seller", "brand"],  # tags may be too long
                condition=SAMPLED,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:product", args=[self.slug])

    @property
    def discount_percent(self) -> int:
        return discount_percent(self.price, self.mrp)

    @property
    def cover(self) -> "ProductImage | None":
        """The first picture. Lists fetch it for all their products at once: `catalog.selectors.cards`."""
        images = getattr(self, "covers", None)
        return next(iter(self.images.all() if images is None else images), None)


def discount_percent(price: Decimal | None, mrp: Decimal | None) -> int:
    """Whole percent below MRP, rounded down so that it never promises too much."""
    return int((mrp - price) * 100 / mrp) if price and mrp else 0


class Variant(models.Model):
    """
    The sellable unit. A simple product has exactly one, without a name.

    `stock` always equals the sum of its movements: `catalog.services.stock` is its only writer.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="variants")
    seller = models.ForeignKey(SellerProfile, models.PROTECT, related_name="+", editable=False)
    sku = models.CharField("SKU", max_length=64)
    name = models.CharField(max_length=80, blank=True, help_text='"Red / M"; empty where there is only one')
    attributes = models.JSONField(default=dict, blank=True, help_text='{"Colour": "Red", "Size": "M"}')
    price = money_field(validators=[MinValueValidator(Decimal("1"))])
    mrp = money_field()
    stock = models.PositiveIntegerField(default=0, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(name="catalog_variant_sku_per_seller", fields=["seller", "sku"]),
            models.UniqueConstraint(name="catalog_variant_name_per_product", fields=["product", "name"]),
            models.CheckConstraint(name="catalog_variant_price_positive", condition=Q(price__gt=0)),
            models.CheckConstraint(name="catalog_variant_price_within_mrp", condition=Q(mrp__gte=F("price"))),
            models.CheckConstraint(name="catalog_variant_stock_not_negative", condition=Q(stock__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.product.title} · {self.name}" if self.name else self.product.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.seller_id = self.product.seller_id
        super().save(*args, **kwargs)

    @property
    def discount_percent(self) -> int:
        return discount_percent(self.price, self.mrp)


class StockReason(models.TextChoices):
    OPENING = "opening", "Opening stock"
    ORDER = "order", "Ordered"
    CANCELLATION = "cancellation", "Order cancelled"
    CORRECTION = "correction", "Counted"
    RESTOCK = "restock", "New pieces came in"
    RETURN = "return", "Sent back by a buyer"
    DAMAGE = "damage", "Damaged or lost"
    IMPORT = "import", "Imported"


class StockMovement(models.Model):
    """Append-only: the database refuses changes."""

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="movements")
    quantity = models.IntegerField(help_text="Pieces in (+) or out (-).")
    reason = models.CharField(max_length=15, choices=StockReason)
    reference = models.CharField(max_length=40, blank=True, help_text="Order number, import …")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="catalog_movement_not_zero", condition=~Q(quantity=0)),
            models.CheckConstraint(name="catalog_movement_reason_known", condition=Q(reason__in=StockReason.values)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.reason}"


class PriceChange(models.Model):
    """Every price a variant ever had, the first included: "was" prices come from here, never from a typed field."""

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="price_changes")
    price = money_field()
    mrp = money_field()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="catalog_pricechange_latest", fields=["variant", "-changed_at"])]

    def __str__(self) -> str:
        return f"{self.price}"


class ProductImage(models.Model):
    """A picture, kept as WebP, and mostly AVIF, fitted into squares of each of `SIZES`; `image` is the largest WebP."""

    MAX_PER_PRODUCT = 5
    SIZES = (320, 640, 1200)

    product = models.ForeignKey(Product, models.CASCADE, related_name="images")
    image = models.ImageField(upload_to="products/", width_field="width", height_field="height")
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    has_avif = models.BooleanField(default=False, db_default=False, editable=False)
    alt = models.CharField("description for those who cannot see it", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="catalog_image_at_most_five", condition=Q(position__lt=5)),
            models.UniqueConstraint(
                name="catalog_image_position", fields=["product", "position"], deferrable=models.Deferrable.DEFERRED
            ),
        ]
        indexes = [models.Index(name="catalog_image_file", fields=["image"])]  # whose is a file?

    def __str__(self) -> str:
        return self.alt or self.image.name

    @staticmethod
    def name_for(name: str, size: int, kind: str = "webp") -> str:
        """The file of another size: `products/<uuid>-1200.webp` → `products/<uuid>-320.webp`."""
        return f"{name.rpartition('-')[0]}-{size}.{kind}"

    def url(self, size: int, kind: str = "webp") -> str:
        """The address of the file fitted into a square of one of `SIZES`."""
        return self.image.storage.url(self.name_for(self.image.name, size, kind))

    @property
    def src(self) -> str:
        return self.url(640)

    @property
    def thumb(self) -> str:
        return self.url(320)

    @property
    def srcset(self) -> str:
        return self._srcset("webp")

    @property
    def avif_srcset(self) -> str:
        """As `srcset`; empty where there are no such files."""
        return self._srcset("avif") if self.has_avif else ""

    def _srcset(self, kind: str) -> str:
        """Each file with its true width: an upright picture is narrower than its square, a small one not enlarged."""
        longer = max(self.width, self.height)
        widths = {round(self.width * min(1, size / longer)): size for size in reversed(self.SIZES)}
        return ", ".join(f"{self.url(size, kind)} {width}w" for width, size in sorted(widths.items()))


class SearchWord(models.Model):
    """The vocabulary of the listed products, for spelling: rebuilt by `catalog.tasks.rebuild_vocabulary`."""

    word = models.CharField(max_length=60, primary_key=True)
    documents = models.PositiveIntegerField()

    class Meta:
        indexes = [
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="catalog_searchword_trgm"),
            models.Index(Func(F("word"), function="dmetaphone"), name="catalog_searchword_sound"),
        ]

    def __str__(self) -> str:
        return self.word


class WishlistItem(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishlist")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="catalog_wishlist_once", fields=["user", "product"])]

    def __str__(self) -> str:
        return f"{self.product_id}"
