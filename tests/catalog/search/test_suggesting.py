"""What the search box proposes while somebody types."""

from collections.abc import Callable

import pytest

from catalog.models import PastQuery
from catalog.search import Suggestion, suggest
from catalog.tasks import rebuild_vocabulary
from tests.catalog.search.shelf import make_category, shelve

pytestmark = pytest.mark.django_db
Ready = Callable[[], None]


@pytest.fixture(params=["database", "elasticsearch"])
def ready(request: pytest.FixtureRequest) -> Ready:
    """Makes what there is known to the engine that is to answer."""
    build = request.getfixturevalue("engine") if request.param == "elasticsearch" else lambda: None

    def make_known() -> None:
        rebuild_vocabulary()
        build()

    return make_known


def queries(text: str) -> list[str]:
    return [each.text for each in suggest(text) if each.kind == "query"]


def products(text: str) -> list[str]:
    return [each.text for each in suggest(text) if each.kind == "product"]


def test_a_beginning_becomes_the_words_that_best_sellers_have(ready: Ready) -> None:
    shelve({"title": "Cotton kurta", "units_sold": 5}, "Cotton kurta", "Kurkure snack", "Brass lantern")
    ready()
    assert queries("kur") == ["kurta", "kurkure"]


def test_words_already_typed_must_be_met_as_well(ready: Ready) -> None:
    shelve("Cotton kurta", "Silk kurkure", "Cotton bedsheet")
    ready()
    assert queries("cotton kur") == ["cotton kurta"]
    assert products("cotton kur") == ["Cotton kurta"]


def test_a_shoppers_word_is_completed_and_finds_the_shops_word(ready: Ready) -> None:
    shelve("Turmeric powder")
    ready()
    assert "haldi" in queries("hald")
    assert products("hald") == ["Turmeric powder"]


def test_products_come_best_sellers_first_with_their_address(ready: Ready) -> None:
    shelve(
        {"title": "Brass lantern", "slug": "brass-lantern"},
        {"title": "Clay lantern", "slug": "clay-lantern", "units_sold": 9},
        {"title": "Secret lantern", "slug": "secret-lantern", "is_listed": False},
    )
    ready()
    assert suggest("lant")[-2:] == [
        Suggestion("product", "Clay lantern", "/p/clay-lantern/"),
        Suggestion("product", "Brass lantern", "/p/brass-lantern/"),
    ]


def test_categories_are_found_by_any_of_their_words(ready: Ready) -> None:
    lamps = make_category("Floor Lamps")
    make_category("Lamination")
    make_category("Overlamp")
    ready()
    found = [each for each in suggest("LAM") if each.kind == "category"]
    assert [each.text for each in found] == ["Lamination", "Floor Lamps"]
    assert found[1].url == f"/c/{lamps.slug}/"


def test_there_are_at_most_as_many_as_asked_for(ready: Ready) -> None:
    shelve(*[f"Lantern lamp{n}" for n in range(20)])
    ready()
    assert len(suggest("la")) == 8
    assert len(suggest("la", limit=3)) == 3
    assert suggest("la", limit=-1) == []


@pytest.mark.parametrize("text", ["", "l", "  ", "%", "__", "\\", "zzz", "!!", "l%", "'"])
def test_too_little_or_nonsense_proposes_nothing(text: str, ready: Ready) -> None:
    shelve("Lantern")
    make_category("Lamps")
    ready()
    assert suggest(text) == []


def test_what_others_searched_for_comes_first(ready: Ready) -> None:
    shelve({"title": "Cotton kurta", "units_sold": 5}, "Kurkure snack")
    PastQuery.objects.create(text="kurta for men", searches=9)
    PastQuery.objects.create(text="kurkure", searches=99)
    PastQuery.objects.create(text="kur", searches=999)  # is what was typed
    ready()
    assert queries("Kur") == ["kurkure", "kurta for men", "kurta"]
