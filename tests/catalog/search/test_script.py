import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search import SearchRequest, find
from catalog.search.script import romanised
from catalog.tasks import rebuild_vocabulary
from tests.catalog.search.shelf import shelve


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("चावल", "chaval"),
        ("चप्पल", "chappal"),
        ("बिजली", "bijli"),
        ("पतंग", "patang"),
        ("कंबल", "kambal"),
        ("कपड़ा", "kapda"),
        ("सरसों", "sarson"),
        ("लड़की", "ladki"),
        ("ज्ञान", "gyan"),
        ("टॉर्च", "torch"),
        ("मूंगफली", "mungphali"),
        ("न", "na"),
    ],
)
def test_hindi_words_are_spelled_as_people_type_them(word: str, typed: str) -> None:
    assert romanised(word)[0] == typed


@pytest.mark.parametrize("word", ["kurti", "5kg", "குர்தி", "上衣", "", "्", "।"])
def test_what_is_not_in_devanagari_has_no_other_spelling(word: str) -> None:
    assert romanised(word) == ()


@given(st.text(st.characters(min_codepoint=0x900, max_codepoint=0x97F), max_size=20))
def test_any_text_is_spelled_in_small_latin_letters_or_not_at_all(word: str) -> None:
    assert all(way.isascii() and way.isalnum() and way == way.lower() for way in romanised(word))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "read_as", "title"),
    [
        ("कुंदन", "", "Kundan necklace"),
        ("ब्लूटूथ स्पीकर", "bluetooth speaker", "Bluetooth speaker, 20 W"),
        ("पावर बैंक", "power bank", "Power bank"),
        ("क्रिकेट बैट", "cricket bat", "Cricket bat"),
    ],
)
def test_words_that_no_line_of_synonyms_has_find_what_sounds_like_them(text: str, read_as: str, title: str) -> None:
    wanted, _ = shelve(title, "Cotton spike heels with bangle box in a pair")
    rebuild_vocabulary()
    result = find(SearchRequest(text=text))
    assert (result.product_ids[0], result.suggestion) == (wanted.pk, read_as)
