"""
The form of a whole product. Its own buttons add rows and take them away, on the server: what was typed stays as it was
typed, and nothing is looked at before it is to be saved.
"""

import re
from collections.abc import Mapping
from itertools import product as combinations
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from catalog.models import Product
from catalog.seller_forms.product import AttributeForm, OptionForm, PicturesForm, ProductForm, VariantForm
from catalog.services import Offer, VariantChanged, edition_of
from pymart.common.errors import DomainError

OPTIONS = 2  # that are offered; a product that came by the API may differ in more
MOST = {"attributes": 30, "options": 10, "variants": 100}

Row = dict[str, Any]
Rows = dict[str, list[Row]]


class Difference(NamedTuple):
    label: str
    stored: str
    typed: str


class Editor:
    """
    A product as forms: `form` for its own facts, lists of forms for `attributes`, `options` and `variants`, and
    `pictures` where it is new.
    """

    def __init__(
        self,
        facts: Mapping[str, Any],
        rows: Rows,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
        product: Product | None = None,
    ) -> None:
        self.product = product
        self.data = data
        self.rows = rows
        self.notes: list[str] = []
        self.is_outdated = False
        self.differences: list[Difference] = []
        known_rate = product.gst_rate if product else None
        self.form = ProductForm(data, initial=dict(facts), known_rate=known_rate)
        self.pictures = PicturesForm(data, files)
        self.has_files = bool(files)
        self.option_names = [str(row.get("name") or "").strip() for row in rows["options"]]
        self.attributes = self._forms("attributes", AttributeForm)
        self.options = self._forms("options", OptionForm)
        self.variants = self._forms("variants", VariantForm, options=self.option_names)

    def _forms(self, name: str, kind: type[forms.Form], **more: Any) -> list[Any]:
        common = {"empty_permitted": True, "use_required_attribute": False, **more}
        return [
            kind(self.data, prefix=f"{name}-{number}", initial=None if self.data is not None else row, **common)
            for number, row in enumerate(self.rows[name])
        ]

    @classmethod
    def blank(cls) -> "Editor":
        return cls({}, {"attributes": [{}], "options": [{}] * OPTIONS, "variants": [{}]})

    @classmethod
    def of(cls, product: Product) -> "Editor":
        facts = {name: getattr(product, name) for name in (*ProductForm.FACTS, "status") if name != "gst_rate"}
        facts |= {"category": product.category_id, "seen": edition_of(product)}
        return cls(facts, _rows_of(product), product=product)

    @classmethod
    def posted(cls, data: QueryDict, files: MultiValueDict | None = None, product: Product | None = None) -> "Editor":
        """To be looked at and saved."""
        data = data.copy()
        return cls({}, _rows_posted(data), data, files, product)

    @classmethod
    def stepped(cls, data: QueryDict, step: str, product: Product | None = None) -> "Editor":
        """What was posted with a row more or less, or with the combinations of the options; nothing is looked at."""
        rows = _rows_posted(data)
        note = _take(step, rows)
        editor = cls({name: data.get(name) for name in ProductForm.base_fields}, rows, product=product)
        editor.notes = [note] if note else []
        added = step.removeprefix("add-")
        if added in MOST and not note:
            first = next(field for field in getattr(editor, added)[-1] if not field.is_hidden)
            first.field.widget.attrs["autofocus"] = True
        return editor

    # --- looking at it

    @property
    def parts(self) -> list[forms.Form]:
        return [self.form, self.pictures, *self.attributes, *self.options, *self.variants]

    def is_valid(self) -> bool:
        for part in self.parts:
            part.full_clean()
        self._refuse_unclear_options()
        self._refuse_twice(self.attributes)
        return not any(part.errors for part in self.parts)

    def _refuse_unclear_options(self) -> None:
        self._refuse_twice(self.options)
        for number, name in enumerate(self.option_names):
            if not name and any(row.get(f"value_{number}") for row in self.rows["variants"]):
                self.options[number].add_error("name", "Name this option: variants have values for it.")

    @staticmethod
    def _refuse_twice(parts: list[Any]) -> None:
        names: set[str] = set()
        for part in parts:
            name = part.cleaned_data.get("name") if part.is_valid() else None
            if name and name in names:
                part.add_error("name", f"“{name}” is there twice.")
            names.add(name)

    @property
    def facts(self) -> dict[str, Any]:
        facts = {name: self.form.cleaned_data[name] for name in ProductForm.FACTS}
        facts["attributes"] = {
            part.cleaned_data["name"]: part.cleaned_data["value"] for part in self.attributes if part.has_changed()
        }
        return facts

    @property
    def offers(self) -> list[Offer]:
        """One for each row that is filled in."""
        return [_offer(part, number) for number, part in enumerate(self.variants) if part.has_changed()]

    def _picture_name(self, field: str) -> str:
        """Which of the chosen files `images.1` is, to begin a sentence with."""
        number = field.removeprefix("images.")
        files = self.pictures.cleaned_data.get("images") or []
        return f"{files[int(number)].name}: " if number.isdecimal() and int(number) < len(files) else ""

    def refuse(self, error: DomainError) -> None:
        """What the services have to say against it, at the field that they name."""
        place = re.fullmatch(r"variants\.(\d+)\.(\w+)", error.field or "")
        if place and int(place[1]) < len(self.variants):
            part = self.variants[int(place[1])]
            named = {"name": next((name for name in part.fields if name.startswith("value_")), "sku")}
            field = named.get(place[2], place[2])
            part.add_error(field if field in part.fields and field != "id" else None, str(error))
            if isinstance(error, VariantChanged):
                self.data[f"{part.prefix}-{field}_was"] = str(error.value)  # type: ignore[index]  # it is bound
        elif (error.field or "").startswith("images"):
            self.pictures.add_error("images", f"{self._picture_name(error.field or '')}{error}")
        else:
            self.form.add_error(error.field if error.field in self.form.fields else None, str(error))

    @property
    def problems(self) -> list[dict[str, Any]]:
        """For the summary on top."""
        found = []
        for part in self.parts:
            where = f"{part.title}: " if isinstance(part, VariantForm) else ""
            found += [
                {"target": field.id_for_label, "label": f"{where}{field.label}", "errors": field.errors}
                for field in part
                if part.is_bound and field.errors
            ]
        return found

    @property
    def has_problems(self) -> bool:
        return bool(self.problems or self.other_problems)

    @property
    def lost_pictures(self) -> bool:
        """Whether pictures were chosen that the page cannot show again: a browser fills in no files."""
        return self.has_files and self.has_problems

    @property
    def has_options(self) -> bool:
        return any(part["name"].value() or part["values"].value() for part in self.options)

    @property
    def other_problems(self) -> list[str]:
        return [str(text) for part in self.parts if part.is_bound for text in part.non_field_errors()]

    # --- when somebody else was quicker

    def compare(self, product: Product) -> None:
        """Say what is stored now where that is not what was typed; to save it again is then meant."""
        stored = Editor.of(product)
        self.is_outdated = True
        self.data["seen"] = edition_of(product)  # type: ignore[index]  # it is bound
        self.differences = [
            Difference(field.label, shown, typed)
            for field in self.form
            if field.name != "seen" and (shown := _shown(stored.form[field.name])) != (typed := _shown(field))
        ]
        if (shown := _listed(stored.rows["attributes"])) != (typed := _listed(self.rows["attributes"])):
            self.differences.append(Difference("Details", shown, typed))
        ours = {str(row.get("id") or ""): part for row, part in zip(self.rows["variants"], self.variants, strict=True)}
        for part in stored.variants:
            mine = ours.get(str(part.initial["id"]))
            if mine is None:
                self.differences.append(Difference(part.title, "is there", "would be taken off sale"))
                continue
            self.differences += [
                Difference(f"{part.title}: {field.label}", shown, typed)
                for field in part
                if not field.is_hidden
                and field.name in mine.fields
                and field.name != "stock"
                and (shown := _shown(field)) != (typed := _shown(mine[field.name]))
            ]


def _offer(part: VariantForm, number: int) -> Offer:
    data = part.cleaned_data
    is_counted = data["id"] is None or data["stock"] != data["stock_was"]
    return Offer(
        id=data["id"],
        attributes=part.attributes,
        sku=data["sku"] or None,
        price=data["price"],
        mrp=data["mrp"] or data["price"],
        stock=data["stock"] if is_counted else None,
        is_active=data["is_active"],
        seen={"stock": data["stock_was"]} if is_counted and data["stock_was"] is not None else {},
        place=f"variants.{number}",
    )


def _rows_of(product: Product) -> Rows:
    variants = sorted(product.variants.all(), key=lambda variant: (not variant.is_active, variant.position, variant.pk))
    names: dict[str, list[str]] = {}
    for variant in variants:
        # JSON objects have no order of their own: the name says which attribute comes first.
        for name in sorted(variant.attributes, key=lambda name: variant.name.find(str(variant.attributes[name]))):
            names.setdefault(name, []).append(str(variant.attributes[name]))
    options: list[Row] = [{"name": name, "values": ", ".join(dict.fromkeys(values))} for name, values in names.items()]
    return {
        "attributes": [{"name": name, "value": value} for name, value in product.attributes.items()] or [{}],
        "options": options + [{}] * (OPTIONS - len(options)),
        "variants": [
            {
                **{name: getattr(variant, name) for name in ("id", "sku", "price", "mrp", "stock", "is_active")},
                **{f"value_{number}": variant.attributes.get(name, "") for number, name in enumerate(names)},
                "stock_was": variant.stock,
                "name": variant.name,
            }
            for variant in variants
        ]
        or [{}],
    }


def _rows_posted(data: QueryDict) -> Rows:
    """As they were typed."""
    return {name: [_row_posted(data, f"{name}-{number}-") for number in range(_count(data, name))] for name in MOST}


def _count(data: QueryDict, name: str) -> int:
    count = data.get(f"{name}-count", "")
    return min(int(count), MOST[name]) if count.isascii() and count.isdecimal() and len(count) < 5 else 0


def _row_posted(data: QueryDict, prefix: str) -> Row:
    row = {name.removeprefix(prefix): data[name] for name in data if name.startswith(prefix)}
    return {**row, "is_active": "is_active" in row}  # a box that is not ticked is not sent


def _take(step: str, rows: Rows) -> str:
    """Change the rows; answers what there is to say about it."""
    match step.split("-"):
        case ["add", kind] if kind in MOST:
            if len(rows[kind]) >= MOST[kind]:
                return f"More than {MOST[kind]} are not possible."
            rows[kind].append({"is_active": True} if kind == "variants" else {})
        case ["remove", kind, number] if kind in MOST and number.isdecimal() and int(number) < len(rows[kind]):
            del rows[kind][int(number)]
        case ["combine"]:
            return _combine(rows)
    return ""


def _combine(rows: Rows) -> str:
    """Add a variant for each combination of the options' values that has none; prices are those of the last row."""
    options = {
        number: list(dict.fromkeys(filter(None, (value.strip() for value in (row.get("values") or "").split(",")))))
        for number, row in enumerate(rows["options"])
        if (row.get("name") or "").strip()
    }
    options = {number: values for number, values in options.items() if values}
    if not options:
        return "Name an option, such as Colour, and list its values: Red, Blue."
    keys = [f"value_{number}" for number in options]
    wanted = [dict(zip(keys, values, strict=True)) for values in combinations(*options.values())]
    there = [tuple((row.get(key) or "").strip() for key in keys) for row in rows["variants"]]
    missing = [values for values in wanted if tuple(values.values()) not in there]
    variants = rows["variants"]
    if len(variants) == 1 and not any(there[0]) and missing:
        variants[0].update(missing.pop(0))  # what was the whole product is now the first of them
    if len(variants) + len(missing) > MOST["variants"]:
        return f"These are {len(wanted)} combinations. A product has at most {MOST['variants']} variants."
    like = {name: variants[-1].get(name) for name in ("price", "mrp")} if variants else {}
    variants += [{**like, **values, "is_active": True} for values in missing]
    return f"{len(missing)} added." if missing else "They are all there."


def _shown(field: forms.BoundField) -> str:
    """As the field shows it, in words."""
    value = field.value()
    value = "" if value is None else value
    choices = dict(getattr(field.field, "choices", ()))
    by_text = {str(key): str(label).strip() for key, label in choices.items()}
    if isinstance(field.field, forms.BooleanField):
        return "yes" if value not in ("", False) else "no"
    return by_text.get(str(value), str(value).replace("\r\n", "\n").strip())


def _listed(rows: list[Row]) -> str:
    return ", ".join(f"{row['name']}: {row.get('value', '')}" for row in rows if row.get("name"))
