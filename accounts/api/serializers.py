"""What goes into and comes out of the endpoints of accounts."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as InvalidValue
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.fields import get_error_detail
from rest_framework.request import Request

from accounts.forms import validate_name
from accounts.models import Notification, NotificationType, Role, User
from accounts.notify import frame
from accounts.services import TokenPair
from pymart.common.api.pagination import PageQuery
from pymart.common.api.serializers import PhoneField, PincodeField, StateField, StrictSerializer
from pymart.common.db import LARGEST_ID

TOKEN_LENGTH = 2000  # ours have about 240 characters


USER = {
    "id": 42,
    "email": "asha@example.com",
    "full_name": "Asha Rao",
    "phone": "+919876543210",
    "avatar": "https://shop.example/media/avatars/5f0c.webp",
    "role": "buyer",
    "is_active": True,
    "date_joined": "2026-11-02T18:24:11.402913+05:30",
}
PAIR = {"access_token": "eyJhbGciOi…", "refresh_token": "eyJhbGciOi…", "token_type": "bearer", "expires_in": 1800}
NOTIFICATION = {
    "id": 731,
    "type": "order.paid",
    "order_id": 512,
    "number": "PM-7K3Q9F",
    "title": "Payment received",
    "body": "We have your payment of ₹1,299.00.",
    "url": "/orders/PM-7K3Q9F/",
    "created_at": "2026-11-22T19:04:51.120034+05:30",
    "is_read": False,
}
SHOP_ADDRESS = {"line1": "14 Residency Road", "city": "Bengaluru", "state": "Karnataka", "pincode": "560025"}
LOGIN = {"email": "asha@example.com", "password": "mango-tree-42"}


def example(value: Any) -> Any:
    """Decorator: adds this example to the schema."""
    return extend_schema_serializer(examples=[OpenApiExample("Example", value)])


@extend_schema_field(
    {
        "type": "string",
        "minLength": 1,
        "maxLength": 120,
        "pattern": r"^(?!.*www\.)[^:/<>@\u0000]*[^:/<>@\s\u0000\u001c-\u001f\u0085][^:/<>@\u0000]*$",
    }
)
class NameField(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 120, "validators": [validate_name], **kwargs})


class PasswordField(serializers.CharField):
    """Taken as it was typed, spaces and all."""

    def __init__(self, **kwargs: Any) -> None:
        style = {"input_type": "password"}
        super().__init__(**{"trim_whitespace": False, "max_length": 200, "write_only": True, "style": style, **kwargs})


# --- In -----------------------------------------------------------------------------------------------------------


@example({**LOGIN, "full_name": "Asha Rao", "phone": "+919876543210"})
class RegisterInput(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    password = PasswordField(help_text="At least 8 characters, and nothing that is easy to guess.")
    full_name = NameField()
    phone = PhoneField(required=False, allow_blank=True, help_text="An Indian mobile number, for the courier.")

    def validate_password(self, password: str) -> str:
        """Compared with e-mail and name as well, even if those are invalid themselves."""
        known = {name: str(self.initial_data.get(name, "")) for name in ("email", "full_name")}
        try:
            validate_password(password, User(**known))
        except InvalidValue as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
        return password


@example(LOGIN)
class LoginInput(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    password = PasswordField()
    code = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="Of staff with a second factor: what their authenticator app shows, or a recovery code.",
    )


@example({"refresh_token": PAIR["refresh_token"]})
class RefreshInput(StrictSerializer):
    refresh_token = serializers.CharField(max_length=TOKEN_LENGTH)


@example({"refresh_token": PAIR["refresh_token"]})
class LogoutInput(StrictSerializer):
    refresh_token = serializers.CharField(
        max_length=TOKEN_LENGTH, required=False, help_text="Without it, the one that came with the access token."
    )


@example({"current_password": LOGIN["password"]})
class EraseInput(StrictSerializer):
    current_password = PasswordField()


_FORM = "multipart/form-data"


class _Profile(StrictSerializer):
    full_name = NameField(required=False)
    phone = PhoneField(required=False, allow_blank=True)


@extend_schema_field({"type": "string", "maxLength": 0})
class NothingField(serializers.Field):
    """A file field in JSON: only `null`, which removes the file."""

    default_error_messages = {"invalid": "Must be null; a file travels in a form."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_null": True, **kwargs})

    def to_internal_value(self, data: Any) -> None:
        if data != "":
            self.fail("invalid")


@example({"full_name": "Asha Rao-Iyer", "phone": "+919876543210"})
class ProfileInput(_Profile):
    avatar = NothingField(required=False, help_text="`null` removes it; another one travels in a form.")


@extend_schema_serializer(
    examples=[
        OpenApiExample("Example", {"phone": "+919876543210"}, request_only=True, media_type="multipart/form-data")
    ]
)
class ProfileForm(_Profile):
    avatar = serializers.FileField(required=False, help_text="JPEG, PNG or WebP, at most 5 MB; it is cut to a square.")


class NotificationQuery(StrictSerializer):
    after = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_ID,
        default=0,
        help_text="Only those with a higher id. What happens at once may show up in another order than its ids: name "
        "one some way below your newest, and leave out what you know.",
    )


@example({"ids": [731, 730]})
class ReadInput(StrictSerializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        required=False,
        max_length=1000,
        help_text="Without it, all.",
    )


class UserQuery(PageQuery):
    role = serializers.ChoiceField(choices=Role, required=False)
    is_active = serializers.BooleanField(required=False)
    q = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="How the e-mail, or a word of the name, begins."
    )


class ShopAddressInput(StrictSerializer):
    line1 = serializers.CharField(max_length=200)
    city = serializers.CharField(max_length=80)
    state = StateField()
    pincode = PincodeField()


_TO_SELLER: dict[str, Any] = {"required": ["role"], "properties": {"role": {"const": Role.SELLER}}}


@example({"role": "seller", "shop_address": SHOP_ADDRESS})
class AccessInput(StrictSerializer):
    rules: ClassVar = {"dependentSchemas": {"shop_address": _TO_SELLER}}

    role = serializers.ChoiceField(choices=Role, required=False)
    is_active = serializers.BooleanField(required=False)
    shop_address = ShopAddressInput(
        required=False, help_text="Of who becomes a seller; without it the one in their address book, if there is one."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "shop_address" in attrs and attrs.get("role") != Role.SELLER:
            raise serializers.ValidationError({"shop_address": "Only goes with the role of a seller."})
        return attrs


# --- Out ----------------------------------------------------------------------------------------------------------


@example(USER)
class UserOutput(serializers.Serializer):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    full_name = serializers.CharField()
    phone = serializers.CharField(help_text="As +919876543210, or empty.")
    avatar = serializers.URLField(allow_null=True)
    role = serializers.ChoiceField(choices=Role)
    is_active = serializers.BooleanField()
    date_joined = serializers.DateTimeField()


@example(PAIR)
class TokensOutput(serializers.Serializer):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField(help_text="Good for one exchange.")
    token_type = serializers.ChoiceField(choices=["bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds that the access token lives.")


@example({**PAIR, "user": USER})
class SignedInOutput(TokensOutput):
    user = UserOutput()


class NotificationOutput(serializers.Serializer):
    id = serializers.IntegerField()
    type = serializers.ChoiceField(choices=NotificationType)
    order_id = serializers.IntegerField(allow_null=True)
    number = serializers.CharField(help_text="Of the order.")
    title = serializers.CharField()
    body = serializers.CharField()
    url = serializers.CharField(help_text="Of the page in the shop.")
    created_at = serializers.DateTimeField()
    is_read = serializers.BooleanField()


@example({"unread_count": 1, "results": [NOTIFICATION]})
class InboxOutput(serializers.Serializer):
    unread_count = serializers.IntegerField()
    results = NotificationOutput(many=True, help_text="The newest first, 50 at most.")


@example({"unread_count": 0})
class UnreadOutput(serializers.Serializer):
    unread_count = serializers.IntegerField()


def user_out(user: User, request: Request) -> dict[str, Any]:
    """`UserOutput`."""
    return {
        "id": user.pk,
        "email": user.email,
        "full_name": user.full_name,
        "phone": user.phone,
        "avatar": request.build_absolute_uri(user.avatar.url) if user.avatar else None,
        "role": user.role,
        "is_active": user.is_active,
        "date_joined": user.date_joined,
    }


def tokens_out(pair: TokenPair) -> dict[str, Any]:
    """`TokensOutput`."""
    return {**asdict(pair), "token_type": "bearer"}


def notification_out(row: Notification) -> dict[str, Any]:
    """`NotificationOutput`: the frame of `/ws`, and whether it was read."""
    return {**frame(row), "is_read": row.read_at is not None}
