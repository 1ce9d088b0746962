from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.services import InvalidCredentials, authenticate_user
from pymart.common.forms import MobileField, PostalAddressForm

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
    """The admin's login, counted with all others; a refusal other than wrong credentials answers the request."""

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
