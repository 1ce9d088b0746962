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
from accounts.models import Address, Role, User
from accounts.services import forget_second_factor, lock_account, send_password_link, set_access, sign_out_everywhere
from pymart.common.admin import AuditedAdmin
from pymart.common.errors import DomainError
from pymart.common.forms import MobileField

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
        """Signs the user out everywhere, also when the change takes their password away."""
        user = super().save(commit)
        sign_out_everywhere(user=user)
        return user


class AddressInline(admin.TabularInline):
    """Read-only: only its owner changes an address book."""

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
    actions = ("close", "reopen", "sign_out", "send_password_link", "forget_second_factor")

    def get_inlines(self, request: HttpRequest, obj: User | None = None) -> tuple[type[AddressInline], ...]:
        return self.inlines if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Of nobody who is erased: a form that was opened before would put back what it shows."""
        beyond = obj is not None and (obj.is_erased or (obj.is_staff and not request.user.is_superuser))
        return not beyond and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # orders and the audit log name them: accounts are closed

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """
        Nobody may change their own access. Only superusers may change an e-mail: whoever can, can take over the
        account.
        """
        fixed = ACCESS if obj is not None and obj.pk == request.user.pk else ()
        if obj is not None and not request.user.is_superuser:
            fixed = ("email", "password", *ACCESS)
        return (*self.readonly_fields, *fixed)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """
        Of an existing user this saves name, e-mail and phone; role, groups and `is_active` go through `set_access`.
        """
        if not change:
            role, obj.role = obj.role, Role.BUYER
            super().save_model(request, obj, form, change)
            if role != Role.BUYER:
                set_access(user=obj, by=request.user, role=role)
            return
        lock_account(obj.pk)  # who is erased while the form is saved stays so
        obj.save(update_fields=[name for name in ("email", "full_name", "phone") if name in form.changed_data])
        access = {name: form.cleaned_data[name] for name in ACCESS if name in form.changed_data}
        if access:
            set_access(user=obj, by=request.user, **access)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool) -> None:
        """Without the form's groups: `set_access` has saved those."""
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not request.user.is_superuser:  # it would open anybody's account to support
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def applies(self, action: str, obj: User) -> bool:
        if action == "forget_second_factor":
            return obj.is_staff
        if action == "reopen":
            return not obj.is_active and not obj.is_erased
        return obj.is_active

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

    def has_superuser_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    @admin.action(description="Forget the second factor of who lost it", permissions=["superuser"])
    def forget_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        def forget(user: User) -> None:
            forget_second_factor(user=user, by=request.user)

        self.act(request, users, "forget_second_factor", forget, done="must set up a second factor anew")

    def _refuse_staff(self, request: HttpRequest, user: User) -> None:
        if user.is_staff and not request.user.is_superuser:
            raise StaffAccount


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(AuditedAdmin, DjangoGroupAdmin):
    search_fields = ("name__icontains",)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """A group that has members cannot be deleted: they would lose their permissions unnoticed."""
        in_use = obj is not None and obj.user_set.exists()
        return not in_use and super().has_delete_permission(request, obj)
