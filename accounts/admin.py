from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.forms import AdminLoginForm
from accounts.models import Address, Role, SellerProfile, User
from accounts.services import set_seller_status, sign_out_everywhere
from pymart.common.admin import AuditedAdmin
from pymart.common.forms import MobileField, PincodeField

admin.site.login_form = AdminLoginForm
admin.site.unregister([OutstandingToken, BlacklistedToken])  # to delete one there would make a spent token good again


class UserFormMixin(forms.ModelForm):
    phone = MobileField(required=False)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["is_staff"] = data.get("is_staff") or data.get("role") == Role.ADMIN
        return data


class UserForm(UserFormMixin, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007 - `UserAdmin.fieldsets` says which


class NewUserForm(UserFormMixin, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "full_name", "phone", "role")


class NewPasswordForm(AdminPasswordChangeForm):
    def save(self, commit: bool = True) -> User:
        """Also of who may log in by no password from now on."""
        user = super().save(commit)
        sign_out_everywhere(user=user)
        return user


class AddressInline(admin.TabularInline):
    """To look at: the book is its owner's."""

    model = Address
    fields = readonly_fields = (*Address.FIELDS, "is_default")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    change_password_form = NewPasswordForm
    list_display = ("email", "full_name", "phone", "role", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("role", "is_active", "is_staff", "date_joined")
    search_fields = ("email__startswith", "full_name__icontains", "phone__startswith")
    search_help_text = "E-mail, name or mobile number"
    ordering = ("-pk",)
    readonly_fields = ("avatar", "date_joined", "last_login")
    inlines = (AddressInline,)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("full_name", "phone", "avatar")}),
        (
            "What they may do",
            {"fields": ("role", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": (*NewUserForm.Meta.fields, "usable_password", "password1", "password2")},
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: User | None = None) -> tuple[type[AddressInline], ...]:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            sign_out_everywhere(user=obj)


class SellerProfileForm(forms.ModelForm):
    pincode = PincodeField()


@admin.register(SellerProfile)
class SellerProfileAdmin(AuditedAdmin):
    form = SellerProfileForm
    list_display = ("shop_name", "status", "legal_name", "gstin", "city", "state", "user", "applied_at")
    list_filter = ("status", "state", "applied_at")
    list_select_related = ("user",)
    search_fields = ("shop_name__icontains", "legal_name__icontains", "gstin__startswith", "user__email__startswith")
    search_help_text = "Shop, legal name, GSTIN, or its owner's e-mail"
    autocomplete_fields = ("user",)
    prepopulated_fields = {"slug": ("shop_name",)}
    readonly_fields = ("applied_at", "approved_at")
    ordering = ("-applied_at", "-pk")

    def save_model(self, request: HttpRequest, obj: SellerProfile, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or "status" in form.changed_data:
            set_seller_status(seller=obj, status=obj.status)
