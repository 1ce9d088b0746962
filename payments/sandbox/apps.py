from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SandboxConfig(AppConfig):
    name = "payments.sandbox"
    label = "sandbox"
    verbose_name = "Sandbox gateway"

    def ready(self) -> None:
        if settings.RAZORPAY_KEY_ID.startswith("rzp_live_"):
            raise ImproperlyConfigured("The sandbox gateway must not run with live keys (RAZORPAY_KEY_ID=rzp_live_…).")
        if not (settings.DEBUG or settings.RAZORPAY_SANDBOX):
            raise ImproperlyConfigured("The sandbox gateway needs DEBUG or an explicit RAZORPAY_SANDBOX=1.")
