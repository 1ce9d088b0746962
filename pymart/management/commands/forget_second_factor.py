from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import forget_second_factor


class Command(BaseCommand):
    help = "For the one admin who lost phone and recovery codes: they set up a second factor anew at the next log-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower(), is_staff=True).first()
        if user is None:
            raise CommandError(f"{email} is none of the staff.")
        forget_second_factor(user=user, by=None)
        self.stdout.write(f"{user} is signed out, and sets up a second factor at the next log-in.")
