from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import EmailValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.utils import timezone

from pymart.common.crypto import EncryptedTextField
from pymart.common.india import STATES, may_supply, validate_gstin, validate_ifsc, validate_pan, validate_pincode


class Role(models.TextChoices):
    BUYER = "buyer"
    SELLER = "seller"
    ADMIN = "admin"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, role=Role.ADMIN, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


ERASED = "@erased.invalid"  # a domain that nobody can have (RFC 2606)


class User(AbstractBaseUser, PermissionsMixin):
    """Logs in by e-mail, which is kept in lower case so that its case never matters."""

    email = models.EmailField("e-mail", unique=True, validators=[EmailValidator()])
    full_name = models.CharField("full name", max_length=120)
    phone = models.CharField("mobile number", max_length=13, blank=True)
    avatar = models.ImageField(upload_to="avatars/", blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.BUYER)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May enter the admin.")
    date_joined = models.DateTimeField(default=timezone.now)
    session_version = models.PositiveIntegerField(
        default=0, editable=False, help_text="What is signed in under an older version is signed out."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        indexes = [
            models.Index(name="accounts_user_role", fields=["role", "-id"]),
            models.Index(name="accounts_user_closed", fields=["-id"], condition=Q(is_active=False)),
            GinIndex(OpClass(Upper("full_name"), "gin_trgm_ops"), name="accounts_user_name_words"),
        ]
        constraints = [
            models.CheckConstraint(name="accounts_user_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(name="accounts_user_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="accounts_user_admin_is_staff", condition=~Q(role=Role.ADMIN) | Q(is_staff=True)
            ),
            models.CheckConstraint(
                name="accounts_user_phone_e164", condition=Q(phone="") | Q(phone__regex=r"^\+91[6-9][0-9]{9}$")
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password ends every session and token, whoever sets it. To hash the old one anew does not."""
        if self._password is not None and not self._state.adding:  # `_password`: how the base class tells the two apart
            self.session_version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "session_version"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] or self.email

    @property
    def is_erased(self) -> bool:
        return self.email.endswith(ERASED)

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}.{self.session_version}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for auth_hash in super().get_session_auth_fallback_hash():
            yield f"{auth_hash}.{self.session_version}"


class UserSession(AbstractBaseSession):
    """A session, as the store of `accounts.sessions` keeps it. `user` is set once somebody logs in."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    signed_in_at = models.DateTimeField(null=True)
    ip = models.GenericIPAddressField("IP address", null=True)
    user_agent = models.CharField(max_length=300, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        from accounts.sessions import SessionStore

        return SessionStore


class PostalAddress(models.Model):
    """An Indian postal address; `state` is what the person chose, for some PIN codes span two states."""

    full_name = models.CharField("full name", max_length=120)
    phone = models.CharField("mobile number", max_length=13)
    line1 = models.CharField("flat, house no., building", max_length=200)
    line2 = models.CharField("street, area", max_length=200, blank=True)
    landmark = models.CharField(max_length=120, blank=True)
    city = models.CharField("city or town", max_length=80)
    state = models.CharField(max_length=50, choices=STATES)
    pincode = models.CharField("PIN code", max_length=6, validators=[validate_pincode])

    FIELDS = ("full_name", "phone", "line1", "line2", "landmark", "city", "state", "pincode")

    class Meta:
        abstract = True


class Address(PostalAddress):
    user = models.ForeignKey(User, models.CASCADE, related_name="addresses")
    is_default = models.BooleanField("use by default", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-is_default", "-pk"]
        constraints = [
            models.UniqueConstraint(name="accounts_address_one_default", fields=["user"], condition=Q(is_default=True)),
            models.CheckConstraint(name="accounts_address_pincode", condition=Q(pincode__regex=r"^[1-9][0-9]{5}$")),
            models.CheckConstraint(name="accounts_address_phone", condition=Q(phone__regex=r"^\+91[6-9][0-9]{9}$")),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.city} {self.pincode}"


class SellerStatus(models.TextChoices):
    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"


class SellerProfile(models.Model):
    """A shop. Only an approved seller's products are visible."""

    user = models.OneToOneField(User, models.PROTECT, related_name="seller")
    shop_name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=90, unique=True)
    legal_name = models.CharField(max_length=160)
    gstin = models.CharField("GSTIN", max_length=15, blank=True, validators=[validate_gstin])
    unregistered_declared_at = models.DateTimeField(
        null=True, blank=True, help_text="When the owner declared not to be registered for GST."
    )
    enrolment_number = models.CharField(
        "GST enrolment number", max_length=15, blank=True, help_text="Of who sells online without a registration."
    )
    pan = models.CharField("PAN", max_length=10, blank=True, validators=[validate_pan])
    line1 = models.CharField("address", max_length=200)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=50, choices=STATES)
    pincode = models.CharField("PIN code", max_length=6, validators=[validate_pincode])
    support_email = models.EmailField()
    support_phone = models.CharField(max_length=13)
    status = models.CharField(max_length=10, choices=SellerStatus, default=SellerStatus.APPLIED)
    applied_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When staff last set the status.")
    status_reason = models.CharField("reason", max_length=300, blank=True, help_text="The owner reads it.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_seller_status_known", condition=Q(status__in=SellerStatus.values)),
            models.UniqueConstraint(name="accounts_seller_gstin", fields=["gstin"], condition=~Q(gstin="")),
            models.CheckConstraint(
                name="accounts_seller_gstin_or_declaration",
                condition=~Q(gstin="") | Q(unregistered_declared_at__isnull=False),
                violation_error_message="Without a GSTIN the owner must have declared not to be registered.",
            ),
        ]

    def __str__(self) -> str:
        return self.shop_name

    @property
    def was_open(self) -> bool:
        """Whether the shop is, or ever was, approved: it may have sold something. No decision leads back from there."""
        return self.status in (SellerStatus.APPROVED, SellerStatus.SUSPENDED)

    @property
    def is_registered(self) -> bool:
        """Whether the shop is registered for GST."""
        return bool(self.gstin)

    @property
    def has_address(self) -> bool:
        return all((self.line1, self.city, self.state, self.pincode))

    def delivers_to(self, state: str) -> bool:
        return may_supply(is_registered=self.is_registered, from_state=self.state, to_state=state)


class SellerBankAccount(models.Model):
    """Where a shop's money goes. The number is encrypted; people see its last four digits."""

    seller = models.OneToOneField(SellerProfile, models.CASCADE, related_name="bank_account")
    holder = models.CharField("account holder", max_length=120)
    ifsc = models.CharField("IFSC", max_length=11, validators=[validate_ifsc])
    number = EncryptedTextField("account number", editable=False)
    last4 = models.CharField("last digits", max_length=4, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.ifsc} •••• {self.last4}"


class SellerTermsAcceptance(models.Model):
    """Which terms a seller accepted, and when: append-only, the database refuses changes."""

    seller = models.ForeignKey(SellerProfile, models.PROTECT, related_name="terms")
    version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField(auto_now_add=True)
    ip = models.GenericIPAddressField("IP address", null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.seller} accepted {self.version}"


class NotificationType(models.TextChoices):
    ORDER_PLACED = "order.placed"
    ORDER_PAID = "order.paid"
    ORDER_STATUS_CHANGED = "order.status_changed"
    ORDER_CANCELLED = "order.cancelled"
    SELLER_STATUS_CHANGED = "seller.status_changed"
    PRODUCT_STATUS_CHANGED = "product.status_changed"
    IMPORT_FINISHED = "import.finished"


class Notification(models.Model):
    """
    One row per person and happening, written in the transaction that caused it; the live push is its echo.

    `order_id` and `number` are copies: accounts knows nothing of orders.
    """

    TITLE_LENGTH = 120
    BODY_LENGTH = 300

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    type = models.CharField(max_length=30, choices=NotificationType)
    title = models.CharField(max_length=TITLE_LENGTH)
    body = models.CharField(max_length=BODY_LENGTH, blank=True)
    url = models.CharField(max_length=200, blank=True)
    order_id = models.BigIntegerField(null=True)
    number = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="accounts_notif_user", fields=["user", "-id"]),
            models.Index(name="accounts_notif_unread", fields=["user"], condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.title


class OutboundEmail(models.Model):
    """
    A mail that is owed. The row is written with what caused it, so neither Redis nor a worker can lose it; `key` is
    unique and goes to the provider as idempotency key, so it is sent once.
    """

    KEY_LIFE = timedelta(hours=23)  # the provider says 24; later a second attempt might be a second mail

    key = models.CharField(max_length=120, unique=True, help_text="What it is about: order-paid:42")
    kind = models.CharField(max_length=40, help_text="Name of the composer that writes it.")
    user = models.ForeignKey(User, models.CASCADE, related_name="emails")
    params = models.JSONField(default=dict, help_text="Primary keys that the composer needs.")
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, help_text="The provider remembers the key for a day from then.")
    not_before = models.DateTimeField(default=timezone.now, help_text="A lease while it is sent, a delay after that.")
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(name="accounts_email_waiting", fields=["not_before"], condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return self.key
