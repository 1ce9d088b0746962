"""
What the rows of a file come to, given the products that are there. Nothing is written here, so a dry run is a plan
that nobody carries out.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from accounts.models import SellerProfile
from catalog.csv.cells import NOTHING, BadCell
from catalog.csv.columns import ATTRIBUTE, COLUMNS, HANDLE, Categories, Column, Item
from catalog.csv.files import Line, Survey
from catalog.limits import MAX_ATTRIBUTES, MAX_VARIANTS
from catalog.models import ImportProblem, Product, Variant
from catalog.services.listing import ProductBlocked, new_address, refuse_blocked
from catalog.services.variants import BadOffer, Offer, as_offered

PRODUCT_FIELDS = (
    "title", "description", "category_id", "brand", "status", "tags", "highlights", "hsn", "gst_rate",
    "country_of_origin", "attributes",
)  # fmt: skip
VARIANT_FIELDS = ("name", "attributes", "price", "mrp", "is_active")


@dataclass
class Shelf:
    """A product with all its variants, withdrawn ones included, in the state that the rows read so far ask for."""

    product: Product
    variants: dict[str, Variant]  # by SKU
    counted: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Shelf":
        variants = {sku: copy(variant) for sku, variant in self.variants.items()}
        return Shelf(copy(self.product), variants, dict(self.counted))

    @property
    def is_new(self) -> bool:
        return self.product.pk is None


@dataclass
class Plan:
    """What is to be written, and what becomes of the rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    problems: list[ImportProblem] = field(default_factory=list)
    before: dict[int, Shelf] = field(default_factory=dict)  # by the product's id
    after: list[Shelf] = field(default_factory=list)


class Planner:
    """Takes the rows of one product after the other: all of them, or none."""

    def __init__(
        self, *, seller: SellerProfile, shelves: Iterable[Shelf], survey: Survey, categories: Categories
    ) -> None:
        self.seller, self.survey, self.categories = seller, survey, categories
        self.plan = Plan(before={shelf.product.pk: shelf for shelf in shelves})
        self.now = dict(self.plan.before)
        self.by_slug = {shelf.product.slug: pk for pk, shelf in self.now.items()}
        self.by_sku = {sku: pk for pk, shelf in self.now.items() for sku in shelf.variants}
        self.new: list[Shelf] = []

    def take(self, lines: Sequence[Line]) -> None:
        group = _Group(self, lines)
        group.read()
        if group.problems:
            wrong = {problem.row for problem in group.problems}
            why = f"Nothing of this product was imported, for row {min(wrong)} is wrong."
            self.plan.problems += group.problems
            self.plan.problems += [ImportProblem(row=ln.number, message=why) for ln in lines if ln.number not in wrong]
            self.plan.failed += len(lines)
            return
        if group.shelf.is_new:
            group.shelf.product.slug = new_address(group.shelf.product.title)
            self.new.append(group.shelf)
        elif group.created or group.changed:
            self.now[group.shelf.product.pk] = group.shelf
        self.plan.created += len(group.created)
        self.plan.updated += len(group.changed - group.created)
        self.plan.unchanged += len(lines) - len(group.created | group.changed)

    def finished(self) -> Plan:
        changed = [shelf for pk, shelf in self.now.items() if shelf is not self.plan.before[pk]]
        self.plan.after = changed + self.new
        return self.plan


class _Group:
    """The rows of one product."""

    def __init__(self, planner: Planner, lines: Sequence[Line]) -> None:
        self.planner, self.lines = planner, lines
        self.problems: list[ImportProblem] = []
        self.created: set[int] = set()  # numbers of rows
        self.changed: set[int] = set()
        self.shelf = self._found() or Shelf(Product(seller=planner.seller), {})

    def _found(self) -> Shelf | None:
        pk = self.planner.by_slug.get(self.lines[0].handle)
        known = (self.planner.by_sku[line.sku] for line in self.lines if line.sku in self.planner.by_sku)
        pk = next(known, None) if pk is None else pk
        return None if pk is None else self.planner.now[pk].copy()

    def read(self) -> None:
        lines = [line for line in self.lines if self._is_clear(line)]
        self._read_shared(lines)
        for line in lines:
            self._read_variant(line)
        self._refuse_twins(lines)

    # --- rows

    def _is_clear(self, line: Line) -> bool:
        """Whether it is known which variant the row is about."""
        first = self.planner.survey.skus.get(line.sku, line.number)
        owner = self.planner.by_sku.get(line.sku)
        start = self.planner.survey.handles.get(line.handle, self.lines[0].number)
        if line.surplus:
            self._refuse(line, None, "There is a cell more than there are columns.", line.surplus)
        elif not line.sku:
            self._refuse(line, "sku", "Each row needs a SKU.")
        elif first != line.number:
            self._refuse(line, "sku", f"This SKU is in row {first} already.", line.sku)
        elif owner is not None and owner != self.shelf.product.pk:
            slug = self.planner.now[owner].product.slug
            self._refuse(line, "product", f"This SKU belongs to another product of yours, {slug}.", line.handle)
        elif owner is None and start < self.lines[0].number:
            message = f"Rows of one product stand one after another. Its first is row {start}, others are in between."
            self._refuse(line, "product", message, line.handle)
        else:
            return True
        return False

    def _read_shared(self, lines: Sequence[Line]) -> None:
        said: dict[Column, Line] = {}
        for line in lines:
            for column, cell in line.cells.items():
                if not column.is_shared:
                    continue
                first = said.setdefault(column, line)
                if first is line:
                    self._set_shared(line, column, cell)
                elif first.cells[column] != cell:
                    self._refuse(line, column.name, f"Row {first.number} of the same product says otherwise.", cell)
        for column in COLUMNS if self.shelf.is_new and lines else ():
            if column.is_shared and column.is_needed and column not in said:
                self._refuse(lines[0], column.name, f"A new product needs a {column.name}.")
        if len(self.shelf.product.attributes) > MAX_ATTRIBUTES and self.changed:
            self._refuse(lines[0], ATTRIBUTE, f"A product has at most {MAX_ATTRIBUTES} attributes.")

    def _set_shared(self, line: Line, column: Column, cell: str) -> None:
        product = self.shelf.product
        value = self._value(line, column, cell, None)
        if value is None:
            return
        if column.key:
            value = _with(product.attributes, column.key, value)
        if getattr(product, column.field) == value:
            return
        if column.field == "status":
            try:
                refuse_blocked(product, value)
            except ProductBlocked as error:
                self._refuse(line, column.name, str(error), cell)
                return
        setattr(product, column.field, value)
        self.changed.add(line.number)

    def _read_variant(self, line: Line) -> None:
        variant = self.shelf.variants.get(line.sku)
        is_new = variant is None
        if variant is None:
            if len(self.shelf.variants) >= MAX_VARIANTS:
                self._refuse(line, "sku", f"A product has at most {MAX_VARIANTS} variants.", line.sku)
                return
            variant = Variant(product=self.shelf.product, seller_id=self.planner.seller.pk, sku=line.sku)
        variant.attributes = _in_order(variant)
        wrong = len(self.problems)
        offer = self._offer(line, variant, is_new=is_new)
        if len(self.problems) > wrong:
            return
        before = None if is_new else copy(variant)
        position = 1 + max((each.position for each in self.shelf.variants.values()), default=-1)
        try:
            as_offered(variant, offer, position if is_new else variant.position)
        except BadOffer as error:
            column = error.field or ""
            named = next((cell for each, cell in line.cells.items() if each.name == column), "")
            self._refuse(line, column, str(error), named)
            return
        self.shelf.variants[line.sku] = variant
        if is_new:
            self.created.add(line.number)
            return
        if offer.stock not in (None, variant.stock):
            self.shelf.counted[line.sku] = offer.stock
            self.changed.add(line.number)
        if any(getattr(variant, name) != getattr(before, name) for name in VARIANT_FIELDS):
            self.changed.add(line.number)

    def _offer(self, line: Line, variant: Variant, *, is_new: bool) -> Offer:
        fields: dict[str, Any] = {}
        for column, cell in line.cells.items():
            if column.is_shared or column is HANDLE:
                continue
            value = self._value(line, column, cell, None if is_new else variant)
            if value is None:
                continue
            if column.key:
                value = _with(fields.get("attributes", variant.attributes), column.key, value)
            fields[column.field] = value
        return Offer(**{**fields, "sku": line.sku})

    def _refuse_twins(self, lines: Sequence[Line]) -> None:
        """Refuse two variants of the same name, and variants with too many options."""
        ours = {line.sku for line in lines}
        names = {variant.name for sku, variant in self.shelf.variants.items() if sku not in ours}
        for line in lines:
            variant = self.shelf.variants.get(line.sku)
            if variant is None:
                continue
            if variant.name in names:
                message = "Another variant of this product has the same name. Give them names, or options, that differ."
                self._refuse(line, "variant", message, variant.name)
            names.add(variant.name)
            if len(variant.attributes) > MAX_ATTRIBUTES:
                self._refuse(line, "", f"A variant has at most {MAX_ATTRIBUTES} options.")

    # --- cells

    def _value(self, line: Line, column: Column, cell: str, variant: Variant | None) -> Any:
        """The value of a cell; None if it changes nothing, or cannot be read, which is noted as a problem."""
        is_there = not self.shelf.is_new if column.is_shared else variant is not None
        shown = Item(self.shelf.product, variant or Variant(), self.planner.categories)
        if is_there and _plain(cell) == _plain(column.show(shown)):
            return None
        if cell == NOTHING and column.empty is not None:
            return column.empty
        try:
            return self.planner.categories.find(cell) if column.field == "category_id" else column.read(cell)
        except BadCell as error:
            self._refuse(line, column.name, str(error), cell)
            return None

    def _refuse(self, line: Line, column: str | None, message: str, value: str = "") -> None:
        self.problems.append(
            ImportProblem(row=line.number, column=(column or "")[:60], value=value[:100], message=message[:300])
        )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _with(attributes: dict[str, Any], key: str, value: str) -> dict[str, Any]:
    """An empty value takes it away."""
    changed = {**attributes, key: value}
    if not value:
        del changed[key]
    return changed


def _in_order(variant: Variant) -> dict[str, Any]:
    """JSON objects have no order of their own: the name says which option comes first."""
    order = sorted(variant.attributes, key=lambda key: variant.name.find(str(variant.attributes[key])))
    return {key: variant.attributes[key] for key in order}
