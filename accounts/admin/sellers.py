from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import SellerBankAccount, SellerProfile, SellerStatus
from accounts.services import lock_account, set_seller_status
from accounts.services.sellers import DECISIONS
from pymart.common.admin import AuditedAdmin, Panel, Row, panel, when
from pymart.common.forms import MobileField, PincodeField

DECISION_OF = {
    "approve": SellerStatus.APPROVED,
    "reject": SellerStatus.REJECTED,
    "suspend": SellerStatus.SUSPENDED,
}


class SellerProfileForm(forms.ModelForm):
    pincode = PincodeField(required=False)
    support_phone = MobileField(required=False)


@panel("accounts.view_sellerbankaccount")
def bank_account(request: HttpRequest, seller: SellerProfile) -> Panel:
    """Of its number only the last four digits."""
    accounts = SellerBankAccount.objects.filter(seller=seller)
    rows = [
        Row([account.holder, account.ifsc, f"•••• {account.last4}", when(account.changed_at)]) for account in accounts
    ]
    return Panel("Bank account", ["Holder", "IFSC", "Number", "Since"], rows)


@panel("accounts.view_sellerprofile")
def terms(request: HttpRequest, seller: SellerProfile) -> Panel:
    rows = [Row([one.version, when(one.accepted_at), one.ip or "-"]) for one in seller.terms.all()]
    return Panel("Accepted terms", ["Version", "When", "IP address"], rows)


@admin.register(SellerProfile)
class SellerProfileAdmin(AuditedAdmin):
    """A shop begins with an application, or when its owner is made a seller; staff decide about it by the actions."""

    form = SellerProfileForm
    list_display = ("shop_name", "status", "legal_name", "gstin", "city", "state", "user", "applied_at")
    list_filter = ("status", "state", "applied_at")
    list_select_related = ("user",)
    search_fields = ("shop_name__icontains", "legal_name__icontains", "gstin__startswith", "user__email__startswith")
    search_help_text = "Part of the shop's or the legal name, or how the GSTIN or the owner's e-mail begins"
    readonly_fields = (
        "user", "status", "status_reason", "applied_at", "approved_at", "decided_at", "unregistered_declared_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("user", "shop_name", "slug", "status", "status_reason")}),
        ("Business", {"fields": ("legal_name", "gstin", "unregistered_declared_at", "enrolment_number", "pan")}),
        ("Address", {"fields": ("line1", "city", "state", "pincode")}),
        ("Support", {"fields": ("support_email", "support_phone")}),
        ("Dates", {"fields": ("applied_at", "approved_at", "decided_at")}),
    )
    ordering = ("-applied_at", "-pk")
    panels = [bank_account, terms]
    actions = ("approve", "reject", "suspend")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SellerProfile | None = None) -> bool:
        is_erased = obj is not None and obj.user.is_erased
        return not is_erased and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: SellerProfile | None = None) -> bool:
        return False  # orders name it: it is suspended

    def save_model(self, request: HttpRequest, obj: SellerProfile, form: forms.ModelForm, change: bool) -> None:
        lock_account(obj.user_id)  # whose owner is erased while the form is saved stays blank
        super().save_model(request, obj, form, change)

    def applies(self, action: str, obj: SellerProfile) -> bool:
        if obj.user.is_erased:
            return False
        return DECISION_OF[action] in DECISIONS[obj.status] if action in DECISION_OF else super().applies(action, obj)

    @admin.action(description="Approve", permissions=["act_on"])
    def approve(self, request: HttpRequest, sellers: QuerySet[SellerProfile]) -> None:
        def approve(seller: SellerProfile) -> None:
            set_seller_status(seller=seller, status=SellerStatus.APPROVED)

        self.act(request, self._undecided(sellers, "approve"), "approve", approve, done="approved")

    @admin.action(description="Reject, with a reason", permissions=["act_on"])
    def reject(self, request: HttpRequest, sellers: QuerySet[SellerProfile]) -> HttpResponse | None:
        return self._decide(request, sellers, "reject", "Reject the application")

    @admin.action(description="Suspend, with a reason", permissions=["act_on"])
    def suspend(self, request: HttpRequest, sellers: QuerySet[SellerProfile]) -> HttpResponse | None:
        return self._decide(request, sellers, "suspend", "Suspend the shop and take its products off the shelves")

    def _undecided(self, sellers: QuerySet[SellerProfile], action: str) -> QuerySet[SellerProfile]:
        return sellers.exclude(status=DECISION_OF[action])

    def _decide(
        self, request: HttpRequest, sellers: QuerySet[SellerProfile], action: str, ask: str
    ) -> HttpResponse | None:
        status = DECISION_OF[action]

        def decide(seller: SellerProfile, reason: str) -> Any:
            set_seller_status(seller=seller, status=status, reason=reason)

        told = "The seller reads it, in a mail and at their status page."
        return self.act_with_reason(
            request, self._undecided(sellers, action), action, decide, ask=ask, done=status.label.lower(), told=told
        )
