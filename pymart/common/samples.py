"""Made-up data for the gallery of components at /debug/ui/; nothing else reads it."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils import timezone


@dataclass
class Seller:
    shop_name: str


@dataclass
class Category:
    name: str

    def get_absolute_url(self) -> str:
        return "#breadcrumb"


@dataclass
class Product:
    title: str
    seller: Seller
    price: Decimal
    mrp: Decimal
    rating_average: Decimal = Decimal(0)
    rating_count: int = 0
    in_stock: bool = True
    cover: dict[str, Any] | None = None

    @property
    def discount_percent(self) -> int:
        return int((self.mrp - self.price) * 100 / self.mrp)

    def get_absolute_url(self) -> str:
        return "#product-card"


class SampleForm(forms.Form):
    full_name = forms.CharField(label="Full name", help_text="As it should stand on the parcel.")
    pincode = forms.CharField(label="PIN code", max_length=6)
    phone = forms.CharField(label="Mobile number")
    state = forms.ChoiceField(label="State", choices=[("", "Choose a state"), ("KA", "Karnataka"), ("KL", "Kerala")])
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    landmark = forms.CharField(label="Landmark", required=False)
    note = forms.CharField(label="Note for the courier", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label="Kind of address", choices=[("home", "Home"), ("work", "Work")], widget=forms.RadioSelect
    )
    picture = forms.ImageField(label="Picture", required=False, help_text="JPEG, PNG or WebP, up to 5 MB.")
    agree = forms.BooleanField(label="I have read the terms of use and the privacy notice")


@dataclass
class Samples:
    now: Any = field(default_factory=timezone.now)

    def products(self) -> list[Product]:
        picture = {
            "src": static("img/sample.svg"),
            "srcset": f"{static('img/sample.svg')} 400w",
            "width": 400,
            "height": 400,
            "alt": "A folded cotton kurta",
        }
        loom = Seller("Jaipur Loom House")
        return [
            Product(
                "Handblock printed cotton kurta with mandarin collar, long sleeves",
                loom,
                Decimal("1299.00"),
                Decimal("1999.00"),
                Decimal("4.35"),
                1284,
                cover=picture,
            ),
            Product(
                "Steel tiffin, three tiers",
                Seller("Rasoi Stores"),
                Decimal(649),
                Decimal(649),
                Decimal("4.8"),
                96,
                cover=None,
            ),
            Product(
                "Kanjivaram silk saree with zari border, unstitched blouse piece included, temple motif",
                Seller("Sri Meenakshi Silks, Kancheepuram"),
                Decimal(112500),
                Decimal(125000),
                Decimal("5"),
                7,
                cover=picture,
            ),
            Product("Neem wood comb", loom, Decimal("149.50"), Decimal(199), in_stock=False, cover=picture),
        ]

    def forms(self) -> dict[str, forms.Form]:
        wrong = SampleForm({"full_name": "Asha Rao", "pincode": "05", "phone": "12", "state": "KA"})
        wrong.add_error("pincode", "A PIN code has six digits and does not start with 0.")
        wrong.add_error("phone", "Enter a mobile number of ten digits.")
        return {"empty": SampleForm(auto_id="ok_%s"), "wrong": wrong}

    def steps(self) -> dict[str, list[dict[str, Any]]]:
        def step(label: str, state: str, hours: int | None = None, note: str = "") -> dict[str, Any]:
            at = self.now - timedelta(hours=hours) if hours is not None else None
            return {"label": label, "state": state, "at": at, "note": note, "url": "#stepper"}

        return {
            "checkout": [step("Review", "done"), step("Address", "current"), step("Pay", "todo")],
            "order": [
                step("Placed", "done", 50),
                step("Paid", "done", 49),
                step("Processing", "done", 30),
                step("Shipped", "current", 4, "Delhivery 3829 1120 4471"),
                step("Delivered", "todo"),
            ],
            "cancelled": [
                step("Placed", "done", 50),
                step("Paid", "done", 49),
                step("Cancelled", "cancelled", 20, "Refund on its way"),
            ],
        }

    def histogram(self) -> list[dict[str, Any]]:
        shares = [(5, 812, 63), (4, 284, 22), (3, 103, 8), (2, 38, 3), (1, 47, 4)]
        return [
            {"stars": stars, "count": count, "percent": percent, "url": "#rating", "active": False}
            for stars, count, percent in shares
        ]

    def table(self) -> dict[str, Any]:
        return {
            "columns": [{"label": "Product"}, {"label": "Sold", "num": True}, {"label": "Revenue", "num": True}],
            "rows": [
                ["Handblock printed kurta", "142", "₹1,84,458"],
                ["Steel tiffin, three tiers", "96", "₹62,304"],
                ["Neem wood comb", "31", "₹4,634.50"],
            ],
        }


def everything() -> dict[str, Any]:
    samples = Samples()
    suggestions = [
        {"text": "cotton kurta", "url": "#suggestions", "kind": "search"},
        {"text": "Kurtas", "url": "#suggestions", "kind": "category", "note": "in Fashion"},
        {"text": "Handblock printed cotton kurta", "url": "#suggestions", "kind": "product", "note": "₹1,299"},
    ]
    return {
        "products": samples.products(),
        "forms": samples.forms(),
        "steps": samples.steps(),
        "histogram": samples.histogram(),
        "table": samples.table(),
        "page": Paginator(range(480), 24).page(7),
        "crumbs": [Category("Fashion"), Category("Women"), Category("Kurtas")],
        "suggestions": suggestions,
        "ratings": [Decimal("4.35"), Decimal("3.5"), Decimal("1.2"), Decimal(0)],
        "amounts": [999, 1000, 99999, 100000, Decimal("12345678.50"), Decimal("-49")],
        "colours": COLOURS,
        "icons": ICONS,
        "now": samples.now,
    }


COLOURS = [
    "bg",
    "surface",
    "surface-2",
    "surface-3",
    "line",
    "line-strong",
    "text",
    "text-2",
    "brand",
    "brand-fill",
    "brand-soft",
    "brand-soft-2",
    "accent",
    "accent-soft",
    "accent-text",
    "good",
    "good-fill",
    "good-soft",
    "bad",
    "bad-fill",
    "bad-soft",
    "star",
    "star-off",
    "focus",
]
ICONS = [
    "shopping-cart",
    "shopping-bag",
    "package",
    "truck",
    "store",
    "user",
    "bell",
    "heart",
    "search",
    "menu",
    "house",
    "tag",
    "badge-percent",
    "badge-indian-rupee",
    "indian-rupee",
    "credit-card",
    "wallet",
    "landmark",
    "smartphone",
    "receipt-indian-rupee",
    "shield-check",
    "lock",
    "star",
    "map-pin",
    "phone",
    "mail",
    "circle-check",
    "circle-alert",
    "triangle-alert",
    "info",
    "x",
    "check",
    "plus",
    "minus",
    "pencil",
    "trash-2",
    "settings",
    "funnel",
    "sliders-horizontal",
]
