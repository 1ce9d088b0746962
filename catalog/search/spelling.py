"""Words that no product has, read as words that products have."""

import re
from collections.abc import Sequence

from django.db import connection
from psycopg.sql import SQL, Literal

from catalog.models import APART
from catalog.search.conditions import rows
from catalog.search.synonyms import synonyms
from catalog.search.text import words

SHORTEST = 3
SIMILAR = 0.25  # share of trigrams in common, of which a slip in the middle of a short word leaves few
FAR_RARER = 50  # times: then even a word that exists is taken for a slip
_LETTERS = re.compile(r"[^\W\d_]+")

# The best word: few letters away (two neighbours exchanged are one slip), in many products, alike in its trigrams.
_NEAREST = SQL(
    "SELECT asked.word, nearest.word, nearest.distance FROM unnest(%(words)s::text[]) AS asked(word) "
    "LEFT JOIN catalog_searchword known ON known.word = asked.word "
    "CROSS JOIN LATERAL (SELECT ARRAY("
    "SELECT overlay(asked.word PLACING reverse(substr(asked.word, at, 2)) FROM at FOR 2) "
    "FROM generate_series(1, length(asked.word) - 1) AS at"
    ")::varchar[] AS words) AS exchanged "
    "CROSS JOIN LATERAL ("
    "SELECT candidate.word, slips.distance FROM catalog_searchword candidate CROSS JOIN LATERAL ("
    "SELECT CASE WHEN candidate.word = ANY(exchanged.words) THEN 1 "
    "ELSE levenshtein_less_equal(candidate.word, asked.word, 2) END AS distance"
    ") AS slips "
    "WHERE (candidate.word %% asked.word OR candidate.word = ANY(exchanged.words)) "
    "AND candidate.documents > %(rarer)s * coalesce(known.documents, 0) AND length(candidate.word) >= %(shortest)s "
    "AND slips.distance <= CASE WHEN length(asked.word) < 5 THEN 1 ELSE 2 END "
    "ORDER BY slips.distance - 0.3 * ln(candidate.documents + 1) - similarity(candidate.word, asked.word), "
    "candidate.word LIMIT 1"
    ") AS nearest"
)
_KNOWN = SQL("SELECT word, documents FROM catalog_searchword WHERE word = ANY(%(words)s::varchar[])")

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
    doubtful = [w for w in asked if len(w) >= SHORTEST and _LETTERS.fullmatch(w) and w not in synonyms().words]
    if not doubtful:
        return text
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(SIMILAR)])
    params = {"words": doubtful, "rarer": FAR_RARER, "shortest": SHORTEST}
    nearest = {word: (other, distance) for word, other, distance in rows(_NEAREST, params)}
    split = _split([word for word in doubtful if nearest.get(word, ("", 2))[1] > 1])
    replacements = {word: other for word, (other, _) in nearest.items()} | split
    return " ".join(replacements.get(word, word) for word in asked) if replacements else text


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
    found = {}
    for word, pairs in halves.items():
        both = [pair for pair in pairs if pair[0] in known and pair[1] in known]
        if both and word not in known:
            found[word] = " ".join(max(both, key=lambda pair: min(known[pair[0]], known[pair[1]])))
    return found
