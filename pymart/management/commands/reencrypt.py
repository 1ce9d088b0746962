from django.apps import apps
from django.core.management.base import BaseCommand

from pymart.common.crypto import EncryptedTextField, reencrypt


class Command(BaseCommand):
    help = "Encrypt with DATA_KEY whatever is still encrypted with one of DATA_KEY_FALLBACKS, which can go afterwards."

    def handle(self, *args: object, **options: object) -> None:
        for model in apps.get_models():
            if any(isinstance(field, EncryptedTextField) for field in model._meta.concrete_fields):
                self.stdout.write(f"{model._meta.label}: {reencrypt(model)} rows")
