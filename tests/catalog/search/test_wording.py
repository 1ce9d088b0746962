from collections import Counter

import pytest

from catalog.search.synonyms import FILE, Synonyms
from catalog.search.text import clean_text, words
from catalog.search.wording import MAX_WAYS, ways_to_say, wording


def of_the_file() -> Synonyms:
    return Synonyms(iter(FILE.read_text(encoding="utf-8").splitlines()))


def ways(text: str, *lines: str) -> list[set[str]]:
    return [{*part.ways} for part in ways_to_say(words(text), Synonyms(iter(lines)))]


def test_synonyms_stand_in_for_one_another() -> None:
    assert ways("haldi", "turmeric, haldi") == [{"haldi", "turmeric"}]


def test_plurals_find_the_rule_of_the_singular() -> None:
    assert ways("onions", "onion, pyaz") == [{"onions", "onion", "pyaz"}]


def test_a_word_for_several_may_stand_in_the_place_of_each() -> None:
    assert ways("fresh lady finger", "okra, lady finger") == [
        {"fresh"},
        {"lady", "okra", "lady finger"},
        {"finger", "okra", "lady finger"},
    ]


def test_an_arrow_replaces_the_left_side() -> None:
    assert ways("t shirt", "t shirt => t-shirt, tee") == [{"t-shirt", "tee"}, {"t-shirt", "tee"}]
    assert ways("tee", "t shirt => t-shirt, tee") == [{"tee"}]


def test_comments_and_empty_lines_say_nothing() -> None:
    assert ways("haldi", "# haldi, salt", "", "haldi, turmeric # a spice") == [{"haldi", "turmeric"}]


@pytest.mark.parametrize("text", ["5kg", "5 kg", "5 Kg.", "5-kg"])
def test_a_measure_is_one_word_however_it_is_written(text: str) -> None:
    (found,) = ways(text, "kg, kilo")
    assert found == {"5kg", "5 kg", "5kilo", "5 kilo"}


def test_words_may_be_written_apart_or_as_one() -> None:
    assert "phonecase" in ways_to_say(("phone", "case"), Synonyms(iter(())))[0].joined
    assert ways("face-wash") == [{"face-wash", "face wash", "facewash"}]
    assert ways("iphone15") == [{"iphone15", "iphone 15"}]
    assert ways("t-shirt") == [{"t-shirt", "tshirt"}], "a shirt is not a t-shirt"


@pytest.mark.django_db
def test_stop_words_fall_away() -> None:
    assert len(wording("shoes for the men").parts) == 2
    assert wording("for the").parts == ()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a&b|!c:*", "'); --", '"quoted" <-> \\', "(((", "%s %(x)s {0}", ":* & !"])
def test_operators_are_only_characters(text: str) -> None:
    assert "!" not in wording(clean_text(text)).every
    assert ":*" not in wording(clean_text(text)).every


def test_the_file_is_in_the_form_that_elasticsearch_reads() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert len(lines) > 300
    for line in lines:
        assert line.count("=>") <= 1, line
        assert line == line.lower(), line
        for side in line.split("=>"):
            phrases = [phrase.strip() for phrase in side.split(",")]
            assert all(phrases), line
            assert [phrase for phrase, times in Counter(phrases).items() if times > 1] == [], line
        assert "=>" in line or "," in line, line
    assert [line for line, times in Counter(lines).items() if times > 1] == []


def test_no_word_of_the_file_has_more_ways_than_are_asked_for() -> None:
    synonyms = of_the_file()
    for word in synonyms.words:
        (part,) = ways_to_say((word,), synonyms)
        assert len(part.ways) < MAX_WAYS, word


def test_words_that_a_shopper_would_send_back_stay_apart() -> None:
    said = {word: {*of_the_file().of_word(word)} for word in ("kurta", "kurti", "shirt", "shoes", "men", "women")}
    assert "kurti" not in said["kurta"]
    assert "kurta" not in said["kurti"]
    assert "t-shirt" not in said["shirt"]
    assert said["men"].isdisjoint(said["women"])
