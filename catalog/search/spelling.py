"""Words that no product has, read as words that products have."""

import re
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from psycopg.sql import SQL, Literal

from catalog.models import APART
from catalog.search.conditions import rows
from catalog.search.script import romanised
from catalog.search.synonyms import synonyms
from catalog.search.text import words
from catalog.search.wording import FILLERS

SHORTEST = 3
FARTHEST = 2  # letters; …
FARTHEST_SAME_SOUND = 4  # … for a word from another script that sounds the same: `spikar` is a `speaker`
SIMILAR = 0.25  # share of trigrams in common, of which a slip in the middle of a short word leaves few
FAR_RARER = 50  # times: then even a word that exists is taken for a slip
CANDIDATES = 12  # for each word
BONUS = 1.5  # letters
_LETTERS = re.compile(r"[^\W\d_]+")

# The best word: few letters away (two neighbours exchanged are one slip), in many products, alike in its trigrams.
_NEAREST = SQL(
    "SELECT asked.word, nearest.word, nearest.distance, nearest.badness, %(farthest)s > 2, nearest.sounds_same "
    "FROM unnest(%(words)s::text[]) AS asked(word) "
    "LEFT JOIN catalog_searchword known ON known.word = asked.word "
    "CROSS JOIN LATERAL (SELECT ARRAY("
    "SELECT overlay(asked.word PLACING reverse(substr(asked.word, at, 2)) FROM at FOR 2) "
    "FROM generate_series(1, length(asked.word) - 1) AS at"
    ")::varchar[] AS words) AS exchanged "
    "CROSS JOIN LATERAL ("
    "SELECT candidate.word, slips.distance, slips.distance - 0.3 * ln(candidate.documents + 1) "
    "- similarity(candidate.word, asked.word) - 0.5 * slips.sounds_same::int AS badness, slips.sounds_same "
    "FROM catalog_searchword candidate CROSS JOIN LATERAL ("
    "SELECT CASE WHEN candidate.word = ANY(exchanged.words) THEN 1 "
    "ELSE levenshtein_less_equal(candidate.word, asked.word, %(farthest)s) END AS distance, "
    "dmetaphone(candidate.word) = dmetaphone(asked.word) "
    "AND (%(farthest)s > 2 OR left(candidate.word, 1) = left(asked.word, 1)) AS sounds_same"
    ") AS slips "
    "WHERE (candidate.word %% asked.word OR candidate.word = ANY(exchanged.words) "
    "OR dmetaphone(candidate.word) = dmetaphone(asked.word)) "
    "AND candidate.documents > %(rarer)s * coalesce(known.documents, 0) AND length(candidate.word) >= %(shortest)s "
    "AND slips.distance <= CASE WHEN slips.sounds_same OR %(farthest)s > 2 THEN %(farthest)s "
    "WHEN length(asked.word) < 6 THEN 1 ELSE 2 END "
    "ORDER BY badness, candidate.word LIMIT %(candidates)s"
    ") AS nearest"
)


class _Near(NamedTuple):
    asked: str
    word: str
    distance: int
    badness: float
    is_foreign: bool
    sounds_same: bool

    @property
    def has_same_consonants(self) -> bool:
        return _consonants(self.word) == _consonants(self.asked)

    @property
    def is_likely(self) -> bool:
        return self.distance <= FARTHEST or self.sounds_same or self.has_same_consonants

    def badness_among(self, before: Sequence[str], after: Sequence[str]) -> float:
        """Less for what makes a phrase with its neighbours (`tooth pest`), or is the same but for the vowels."""
        pairs = [pair for pair in ((*before, self.word), (self.word, *after)) if len(pair) == 2]
        makes_phrase = any(map(synonyms().has, pairs))
        return self.badness - BONUS * makes_phrase - BONUS * (self.is_foreign and self.has_same_consonants)


def _consonants(word: str) -> str:
    for said, alike in (("ph", "f"), ("sh", "s"), ("c", "k"), ("v", "w")):
        word = word.replace(said, alike)
    return re.sub(r"[aeiouy]|(.)(?=\1)", "", word)


_KNOWN = SQL("SELECT word, documents FROM catalog_searchword WHERE word = ANY(%(words)s::varchar[])")

_STAND_TOGETHER = SQL(
    "SELECT phrase FROM unnest(%(phrases)s::text[]) AS phrase WHERE EXISTS ("
    "SELECT FROM catalog_product p WHERE p.is_listed AND p.search @@ phraseto_tsquery('english', phrase))"
)

# Counted in one pass; only what changed is written, and readers see the old words until it is.
_REBUILD = SQL(
    "WITH counted AS MATERIALIZED ("
    "SELECT word, max(documents)::int AS documents FROM ("
    "SELECT word, ndoc AS documents FROM ts_stat({titles}) "
    "WHERE length(word) BETWEEN 2 AND 60 AND word ~ '^[[:alpha:]][[:alnum:]-]*$' "
    "UNION ALL SELECT unnest(%(synonyms)s::text[]), 1"
    ") AS words GROUP BY word"
    "), gone AS ("
    "DELETE FROM catalog_searchword w WHERE NOT EXISTS (SELECT FROM counted c WHERE c.word = w.word)"
    "), written AS ("
    "INSERT INTO catalog_searchword (word, documents) SELECT word, documents FROM counted "
    "ON CONFLICT (word) DO UPDATE SET documents = excluded.documents "
    "WHERE catalog_searchword.documents <> excluded.documents"
    ") SELECT count(*) FROM counted"
)


def corrected(text: str) -> str:
    """The text with its unknown words replaced, where something near is known; else as it was."""
    asked = words(text)
    doubtful = _doubtful(asked)
    if not doubtful:
        return text
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(SIMILAR)])
    latin = [word for word, ways in doubtful.items() if ways == (word,)]
    near = _near(latin, FARTHEST) + _near(
        [way for word, ways in doubtful.items() if word not in latin for way in ways], FARTHEST_SAME_SOUND
    )
    nearest = {}
    for place, word in enumerate(asked):
        around = asked[max(place - 1, 0) : place], asked[place + 1 : place + 2]
        if candidates := [each for each in near if each.asked in doubtful.get(word, ())]:
            _, nearest[word] = min((each.badness_among(*around), each) for each in candidates)
    split = _split([word for word in latin if word not in nearest or nearest[word].distance > 1])
    replacements = {word: each.word for word, each in nearest.items()} | split
    return " ".join(replacements.get(word, word) for word in asked) if replacements else text


def _doubtful(asked: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The words that nobody is known to use, and the ways to write them in Latin letters."""
    known = synonyms().words
    spelled = {word: romanised(word) or (word,) for word in asked if word not in FILLERS}
    return {
        word: ways
        for word, ways in spelled.items()
        if known.isdisjoint((word, *ways)) and all(len(way) >= SHORTEST and _LETTERS.fullmatch(way) for way in ways)
    }


def _near(asked: Sequence[str], farthest: int) -> list[_Near]:
    params = {
        "words": list(asked),
        "farthest": farthest,
        "rarer": FAR_RARER,
        "shortest": SHORTEST,
        "candidates": CANDIDATES,
    }
    found = [_Near(*row) for row in rows(_NEAREST, params)] if asked else []
    return [each for each in found if each.is_likely]


def rebuild_vocabulary() -> int:
    """How many words there are now. The caller holds a lock and a transaction."""
    titles = SQL(
        "SELECT to_tsvector('simple', regexp_replace(concat_ws(' ', title, brand, keywords), {}, ' ', 'g')) "
        "FROM catalog_product WHERE is_listed"
    ).format(Literal(APART))
    query = _REBUILD.format(titles=Literal(titles.as_string(None)))
    return int(rows(query, {"synonyms": sorted(synonyms().words)})[0][0])


def _split(unknown: Sequence[str]) -> dict[str, str]:
    """`facewash` as `face wash`, where both halves are known: the pair whose rarer half is the most frequent."""
    halves = {w: [(w[:i], w[i:]) for i in range(SHORTEST, len(w) - SHORTEST + 1)] for w in unknown}
    pieces = {half for pairs in halves.values() for pair in pairs for half in pair}
    if not pieces:
        return {}
    known = dict(rows(_KNOWN, {"words": sorted({*pieces, *unknown})}))
    found, doubtful = {}, {}
    for word, pairs in halves.items():
        if word in known:
            continue
        if both := [pair for pair in pairs if pair[0] in known and pair[1] in known]:
            found[word] = " ".join(max(both, key=lambda pair: min(known[pair[0]], known[pair[1]])))
        else:
            doubtful[word] = [pair for pair in pairs if pair[0] in known or pair[1] in known]
    return found | _split_with_slip(doubtful, known)


def _split_with_slip(halves: Mapping[str, Sequence[tuple[str, str]]], known: Container[str]) -> dict[str, str]:
    """`waterbotle` as `water bottle`: a letter is wrong in one half, and the two stand side by side in a product."""
    slips = {half for pairs in halves.values() for pair in pairs for half in pair if half not in known}
    near = [each for each in _near(sorted(slips), FARTHEST) if each.distance == 1]
    phrases = {
        word: {
            " ".join(each.word if half == each.asked else half for half in pair): each.badness
            for pair in pairs
            for each in near
            if each.asked in pair
        }
        for word, pairs in halves.items()
    }
    asked = [phrase for each in phrases.values() for phrase in sorted(each, key=each.__getitem__)[:CANDIDATES]]
    stand_together = {phrase for (phrase,) in rows(_STAND_TOGETHER, {"phrases": asked})} if asked else set()
    likely = {word: [phrase for phrase in each if phrase in stand_together] for word, each in phrases.items()}
    return {word: min(each, key=phrases[word].__getitem__) for word, each in likely.items() if each}
