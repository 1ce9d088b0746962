from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from elasticsearch import ApiError, TransportError

from catalog.search.elastic.rebuild import NotAsGood, Refused, rebuild


class Command(BaseCommand):
    help = "Build a fresh search index and use it from then on; searches and changes go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from-scratch", action="store_true", help="do not take up an interrupted run")

    def handle(self, *, from_scratch: bool, **options: Any) -> None:
        if not settings.ELASTICSEARCH_URL:
            raise CommandError("ELASTICSEARCH_URL is not set: PostgreSQL finds products by itself, without an index.")
        try:
            name = rebuild(tick=self._tick, from_scratch=from_scratch)
        except (NotAsGood, Refused) as error:
            raise CommandError(str(error)) from error
        except (TransportError, ApiError) as error:
            raise CommandError(f"The search engine fails; run it again to go on. {error}") from error
        self.stdout.write(self.style.SUCCESS(f"{name} is searched from now on. The one before is kept till next time."))

    def _tick(self, done: int, total: int) -> None:
        """A line that counts up, on a terminal in place."""
        percent = 100 * done // total if total else 100
        bar = "█" * (percent // 4) + "·" * (25 - percent // 4)
        at_end = done >= total or not self.stdout.isatty()
        self.stdout.write(f"  {bar} {done} of {total} products", ending="\n" if at_end else "\r")
        self.stdout.flush()
