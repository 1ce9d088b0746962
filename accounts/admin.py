from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.forms import AdminLoginForm
from accounts.models import Address, OutboundEmail, Role, SellerProfile, SellerStatus, User
from accounts.selectors import emails_given_up, waiting_emails
from accounts.services import (
    IllegalDecision,
    ReasonMissing,
    send_again,
    send_password_link,
    set_access,
    set_seller_status,
    sign_out_everywhere,
)
from accounts.services.sellers import DECISIONS
from pymart.common.admin import AuditedAdmin, ReadOnlyAdmin
from pymart.common.errors import DomainError
from pymart.common.forms import MobileField, PincodeField

admin.site.login_form = AdminLoginForm
admin.site.unregister([OutstandingToken, BlacklistedToken])  # to delete one there would make a spent token good again


class StaffAccount(DomainError):
    code = "staff_account"
    status = 403
    message = "Accounts of staff are the admins' business."


class UserForm(UserChangeForm):
    phone = MobileField(required=False)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class NewUserForm(AdminUserCreationForm):
    phone = MobileField(required=False)

    class Meta:
        model = User
        fields = ("email", "full_name", "phone", "role")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


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


ACCESS = ("role", "is_active", "groups")


class StaffFilter(admin.SimpleListFilter):
    title, parameter_name = "may enter the admin", "staff"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(is_staff=True) if self.value() else queryset


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin):
    """What somebody may do is changed by `set_access` alone; staff and their addresses by admins alone."""

    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    change_password_form = NewPasswordForm
    list_display = ("email", "full_name", "phone", "role", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("role", "is_active", StaffFilter)
    search_fields = ("email__startswith", "full_name__icontains", "phone__startswith", "id__exact")
    search_help_text = "How the e-mail or the mobile number (+91…) begins, part of the name, or the id"
    ordering = ("-pk",)
    readonly_fields = ("avatar", "date_joined", "last_login")
    inlines = (AddressInline,)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("full_name", "phone", "avatar")}),
        (
            "What they may do",
            {
                "fields": ACCESS,
                "description": "Admins may do everything. Who is in a group may enter here and do what the group may.",
            },
        ),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": (*NewUserForm.Meta.fields, "usable_password", "password1", "password2")},
        ),
    )
    actions = ("close", "reopen", "sign_out", "send_password_link")

    def get_inlines(self, request: HttpRequest, obj: User | None = None) -> tuple[type[AddressInline], ...]:
        return self.inlines if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        beyond = obj is not None and obj.is_staff and not request.user.is_superuser
        return not beyond and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # orders and the audit log name them: accounts are closed

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody changes what they may do themselves; and who changes an e-mail could take the account."""
        fixed = ACCESS if obj is not None and obj.pk == request.user.pk else ()
        if obj is not None and not request.user.is_superuser:
            fixed = ("email", "password", *ACCESS)
        return (*self.readonly_fields, *fixed)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """Of a known user the columns of the person; the rest is `set_access`'s."""
        if not change:
            role, obj.role = obj.role, Role.BUYER
            super().save_model(request, obj, form, change)
            if role != Role.BUYER:
                set_access(user=obj, by=request.user, role=role)
            return
        obj.save(update_fields=[name for name in ("email", "full_name", "phone") if name in form.changed_data])
        access = {name: form.cleaned_data[name] for name in ACCESS if name in form.changed_data}
        if access:
            set_access(user=obj, by=request.user, **access)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool) -> None:
        """Not the form's groups, which `set_access` saves."""
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not request.user.is_superuser:  # it would open anybody's account to support
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def applies(self, action: str, obj: User) -> bool:
        return {"close": obj.is_active, "reopen": not obj.is_active}.get(action, obj.is_active)

    @admin.action(description="Close the account", permissions=["act_on"])
    def close(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        def close(user: User, reason: str) -> None:
            self._refuse_staff(request, user)
            set_access(user=user, by=request.user, is_active=False)

        return self.act_with_reason(request, users, "close", close, ask="Close the account", done="closed")

    @admin.action(description="Open the account again", permissions=["act_on"])
    def reopen(self, request: HttpRequest, users: QuerySet[User]) -> None:
        def reopen(user: User) -> None:
            self._refuse_staff(request, user)
            set_access(user=user, by=request.user, is_active=True)

        self.act(request, users, "reopen", reopen, done="open again")

    @admin.action(description="Sign out everywhere", permissions=["act_on"])
    def sign_out(self, request: HttpRequest, users: QuerySet[User]) -> None:
        def sign_out(user: User) -> None:
            self._refuse_staff(request, user)
            sign_out_everywhere(user=user)

        self.act(request, users, "sign_out", sign_out, done="signed out")

    @admin.action(description="Mail a link to choose a new password", permissions=["act_on"])
    def send_password_link(self, request: HttpRequest, users: QuerySet[User]) -> None:
        self.act(request, users, "send_password_link", lambda user: send_password_link(user=user), done="mailed")

    def _refuse_staff(self, request: HttpRequest, user: User) -> None:
        if user.is_staff and not request.user.is_superuser:
            raise StaffAccount


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(AuditedAdmin, DjangoGroupAdmin):
    search_fields = ("name__icontains",)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Not one that has members: they would lose what they may do in passing."""
        in_use = obj is not None and obj.user_set.exists()
        return not in_use and super().has_delete_permission(request, obj)


class SellerProfileForm(forms.ModelForm):
    pincode = PincodeField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        status, known = data.get("status"), self.initial.get("status", SellerStatus.APPLIED)
        if status and status != known and status not in DECISIONS[known]:
            self.add_error("status", str(IllegalDecision(known, status)))
        elif status in (SellerStatus.REJECTED, SellerStatus.SUSPENDED) and not data.get("status_reason"):
            self.add_error("status_reason", ReasonMissing.message)
        return data


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
    readonly_fields = ("applied_at", "approved_at", "decided_at")
    ordering = ("-applied_at", "-pk")

    def save_model(self, request: HttpRequest, obj: SellerProfile, form: forms.ModelForm, change: bool) -> None:
        status, obj.status = obj.status, form.initial.get("status", SellerStatus.APPLIED)
        super().save_model(request, obj, form, change)
        set_seller_status(seller=obj, status=status, reason=obj.status_reason)


class EmailStateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("sent", "Sent"), ("waiting", "Waiting"), ("given_up", "Given up")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutboundEmail]) -> QuerySet[OutboundEmail]:
        match self.value():
            case "sent":
                return queryset.exclude(sent_at=None)
            case "waiting":
                return queryset.filter(waiting_emails())
            case "given_up":
                return queryset.filter(emails_given_up())
        return queryset


@admin.register(OutboundEmail)
class OutboundEmailAdmin(ReadOnlyAdmin):
    list_display = ("key", "user", "created_at", "sent_at", "attempts", "last_error")
    list_filter = (EmailStateFilter,)
    list_select_related = ("user",)
    search_fields = ("key__startswith", "user__email__startswith")
    search_help_text = "How the key (order-confirmation:42) or the recipient's e-mail begins"
    ordering = ("-pk",)
    actions = ("send_again",)

    @admin.action(description="Send again", permissions=["act_on"])
    def send_again(self, request: HttpRequest, emails: QuerySet[OutboundEmail]) -> None:
        def resend(email: OutboundEmail) -> None:
            send_again(email=email)

        self.act(request, emails, "send_again", resend, done="on its way again")
