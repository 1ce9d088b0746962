import secrets
import uuid
from decimal import Decimal

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import PostalAddress, SellerProfile
from catalog.models import ProductImage, Variant
from orders.querysets import OrderQuerySet
from orders.states import SOLD, OrderStatus, PaymentStatus, is_cancellable
from pymart.common.db import money_field
from pymart.common.gst import UNION_TERRITORIES
from pymart.common.india import GST_STATE_CODES

NUMBER_ALPHABET = "379CDEFHJKLMNPQRTUVWXY"  # no look-alikes: 0O 1I 2Z 4A 5S 6G 8B


def new_number() -> str:
    drawn, base = secrets.randbelow(len(NUMBER_ALPHABET) ** 6), len(NUMBER_ALPHABET)
    return "PM-" + "".join(NUMBER_ALPHABET[drawn // base**place % base] for place in range(6))


class TimedSteps(models.Model):
    """When each step was reached."""

    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, editable=False)
    processing_at = models.DateTimeField(null=True, editable=False)
    shipped_at = models.DateTimeField(null=True, editable=False)
    delivered_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Order(PostalAddress, TimedSteps):
    """
    What a buyer placed and pays at once. Its address, prices and titles are copies that never change; the address is
    blanked where the buyer deletes the account of an order that was cancelled unpaid.
    """

    number = models.CharField(max_length=12, unique=True, default=new_number, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders")
    # The cart it came from: one cart makes one order, however often the button is pressed. One that follows a cancelled
    # order of the same cart has an id that is made of that order's.
    cart_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=10, choices=OrderStatus, default=OrderStatus.PENDING)
    payment_status = models.CharField(max_length=10, choices=PaymentStatus, default=PaymentStatus.UNPAID)
    subtotal = money_field()
    shipping = money_field()
    total = money_field()
    currency = models.CharField(max_length=3, default="INR")
    razorpay_order_id = models.CharField(max_length=40, blank=True, editable=False)
    expires_at = models.DateTimeField(help_text="An unpaid order is cancelled then, and its stock returns.")
    cancel_reason = models.CharField(max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="orders_order_buyer", fields=["buyer", "-id"]),
            models.Index(name="orders_order_expiry", fields=["expires_at"], condition=Q(status="pending")),
            models.Index(name="orders_order_status", fields=["status", "-id"]),
            models.Index(name="orders_order_created", fields=["-created_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="orders_order_status_known", condition=Q(status__in=OrderStatus.values)),
            models.CheckConstraint(
                name="orders_order_payment_status_known", condition=Q(payment_status__in=PaymentStatus.values)
            ),
            models.CheckConstraint(name="orders_order_total", condition=Q(total=F("subtotal") + F("shipping"))),
            models.CheckConstraint(name="orders_order_total_positive", condition=Q(total__gt=0)),
            models.CheckConstraint(
                name="orders_order_live_is_paid",
                condition=Q(status__in=["pending", "cancelled"]) | Q(payment_status="paid"),
            ),
            models.UniqueConstraint(
                name="orders_order_razorpay_id", fields=["razorpay_order_id"], condition=~Q(razorpay_order_id="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("orders:detail", args=[self.number])

    @property
    def is_payable(self) -> bool:
        """Unpaid, and its half hour is not over: what expired is cancelled within a minute."""
        return self.status == OrderStatus.PENDING and self.expires_at > timezone.now()

    @property
    def is_cancellable(self) -> bool:
        return is_cancellable(part.status for part in self.seller_orders.all())


class SellerOrder(TimedSteps):
    """The part of an order that one seller ships."""

    # Their own indexes would be the beginnings of those below.
    order = models.ForeignKey(Order, models.PROTECT, related_name="seller_orders", db_index=False)
    seller = models.ForeignKey(SellerProfile, models.PROTECT, related_name="seller_orders", db_index=False)
    status = models.CharField(max_length=10, choices=OrderStatus, default=OrderStatus.PENDING)
    subtotal = money_field()
    shipping = money_field()
    units = models.PositiveIntegerField(help_text="Pieces in all its lines.")
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_url = models.URLField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(name="orders_sellerorder_seller", fields=["seller", "status", "-id"]),
            # A seller's figures are read from it alone (orders/seller_figures.py).
            models.Index(
                name="orders_sellerorder_sold",
                fields=["seller", "paid_at"],
                include=["id", "subtotal", "shipping", "units"],
                condition=Q(status__in=SOLD),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="orders_sellerorder_one_per_seller", fields=["order", "seller"]),
            models.CheckConstraint(name="orders_sellerorder_status_known", condition=Q(status__in=OrderStatus.values)),
            models.CheckConstraint(name="orders_sellerorder_amounts", condition=Q(subtotal__gt=0) & Q(shipping__gte=0)),
            models.CheckConstraint(name="orders_sellerorder_units_positive", condition=Q(units__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.order} · {self.seller}"

    def get_absolute_url(self) -> str:
        """The seller's page of it."""
        return reverse("seller-orders:detail", args=[self.order.number])

    @property
    def total(self) -> Decimal:
        """What the buyer paid for this part."""
        total: Decimal = self.subtotal + self.shipping
        return total

    @property
    def is_to_deliver(self) -> bool:
        """Paid, and not with the buyer yet: only until then do the seller and the carrier need a phone number."""
        return self.status in (OrderStatus.PAID, OrderStatus.PROCESSING, OrderStatus.SHIPPED)


class OrderItem(models.Model):
    """A line as it was bought: title, price and seller are frozen."""

    seller_order = models.ForeignKey(SellerOrder, models.PROTECT, related_name="items", db_index=False)
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="order_items")
    title = models.CharField(max_length=200)
    variant_name = models.CharField(max_length=80, blank=True)
    sku = models.CharField(max_length=64)
    image = models.CharField(max_length=200, blank=True, help_text="Storage name of the picture.")
    hsn = models.CharField(max_length=8, blank=True)
    gst_rate = models.DecimalField(max_digits=4, decimal_places=2)
    unit_price = money_field()
    mrp = money_field()
    quantity = models.PositiveSmallIntegerField()
    line_total = money_field()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="orders_item_variant_once",
                fields=["seller_order", "variant"],
                include=["quantity", "line_total"],  # what best sellers are counted by
            ),
            models.CheckConstraint(name="orders_item_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="orders_item_price_positive", condition=Q(unit_price__gt=0)),
            models.CheckConstraint(
                name="orders_item_line_total", condition=Q(line_total=F("unit_price") * F("quantity"))
            ),
        ]
        indexes = [models.Index(name="orders_item_image", fields=["image"])]  # is a picture still shown?

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def thumb(self) -> str:
        """The address of the small picture, as it was when bought."""
        return default_storage.url(ProductImage.name_for(self.image, 320)) if self.image else ""


# Kinds of events whose number tells how the shop does; placed orders are counted themselves.
WATCHED_EVENTS = [
    "paid", "expired", "cancelled", "refund_started", "refunded", "refund_failed", "payment_failed", "payment_mismatch",
]  # fmt: skip


class OrderEvent(models.Model):
    """What happened to an order: append-only, the database refuses changes."""

    class Kind(models.TextChoices):
        PLACED = "placed"
        PAID = "paid"
        STATUS_CHANGED = "status_changed"
        CANCELLED = "cancelled"
        EXPIRED = "expired"
        REFUND_STARTED = "refund_started"
        REFUNDED = "refunded"
        REFUND_FAILED = "refund_failed"
        PAYMENT_FAILED = "payment_failed"
        PAYMENT_MISMATCH = "payment_mismatch"

    order = models.ForeignKey(Order, models.PROTECT, related_name="events")
    seller_order = models.ForeignKey(SellerOrder, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    status = models.CharField(max_length=10, choices=OrderStatus, blank=True, help_text="Reached by this event.")
    note = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Empty: the system."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            # Those who watch the shop count by it; of the busiest two kinds nothing is written there.
            models.Index(
                name="orders_event_watched",
                fields=["created_at"],
                include=["kind", "order"],
                condition=Q(kind__in=WATCHED_EVENTS),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.kind}"


class InvoiceKind(models.TextChoices):
    TAX_INVOICE = "tax_invoice", "Tax invoice"
    INVOICE_CUM_BILL = "invoice_cum_bill", "Invoice-cum-bill of supply"
    BILL_OF_SUPPLY = "bill_of_supply", "Bill of supply"


class InvoiceSeries(models.Model):
    """The last number given in a seller's series of a financial year."""

    seller = models.ForeignKey(SellerProfile, models.PROTECT, related_name="+")
    financial_year = models.CharField(max_length=7)
    prefix = models.CharField(max_length=3)
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "invoice series"
        constraints = [
            models.UniqueConstraint(name="orders_invoiceseries_one", fields=["seller", "financial_year", "prefix"])
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.financial_year}: {self.last}"


class TaxedAmounts(models.Model):
    """An amount and what of it is tax."""

    AMOUNTS = ("taxable", "cgst", "sgst", "igst", "total")

    taxable = money_field()
    cgst = money_field()
    sgst = money_field()
    igst = money_field()
    total = money_field()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_adds_up",
                condition=Q(total=F("taxable") + F("cgst") + F("sgst") + F("igst")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_one_tax", condition=Q(cgst=F("sgst")) & (Q(igst=0) | Q(cgst=0))
            ),
        ]


class Invoice(TaxedAmounts):
    """A seller's document of what was shipped: append-only, the database refuses changes. The supplier is a copy."""

    seller_order = models.OneToOneField(SellerOrder, models.PROTECT, related_name="invoice")
    seller = models.ForeignKey(SellerProfile, models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=20, choices=InvoiceKind)
    financial_year = models.CharField(max_length=7)
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=16)
    issued_at = models.DateTimeField()
    shop_name = models.CharField(max_length=80)
    legal_name = models.CharField(max_length=160)
    gstin = models.CharField("GSTIN", max_length=15, blank=True)
    line1 = models.CharField("address", max_length=200)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=50)
    pincode = models.CharField("PIN code", max_length=6)
    place_of_supply = models.CharField(max_length=50)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            *TaxedAmounts.Meta.constraints,
            models.UniqueConstraint(name="orders_invoice_number", fields=["seller", "financial_year", "number"]),
            models.CheckConstraint(
                name="orders_invoice_number_allowed", condition=Q(number__regex=r"^[A-Za-z0-9/-]{1,16}$")
            ),
            models.CheckConstraint(name="orders_invoice_kind_known", condition=Q(kind__in=InvoiceKind.values)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_intra(self) -> bool:
        """Supplied within one state."""
        return self.state == self.place_of_supply

    @property
    def has_tax(self) -> bool:
        return self.kind != InvoiceKind.BILL_OF_SUPPLY

    @property
    def states_tax(self) -> str:
        """What the state's half is called where it goes to."""
        return "UTGST" if self.place_of_supply in UNION_TERRITORIES else "SGST"

    @property
    def state_code(self) -> str:
        return GST_STATE_CODES.get(self.state, "")

    @property
    def place_of_supply_code(self) -> str:
        return GST_STATE_CODES.get(self.place_of_supply, "")


class InvoiceLine(TaxedAmounts):
    """Append-only, as its invoice."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=300)
    hsn = models.CharField("HSN", max_length=8, blank=True)
    quantity = models.PositiveSmallIntegerField()
    gst_rate = models.DecimalField("GST rate", max_digits=4, decimal_places=2)

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [
            *TaxedAmounts.Meta.constraints,
            models.UniqueConstraint(name="orders_invoiceline_position", fields=["invoice", "position"]),
        ]

    def __str__(self) -> str:
        return self.description
