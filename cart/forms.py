from django import forms
from django.conf import settings

from pymart.common.db import LARGEST_ID


class VariantForm(forms.Form):
    variant = forms.IntegerField(min_value=1, max_value=LARGEST_ID)


class AddForm(VariantForm):
    quantity = forms.IntegerField(min_value=1, max_value=settings.CART_MAX_QUANTITY, initial=1)
    buy_now = forms.BooleanField(required=False)
    from_wishlist = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


class QuantityForm(VariantForm):
    quantity = forms.IntegerField(min_value=0, max_value=settings.CART_MAX_QUANTITY)
    was = forms.IntegerField(required=False, min_value=1, max_value=settings.CART_MAX_QUANTITY)


class RemovedForm(forms.Form):
    """What the address of the cart says was taken out a moment ago, and could be put back."""

    removed = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    quantity = forms.IntegerField(min_value=1, max_value=settings.CART_MAX_QUANTITY)
