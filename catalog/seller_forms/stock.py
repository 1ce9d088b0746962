"""What happened to the stock of a product."""

from typing import Any

from django import forms

from accounts.models import User
from catalog.limits import MOST_STOCK
from catalog.models import Product, StockReason, Variant
from catalog.seller_forms.fields import StockField
from catalog.services import OutOfStock, correct_stock, restock
from pymart.common.money import group_indian

_COMES_IN = (StockReason.RESTOCK, StockReason.RETURN)
_REASONS = [
    *((reason, reason.label) for reason in (*_COMES_IN, StockReason.DAMAGE)),
    (StockReason.CORRECTION, "Counted: so many are there"),
]


class StockForm(forms.Form):
    variant = forms.ModelChoiceField(Variant.objects.none(), empty_label=None)
    reason = forms.ChoiceField(label="What happened", choices=_REASONS)
    pieces = StockField(error_messages={"required": "Enter how many."})

    def __init__(self, product: Product, data: Any = None) -> None:
        super().__init__(data)
        variants = product.variants.all()
        self.fields["variant"].queryset = variants
        self.fields["variant"].label_from_instance = lambda each: f"{each.name or each.sku}: {each.stock} in stock"
        if len(variants) == 1:
            self.fields["variant"].widget = forms.HiddenInput()
            self.initial["variant"] = variants[0].pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        pieces, is_counted = data["pieces"], data["reason"] == StockReason.CORRECTION
        if not pieces and not is_counted:
            self.add_error("pieces", "Enter how many.")
        elif data["reason"] in _COMES_IN and data["variant"].stock + pieces > MOST_STOCK:
            self.add_error("pieces", f"There cannot be more than {group_indian(MOST_STOCK)} in stock.")
        return data

    def move(self, actor: User) -> bool:
        """Do it, and answer whether it was possible; otherwise the form has the reason."""
        variant, reason, pieces = (self.cleaned_data[name] for name in ("variant", "reason", "pieces"))
        if reason == StockReason.CORRECTION:
            correct_stock({variant.pk: pieces}, actor=actor)
            return True
        try:
            quantity = pieces if reason in _COMES_IN else -pieces
            restock(variant_id=variant.pk, quantity=quantity, reason=reason, actor=actor)
        except OutOfStock:
            variant.refresh_from_db(fields=["stock"])
            self.add_error("pieces", f"There are only {variant.stock}.")
            return False
        return True
