from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import erase_account
from pymart.common.errors import DomainError


class Command(BaseCommand):
    help = "Forgets a person who asked for it and cannot log in. Orders and invoices stay, reviews stay without a name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody has an account for {email}.")
        try:
            erase_account(user=user)
        except DomainError as refusal:
            raise CommandError(f"{email} was not erased. To them it would say: {refusal}") from refusal
        self.stdout.write(f"The account of {email} is erased.")
