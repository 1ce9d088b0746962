from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.tasks import delete_orphaned_avatars
from catalog.tasks import delete_orphaned_pictures
from pymart.common.orphans import TooManyOrphans


class Command(BaseCommand):
    help = "Delete the stored pictures that belong to nobody, as the scheduler does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="even if they are a large share of all")

    def handle(self, *args: object, force: bool, **options: Any) -> None:
        for task in (delete_orphaned_pictures, delete_orphaned_avatars):
            try:
                self.stdout.write(f"{task.name}: {task(force=force)} deleted")
            except TooManyOrphans as error:
                raise CommandError(f"{error} belong to nobody, which is not believed; --force believes it.") from error
