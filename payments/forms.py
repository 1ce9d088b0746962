from django import forms


class SeenCartForm(forms.Form):
    """What the buyer looked at when the button was pressed: which cart, and which total."""

    cart_id = forms.UUIDField(widget=forms.HiddenInput)
    expected_total = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)


class HandBackForm(forms.Form):
    """What Razorpay's checkout posts after a payment, by script or as a plain form."""

    razorpay_payment_id = forms.CharField(max_length=40)
    razorpay_order_id = forms.CharField(max_length=40)
    razorpay_signature = forms.CharField(max_length=128)
