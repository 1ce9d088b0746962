"""
The columns of a file of products: one row for each variant, and what variants share in one row of their product.

The importer, the export, the template and its help page read them from here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catalog import limits
from catalog.csv import cells
from catalog.csv.cells import SEPARATOR, BadCell
from catalog.models import Product, Variant
from catalog.selectors import get_tree
from pymart.common.gst import RATES, rate_text
from pymart.common.money import group_indian


class Categories:
    """By slug or path, as of now."""

    def __init__(self) -> None:
        tree = get_tree()
        self.paths = {
            node.id: " > ".join(each.name for each in [*node.ancestors, node]) for node in tree.by_id.values()
        }
        self._ids = {_plain_path(path): pk for pk, path in self.paths.items()}
        self._ids |= {node.slug: node.id for node in tree.by_id.values()}

    def forget(self, ids: set[int]) -> None:
        self._ids = {text: pk for text, pk in self._ids.items() if pk not in ids}

    def find(self, cell: str) -> int:
        """:raises BadCell: where there is none."""
        wanted = _plain_path(cell)
        found = self._ids.get(wanted)
        if found is not None:
            return found
        name = wanted.rpartition(">")[2]
        meant = [path for path in self.paths.values() if _plain_path(path).rpartition(">")[2] == name]
        example = meant[0] if meant else "Women > Kurtas"
        raise BadCell(f"There is no such category. Write its path, such as “{example}”.")


def _plain_path(path: str) -> str:
    return ">".join(" ".join(name.split()) for name in path.casefold().split(">"))


@dataclass(frozen=True)
class Item:
    """What a row of an export shows."""

    product: Product
    variant: Variant
    categories: Categories


@dataclass(frozen=True, eq=False)
class Column:
    """`field` is what it is called in the product, or in the variant where `is_shared` is off."""

    name: str
    field: str
    meaning: str
    takes: str
    examples: tuple[str, str, str]
    read: cells.Reader
    show: Callable[[Item], str]
    is_shared: bool = True
    is_needed: bool = False  # of what is new
    empty: Any = None  # what `(none)` makes of it; None: it cannot be empty
    key: str = ""  # of an attribute or option: its name

    @property
    def example(self) -> str:
        return next(filter(None, self.examples), "")


def _of_product(name: str) -> Callable[[Item], str]:
    return lambda item: str(getattr(item.product, name))


def _list_of_product(name: str) -> Callable[[Item], str]:
    return lambda item: SEPARATOR.join(getattr(item.product, name))


SKU = Column(
    "sku", "sku",
    "Your own number for the variant. A row whose SKU you have already changes that variant; any other adds one.",
    "Up to 64 characters, each SKU once in a file",
    ("KURTA-RED-M", "KURTA-RED-L", "LAMP-01"),
    cells.text(64), lambda item: item.variant.sku, is_shared=False, is_needed=True,
)  # fmt: skip
HANDLE = Column(
    "product", "slug",
    "Says which rows are variants of one product: they have the same word here and stand one after another. In an "
    "export it is the end of the product’s address. Leave it empty for a product of one variant.",
    "Up to 220 characters",
    ("red-kurta", "red-kurta", ""),
    cells.text(220), _of_product("slug"), is_shared=False,
)  # fmt: skip
COLUMNS = (
    SKU,
    HANDLE,
    Column(
        "title", "title", "The name that shoppers read.", "Up to 200 characters",
        ("Block-printed cotton kurta", "", "Brass peacock lamp"),
        cells.text(200), _of_product("title"), is_needed=True,
    ),
    Column(
        "description", "description", "What a shopper wants to know of it. It may have several paragraphs.",
        f"Up to {group_indian(limits.DESCRIPTION_LENGTH)} characters",
        ("Hand-printed in Sanganer. Wash with similar colours.", "", "Cast brass, 24 cm high, for oil or a tea light."),
        cells.text(limits.DESCRIPTION_LENGTH), _of_product("description"), is_needed=True, empty="",
    ),
    Column(
        "category", "category_id", "The path of its category, from the top; or the end of the category’s address.",
        "A category of the shop",
        ("Women > Kurtas", "", "Home > Lamps"),
        str, lambda item: item.categories.paths.get(item.product.category_id, ""), is_needed=True,
    ),
    Column(
        "brand", "brand", "Its maker, as shoppers know it.", "Up to 80 characters",
        ("Jaipur Loom", "", ""), cells.text(80), _of_product("brand"), empty="",
    ),
    Column(
        "status", "status", "Whether it is on sale. What is new is a draft where this is empty.",
        "draft, active or archived",
        ("active", "", "draft"), cells.status, _of_product("status"),
    ),
    Column(
        "variant", "name", "What tells the variant from the others of its product; made of the options where empty.",
        "Up to 80 characters, different within a product",
        ("", "", ""), cells.text(80), lambda item: item.variant.name, is_shared=False, empty="",
    ),
    Column(
        "price", "price", "What a shopper pays for one, all taxes included.",
        "Rupees from 1 to 99,99,999.99",
        ("899.00", "949.00", "1250.00"),
        cells.amount, lambda item: f"{item.variant.price:.2f}", is_shared=False, is_needed=True,
    ),
    Column(
        "mrp", "mrp", "The maximum retail price as printed on it; the price where it never had one.",
        "Rupees, not below the price",
        ("1499.00", "1499.00", ""),
        cells.amount, lambda item: "" if item.variant.mrp == item.variant.price else f"{item.variant.mrp:.2f}",
        is_shared=False,
    ),
    Column(
        "stock", "stock",
        "How many pieces there are now. It replaces the count of the shop, so leave it empty where you did not count.",
        f"A whole number from 0 to {group_indian(limits.MOST_STOCK)}",
        ("12", "8", "40"),
        cells.pieces, lambda item: str(item.variant.stock), is_shared=False, is_needed=True,
    ),
    Column(
        "tags", "tags", f"Words to find it by, with {SEPARATOR} between them.",
        f"Up to {limits.MAX_TAGS} of {limits.TAG_LENGTH} characters",
        ("cotton|handmade", "", "brass|diwali"),
        cells.texts(limits.MAX_TAGS, limits.TAG_LENGTH), _list_of_product("tags"), empty=[],
    ),
    Column(
        "highlights", "highlights", f"What speaks for it, in short lines with {SEPARATOR} between them.",
        f"Up to {limits.MAX_HIGHLIGHTS} of {limits.HIGHLIGHT_LENGTH} characters",
        ("Natural dyes|Pre-washed", "", ""),
        cells.texts(limits.MAX_HIGHLIGHTS, limits.HIGHLIGHT_LENGTH), _list_of_product("highlights"), empty=[],
    ),
    Column(
        "hsn", "hsn", "The HSN code for the invoice.", "4, 6 or 8 digits",
        ("6204", "", "8306"), cells.hsn, _of_product("hsn"), empty="",
    ),
    Column(
        "gst_rate", "gst_rate", "GST in percent, contained in the price; 18 for what is new where this is empty.",
        ", ".join(map(rate_text, RATES)), ("5", "", "18"), cells.gst_rate, lambda item: f"{item.product.gst_rate:.2f}",
    ),
    Column(
        "country_of_origin", "country_of_origin", "Where it was made; IN for what is new where this is empty.",
        "The two letters of a country",
        ("IN", "", "IN"), cells.country, _of_product("country_of_origin"),
    ),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
ATTRIBUTE, OPTION = "attr:", "option:"
IGNORED = ("row", "error")  # of a file with errors that comes back mended


def attribute(key: str) -> Column:
    """A fact of the product, such as `attr:Material`."""
    return Column(
        f"{ATTRIBUTE}{key}", "attributes",
        f"A fact of the product: its {key}. Name the column by the fact, and have as many as you need.",
        f"Up to {limits.ATTRIBUTE_LENGTH} characters",
        ("Cotton", "", "Brass"),
        cells.text(limits.ATTRIBUTE_LENGTH), lambda item: str(item.product.attributes.get(key, "")),
        empty="", key=key,
    )  # fmt: skip


def option(key: str) -> Column:
    """What a shopper chooses a variant by, such as `option:Size`."""
    return Column(
        f"{OPTION}{key}", "attributes",
        f"What shoppers choose the variant by: its {key}. Name the column by the choice, and have as many as you need.",
        f"Up to {limits.ATTRIBUTE_LENGTH} characters",
        ("M", "L", ""),
        cells.text(limits.ATTRIBUTE_LENGTH), lambda item: str(item.variant.attributes.get(key, "")),
        is_shared=False, empty="", key=key,
    )  # fmt: skip


DOCUMENTED = (*COLUMNS[:8], option("Size"), *COLUMNS[8:], attribute("Material"))
