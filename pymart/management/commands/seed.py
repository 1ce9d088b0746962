"""The demo shop, and catalogues as large as one likes."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.tasks import rebuild_vocabulary
from orders.tasks import count_units_sold
from pymart.demo import bulk, content, gallery, opinions, people, plan, shop, trade
from pymart.demo.content import Listing
from pymart.demo.photos import Shot


class Command(BaseCommand):
    help = (
        "Fills the shop with demo sellers, products, orders and reviews, once. "
        "With --products, tops the catalogue up to so many products."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=int, metavar="N", help="Top up to N products that a machine thought up.")
        parser.add_argument("--no-photos", action="store_true", help="Leave products without pictures.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo users have a password that everybody knows, so they only exist where DEBUG is on.")
        self.started = time.monotonic()
        is_new = not User.objects.filter(email=people.BUYERS[0].email).exists()
        if is_new:
            self._fill(with_photos=not options["no_photos"])
        else:
            self._say("The demo shop is there already.")
        added = self._top_up(options["products"]) if options["products"] is not None else 0
        if is_new or added:
            self._say(f"{rebuild_vocabulary()} words that the search can spell")
        self._say("Done. Log in as " + ", ".join((people.BUYERS[0].email, people.SHOPS[0].email, people.ADMIN[0])))
        self._say(f"with the password {people.PASSWORD}")

    def _fill(self, *, with_photos: bool) -> None:
        listings, folder = content.listings(), Path(settings.LOCAL_DIR) / "demo-photos"
        taken: dict[str, list[Shot]] = {}
        if with_photos:
            taken = gallery.take_photos(listings, folder, self._bar("products photographed", len(listings)))
            self._say(f"{sum(map(len, taken.values()))} photos")
        with transaction.atomic():
            self._write(listings, taken, folder)

    def _write(self, listings: Sequence[Listing], taken: dict[str, list[Shot]], folder: Path) -> None:
        now = timezone.now()
        sales = plan.sales(listings, now)
        users = shop.add_people(now)
        shops = shop.add_shops(users, now)
        categories = shop.add_categories(content.departments())
        self._say(f"{len(users)} people, {len(shops)} shops, {len(categories)} categories")
        products = shop.add_products(listings, shops, categories, now)
        variants = shop.add_variants(listings, products, trade.still_taken(sales), now)
        pictures = gallery.hang_up(taken, folder, products)
        self._say(f"{len(products)} products in {len(variants)} variants")
        count = trade.add_orders(trade.Book(users, shops, variants, pictures, now), sales)
        self._say(f"{count} orders of the last {plan.DAYS} days")
        count = opinions.add_reviews(plan.opinions(sales, listings, now), products, users)
        opinions.tell_products(products)
        count_units_sold()
        opinions.add_wishes(products, users)
        self._say(f"{count} reviews")

    def _top_up(self, wanted: int) -> int:
        self._say(f"A catalogue of {wanted} products:")
        added = bulk.top_up(wanted, tick=self._bar("products", wanted))
        self._say(f"{added} products added" if added else "It has that many already.")
        return added

    def _bar(self, what: str, total: int) -> Any:
        """A line that counts up, on a terminal in place."""
        step = max(1, total // 20)
        end = "\r" if self.stdout.isatty() else "\n"

        def tick(done: int) -> None:
            if done >= total or done % step == 0:
                filled = 24 * done // total if total else 24
                bar = "█" * filled + "·" * (24 - filled)
                self.stdout.write(f"  {bar} {done} of {total} {what}", ending="\n" if done >= total else end)

        return tick

    def _say(self, words: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self.started:5.1f} s] {words}")
