import re
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import SellerProfile, User
from accounts.services import BankDetails, InvalidCredentials, authenticate_user
from pymart.common.forms import MobileField, PostalAddressForm
from pymart.common.india import GST_STATE_CODES, state_of_gstin, validate_gstin, validate_ifsc, validate_pan

NEW_PASSWORD_HELP = "At least 8 characters, and nothing that is easy to guess."  # noqa: S105

# Names are written into mails: nobody shall make us send their links to others.
validate_name = RegexValidator(r"[:/<>@]|www\.", "Enter a name, without links.", inverse_match=True)


class PersonNameField(forms.CharField):
    default_validators = [validate_name]
    widget = forms.TextInput(attrs={"autocomplete": "name"})

    def __init__(self, **kwargs: Any) -> None:
        required = {"required": "Enter your name."}
        super().__init__(**{"label": "Full name", "max_length": 120, "error_messages": required, **kwargs})


class EmailField(forms.EmailField):
    def __init__(self, *, autocomplete: str = "email", **kwargs: Any) -> None:
        messages = {"required": "Enter your e-mail.", "invalid": "Enter an e-mail address, such as asha@example.com."}
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"})
        super().__init__(
            **{"label": "E-mail", "max_length": 254, "error_messages": messages, "widget": widget, **kwargs}
        )


class PasswordField(forms.CharField):
    """Taken as it was typed, spaces and all."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        options = {"strip": False, "max_length": 200, "error_messages": {"required": "Enter a password."}}
        super().__init__(**{"label": "Password", "widget": widget, **options, **kwargs})


class LoginForm(forms.Form):
    email = EmailField(autocomplete="username")
    password = PasswordField(autocomplete="current-password")
    remember = forms.BooleanField(label="Keep me logged in on this device", required=False, initial=True)


class AdminLoginForm(AdminAuthenticationForm):
    """
    The admin's login, whose attempts count like any other. A refusal that is not about the credentials, such as too
    many attempts, is not caught here: the middleware makes a page of it.
    """

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email and password:
            try:
                self.user_cache = authenticate_user(self.request, email=email, password=password)
            except InvalidCredentials:
                raise self.get_invalid_login_error() from None
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class NewPasswordForm(forms.Form):
    """A new password for `user`, who need not be saved yet."""

    password = PasswordField(label="New password", autocomplete="new-password", help_text=NEW_PASSWORD_HELP)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class PasswordChangeForm(NewPasswordForm):
    current_password = PasswordField(label="Current password", autocomplete="current-password")

    field_order = ("current_password", "password")


class EraseAccountForm(forms.Form):
    current_password = PasswordField(label="Your password", autocomplete="current-password")


class PasswordResetForm(forms.Form):
    email = EmailField()


class RegisterForm(forms.Form):
    full_name = PersonNameField()
    email = EmailField(help_text="Your order confirmations go here.")
    phone = MobileField(required=False, help_text="The courier calls it if they cannot find you.")
    password = PasswordField(autocomplete="new-password", help_text=NEW_PASSWORD_HELP)
    terms = forms.BooleanField(error_messages={"required": "Please accept the terms to open an account."})

    @property
    def terms_label(self) -> SafeString:
        text = 'I accept the <a href="{}">terms of use</a> and the <a href="{}">privacy notice</a>'
        return format_html(text, reverse("terms"), reverse("privacy"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if password := data.get("password"):
            user = User(email=data.get("email", ""), full_name=data.get("full_name", ""))
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class ProfileForm(forms.Form):
    full_name = PersonNameField()
    phone = MobileField(required=False)
    avatar = forms.FileField(
        label="Picture",
        required=False,
        help_text="JPEG, PNG or WebP, at most 5 MB. It is cut to a square.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    remove_avatar = forms.BooleanField(label="Remove this picture", required=False)


class AddressForm(PostalAddressForm):
    is_default = forms.BooleanField(label="Use this address by default", required=False)


class CodeField(forms.CharField):
    """A number that people write with spaces and in small letters: `27 aapfu 0939 f1zv` → `27AAPFU0939F1ZV`."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(**{"max_length": 40, "widget": forms.TextInput(attrs=attributes), **kwargs})

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s-]", "", super().to_python(value) or "").upper()


class ShopAddressForm(PostalAddressForm):
    """Where a shop sends from; `asked_about` and the help of the PIN code as in any address."""

    full_name = phone = line2 = landmark = None  # of people, not of shops
    line1 = forms.CharField(
        label="Building, street, area",
        max_length=200,
        error_messages={"required": "Enter the address that the parcels leave from."},
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    support_email = EmailField(label="Customer care e-mail")
    support_phone = MobileField(label="Customer care mobile number")


class ShopSettingsForm(ShopAddressForm):
    """What a seller may change alone. The state is fixed, since GSTIN and taxes depend on it."""

    FIELDS = ("support_email", "support_phone", "line1", "city", "pincode")

    def __init__(self, seller: SellerProfile, *args: Any, **kwargs: Any) -> None:
        self.seller = seller
        super().__init__(*args, initial={name: getattr(seller, name) for name in self.FIELDS}, **kwargs)
        self.fields["state"].disabled = True
        self.initial["state"] = seller.state


class SellerApplicationForm(ShopAddressForm):
    REGISTERED, UNREGISTERED = "registered", "unregistered"
    SHOP = ("shop_name", "legal_name", "gstin", "pan", "enrolment_number", "line1", "city", "state", "pincode")

    shop_name = forms.CharField(
        max_length=80,
        validators=[validate_name],
        error_messages={"required": "Enter the name shoppers will see."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    legal_name = forms.CharField(
        max_length=160,
        error_messages={"required": "Enter the name your business is registered under, or your own."},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    gst = forms.ChoiceField(
        label="GST",
        choices=[(REGISTERED, "I have a GSTIN"), (UNREGISTERED, "I declare that I am not registered for GST")],
        error_messages={"required": "Choose one."},
        widget=forms.RadioSelect,
    )
    gstin = CodeField(label="GSTIN", required=False, validators=[validate_gstin])
    pan = CodeField(label="PAN", required=False, validators=[validate_pan])
    enrolment_number = CodeField(label="GST enrolment number", required=False)
    bank_holder = forms.CharField(
        label="Account holder",
        max_length=120,
        error_messages={"required": "Enter the name the account is in."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    bank_number = CodeField(label="Account number", required=False)
    bank_number_again = CodeField(label="Account number again", required=False)
    bank_ifsc = CodeField(
        label="IFSC", validators=[validate_ifsc], error_messages={"required": "Enter the IFSC of the branch."}
    )
    terms = forms.BooleanField(error_messages={"required": "Please accept the terms to apply."})

    field_order = ("shop_name", "legal_name", "gst", "gstin", "pan", "enrolment_number")  # then as they are declared

    def __init__(self, *args: Any, known_last4: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_last4 = known_last4

    @property
    def terms_label(self) -> SafeString:
        return format_html('I accept the <a href="{}">terms for sellers</a>', reverse("sell:terms"))

    @property
    def shop(self) -> dict[str, str]:
        names = (*self.SHOP, "support_email", "support_phone")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def bank(self) -> BankDetails:
        data = self.cleaned_data
        return BankDetails(holder=data["bank_holder"], ifsc=data["bank_ifsc"], number=data["bank_number"])

    @property
    def is_registered(self) -> bool:
        return bool(self.cleaned_data["gst"] == self.REGISTERED)

    def clean_enrolment_number(self) -> str:
        number: str = self.cleaned_data["enrolment_number"]
        if number and not re.fullmatch(r"[0-9A-Z]{15}", number):
            raise ValidationError("An enrolment number has 15 letters and digits.")
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("gst") == self.REGISTERED:
            self._check_gstin()
        elif data.get("gst") == self.UNREGISTERED and not data.get("pan") and "pan" not in self.errors:
            self.add_error("pan", "Enter your PAN: without a GSTIN it is what tells us who you are.")
        self._check_bank_number()
        return data

    def _check_gstin(self) -> None:
        gstin, state = self.cleaned_data.get("gstin"), self.cleaned_data.get("state")
        if "gstin" in self.errors:
            return
        if not gstin:
            self.add_error("gstin", "Enter your GSTIN, or declare that you are not registered.")
        elif state and gstin[:2] != GST_STATE_CODES[state]:
            registered = state_of_gstin(gstin)
            self.add_error("gstin", f"This GSTIN is of {registered}, the address is in {state}. They must be the same.")

    def _check_bank_number(self) -> None:
        number, again = self.cleaned_data.get("bank_number", ""), self.cleaned_data.get("bank_number_again", "")
        if not number and not again and self.known_last4:
            return
        if not re.fullmatch(r"[0-9]{9,18}", number):
            self.add_error("bank_number", "Enter the account number: 9 to 18 digits.")
        elif number != again:
            self.add_error("bank_number_again", "The two numbers differ. Please check them digit by digit.")
