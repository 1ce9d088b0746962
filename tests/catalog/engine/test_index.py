"""The index as the engine understands it: its mapping, and how it takes texts apart."""

import pytest

from catalog.search.elastic import mapping
from catalog.search.elastic.client import writer
from catalog.search.elastic.documents import documents
from catalog.search.elastic.indexed import IndexedProduct
from catalog.search.elastic.sync import aliases, live_alias
from tests.catalog.search.shelf import make_category, shelve

pytestmark = pytest.mark.django_db


def words(text: str, analyzer: str) -> set[str]:
    answer = writer().indices.analyze(index=live_alias(), text=text, analyzer=analyzer)
    return {token["token"] for token in answer["tokens"]}


def test_the_engine_takes_the_mapping_as_it_is_written(engine):
    engine()
    answer = writer().indices.get_mapping(index=live_alias())[aliases(writer())[live_alias()]]["mappings"]
    assert answer["properties"].keys() == mapping.PROPERTIES.keys()
    assert answer["dynamic"] == "strict"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("T-Shirts", {"t-shirts", "t", "shirt", "tshirt"}),
        ("5kg", {"5kg", "5", "kg"}),
        ("1.5kg rice", {"1.5kg", "1.5", "kg", "rice"}),
        ("Women's kurtīs", {"women", "kurti"}),
        ("red/blue, dr.reddy", {"red", "blue", "dr", "reddy"}),
        ("कुर्ती", {"कुर्ती"}),
    ],
)
def test_words_are_taken_apart_for_the_index(engine, text, stored):
    engine()
    found = words(text, "stored")
    assert stored <= found, found
    assert not any("." in word and word[0].isalpha() for word in found)


def test_what_is_asked_for_is_not_taken_apart_again(engine):
    engine()
    assert words("t-shirt", "asked") == {"t-shirt"}
    assert words("Shirts", "asked") == words("shirt", "asked")


def test_a_document_has_all_that_the_mapping_has(engine):
    parent = make_category("Clothes")
    (product,) = shelve(
        {
            "title": "Cotton kurta \x01",
            "category": make_category("Kurtas", parent),
            "tags": ["new"],
            "price": "499.50",
            "rating_average": "4.25",
        }
    )
    engine()
    found = writer().get(index=live_alias(), id=str(product.pk))["_source"]
    assert found == documents([product.pk])[product.pk]
    assert {*found, "all"} == mapping.PROPERTIES.keys()
    assert (found["price"], found["rating_average"], found["category"]) == (49950, 425, ["Clothes", "Kurtas"])


def test_documents_take_as_many_statements_for_many_products_as_for_one(django_assert_num_queries):
    few, many = shelve("Lamp"), shelve(*["Lamp"] * 30)
    for products in (few, many):
        with django_assert_num_queries(2):
            assert len(documents([product.pk for product in products])) == len(products)


def test_the_index_can_be_read_by_hand(engine):
    lamp, _ = shelve({"title": "Brass lamp", "brand": "Diya"}, {"title": "Lamp of clay", "brand": "Kumbh"})
    engine()
    found = IndexedProduct.search().query("match", title="lamp").filter("term", **{"brand.exact": "Diya"})
    assert list(found.to_queryset()) == [lamp]
    assert [hit.title for hit in found] == ["Brass lamp"]
