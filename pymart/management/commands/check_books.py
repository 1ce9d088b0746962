from django.core.management.base import BaseCommand, CommandError

from catalog.selectors import stock_drift
from orders.selectors import invoice_drift, total_drift
from payments.selectors import money_drift


class Command(BaseCommand):
    help = "Derive stock, totals and money anew from what they follow from; fails when any of them drifted."

    def handle(self, *args: object, **options: object) -> None:
        found = 0
        books = {
            "stock": stock_drift(),
            "totals": total_drift(),
            "money": money_drift(),
            "invoices": invoice_drift(),
        }
        for name, drifts in books.items():
            self.stdout.write(f"{name}: {len(drifts) or 'no'} drift{'s' if len(drifts) > 1 else ''}")
            for drift in drifts:
                self.stdout.write(f"  {drift}")
            found += len(drifts)
        if found:
            raise CommandError(f"The books do not agree in {found} place{'s' if found > 1 else ''}.")
        self.stdout.write("The books agree.")
