from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from elasticsearch import ApiError, TransportError

from catalog.search.elastic.drift import drift
from catalog.search.outbox import enqueue

SHOWN = 10


class Command(BaseCommand):
    help = "Compare the search index with the database, product by product."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="have what differs indexed anew")

    def handle(self, *, fix: bool, **options: Any) -> None:
        if not settings.ELASTICSEARCH_URL:
            raise CommandError("ELASTICSEARCH_URL is not set: there is no index to check.")
        wrong = {"missing": set[int](), "extra": set[int](), "stale": set[int]()}
        try:
            for _, chunk in drift():
                for kind, ids in wrong.items():
                    ids |= getattr(chunk, kind)
                if fix:
                    enqueue(chunk.ids)
        except (TransportError, ApiError) as error:
            raise CommandError(f"The search engine fails: {error}") from error
        for kind, ids in wrong.items():
            some = ", ".join(map(str, sorted(ids)[:SHOWN])) + (" …" if len(ids) > SHOWN else "")
            self.stdout.write(f"{len(ids):>7} {kind}" + (f": {some}" if ids else ""))
        if not any(wrong.values()):
            self.stdout.write(self.style.SUCCESS("The index is what the database says."))
        elif fix:
            self.stdout.write("They are on their way.")
        else:
            raise CommandError("The index differs. --fix mends it.")
