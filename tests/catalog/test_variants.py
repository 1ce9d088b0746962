import pytest

from catalog.selectors import default_variant, option_groups
from tests.factories import make_product, make_variant

pytestmark = pytest.mark.django_db


def summary(groups):
    """What a person sees: * chosen, x out of stock, ~ only with other choices."""
    return {group.name: [_marks(option) + option.value for option in group.options] for group in groups}


def _marks(option):
    return "*" * option.is_current + "x" * option.is_out + "~" * option.is_elsewhere


@pytest.fixture
def kurta():
    """Rust comes in M only; indigo L is sold out."""
    product = make_product(price=None)
    for colour, size, stock in (("Indigo", "M", 5), ("Indigo", "L", 0), ("Rust", "M", 5)):
        make_variant(product, attributes={"Colour": colour, "Size": size}, stock=stock)
    return product


def chosen(product, name):
    return product.variants.get(name=name)


def test_each_attribute_is_a_group_in_the_order_of_the_name(kurta):
    groups = option_groups(list(kurta.variants.all()), chosen(kurta, "Indigo / M"))

    assert [group.name for group in groups] == ["Colour", "Size"]
    assert summary(groups) == {"Colour": ["*Indigo", "Rust"], "Size": ["*M", "xL"]}


def test_a_combination_that_does_not_exist_leads_to_the_nearest_that_does(kurta):
    groups = option_groups(list(kurta.variants.all()), chosen(kurta, "Rust / M"))

    assert summary(groups) == {"Colour": ["Indigo", "*Rust"], "Size": ["*M", "x~L"]}
    assert groups[1].options[1].variant == chosen(kurta, "Indigo / L")


def test_an_attribute_that_never_differs_is_no_choice():
    product = make_product(price=None)
    for size in ("S", "M"):
        make_variant(product, attributes={"Colour": "Rust", "Size": size})

    assert summary(option_groups(list(product.variants.all()), product.variants.first())) == {"Size": ["*S", "M"]}


def test_variants_that_attributes_do_not_tell_apart_go_by_name():
    product = make_product(price=None)
    make_variant(product, name="Small box", attributes={"Size": "S"})
    make_variant(product, name="Gift box", attributes={})

    groups = option_groups(list(product.variants.all()), product.variants.first())
    assert summary(groups) == {"Option": ["*Small box", "Gift box"]}


def test_a_single_variant_is_no_choice():
    product = make_product()

    assert option_groups(list(product.variants.all()), product.variants.first()) == []


def test_the_default_is_the_cheapest_in_stock():
    product = make_product(price=None)
    make_variant(product, name="cheap but gone", price=100, stock=0)
    wanted = make_variant(product, name="in stock", price=200)
    make_variant(product, name="dear", price=300)

    assert default_variant(list(product.variants.all())) == wanted
    assert default_variant([]) is None
