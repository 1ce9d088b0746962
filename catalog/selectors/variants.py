"""The variant picker: which links it has for each attribute, given the variant that is chosen now."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Variant

LOW_STOCK = 5  # "only 3 left" from here on, and never above


@dataclass(frozen=True)
class Option:
    """
    One value of an attribute and the variant that a click on it shows.

    With `is_elsewhere` the value does not go with what else is chosen: the variant differs in more than this value.
    """

    value: str
    variant: Variant
    is_current: bool = False
    is_elsewhere: bool = False

    @property
    def is_out(self) -> bool:
        return self.variant.stock == 0


@dataclass(frozen=True)
class OptionGroup:
    name: str
    current: str
    options: list[Option]


def default_variant(variants: Sequence[Variant]) -> Variant | None:
    """The cheapest in stock, else the cheapest: whose price the listing shows."""
    return min(variants, key=lambda variant: (variant.stock == 0, variant.price, variant.pk), default=None)


def option_groups(variants: Sequence[Variant], chosen: Variant | None) -> list[OptionGroup]:
    """One group for each attribute that differs; one of names where the attributes do not tell the variants apart."""
    if chosen is None or len(variants) < 2:
        return []
    # JSON objects have no order of their own: the name says which attribute comes first.
    names = sorted(chosen.attributes, key=lambda name: chosen.name.find(str(chosen.attributes[name])))
    combinations = {str(sorted(variant.attributes.items())) for variant in variants}
    if (
        not names
        or any(sorted(variant.attributes) != sorted(names) for variant in variants)
        or len(combinations) < len(variants)
    ):
        return [_by_name(variants, chosen)]
    return [group for name in names if (group := _by_attribute(name, variants, chosen)) and len(group.options) > 1]


def _by_name(variants: Sequence[Variant], chosen: Variant) -> OptionGroup:
    options = [Option(variant.name or variant.sku, variant, variant == chosen) for variant in variants]
    return OptionGroup("Option", chosen.name or chosen.sku, options)


def _by_attribute(name: str, variants: Sequence[Variant], chosen: Variant) -> OptionGroup:
    options = []
    for value in dict.fromkeys(variant.attributes[name] for variant in variants):
        wanted = {**chosen.attributes, name: value}
        exact = next((variant for variant in variants if variant.attributes == wanted), None)
        nearest = exact or default_variant([variant for variant in variants if variant.attributes[name] == value])
        assert nearest is not None  # noqa: S101 - the value comes from one of them
        options.append(Option(str(value), nearest, nearest == chosen, is_elsewhere=exact is None))
    return OptionGroup(name, str(chosen.attributes[name]), options)
