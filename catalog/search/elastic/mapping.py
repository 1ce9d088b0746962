"""What the index looks like: how texts become words, and which fields there are."""

import hashlib
import json
from typing import Any

# To PostgreSQL and to the shopper "women's" are women, "red/blue" two words, "1.5kg" a number and a unit.
_CHAR_FILTERS = {
    "possessive": {"type": "pattern_replace", "pattern": r"['’`´]s\b", "replacement": " "},
    "apart": {"type": "pattern_replace", "pattern": r"[^\p{L}\p{M}\p{N}.\-]+", "replacement": " "},
    "loose": {"type": "pattern_replace", "pattern": r"(?<!\d)\.|\.(?!\d)|(?<!\S)-+|-+(?!\S)", "replacement": " "},
}
_FILTERS = {
    # "t-shirt" is found as t-shirt, tshirt and "t shirt", "5kg" as 5kg and "5 kg"; the dot is within numbers only.
    "pieces": {
        "type": "word_delimiter_graph",
        "preserve_original": True,
        "catenate_words": True,
        "split_on_case_change": False,
        "split_on_numerics": True,
        "stem_english_possessive": False,
        "type_table": [". => DIGIT"],
    },
    "light_stem": {"type": "stemmer", "language": "light_english"},
    "beginnings": {"type": "edge_ngram", "min_gram": 2, "max_gram": 15},
}
_APART = {"char_filter": list(_CHAR_FILTERS), "tokenizer": "whitespace"}
ANALYSIS = {
    "char_filter": _CHAR_FILTERS,
    "filter": _FILTERS,
    "analyzer": {
        "stored": {**_APART, "filter": ["pieces", "lowercase", "asciifolding", "flatten_graph", "light_stem"]},
        # What is searched for comes taken apart and with its synonyms (`catalog.search.wording`).
        "asked": {**_APART, "filter": ["lowercase", "asciifolding", "light_stem"]},
        "begins": {**_APART, "filter": ["lowercase", "asciifolding", "beginnings"]},
        "typed": {**_APART, "filter": ["lowercase", "asciifolding"]},
    },
}
_TEXT = {"type": "text", "analyzer": "stored", "search_analyzer": "asked"}
_MATCHED = {**_TEXT, "copy_to": "all"}
_EXACT = {"fields": {"exact": {"type": "keyword"}}}
_NUMBER = {"type": "long"}
PROPERTIES: dict[str, dict[str, Any]] = {
    # Whether a product has a word is asked of this field, what that is worth of the others.
    "all": _TEXT,
    "title": {
        **_MATCHED,
        "fields": {"prefix": {"type": "text", "analyzer": "begins", "search_analyzer": "typed"}},
    },
    "brand": {**_MATCHED, **_EXACT},
    "tags": {**_TEXT, **_EXACT},
    "category": _TEXT,  # names, from its root down
    "keywords": _MATCHED,  # tags, category and values of attributes
    "description": _MATCHED,
    "options": {"type": "keyword"},  # sizes and colours, as the product's column has them
    "suggest": {"type": "completion", "analyzer": "typed"},
    # What filters, facets and orders go by: whole numbers, equal exactly where PostgreSQL's values are.
    "id": _NUMBER,
    "category_id": _NUMBER,
    "seller_id": _NUMBER,
    "price": _NUMBER,  # paise
    "in_stock": {"type": "byte"},
    "rating_average": {"type": "short"},  # hundredths
    "rating_count": _NUMBER,
    "units_sold": _NUMBER,
    "created_at": _NUMBER,  # microseconds since 1970
    "merit": {"type": "float"},  # 0 to 1: well rated, sold often, in stock
    "fingerprint": {"type": "keyword", "index": False},  # of all the rest
}


def definition(*, building: bool) -> dict[str, Any]:
    """What the index is made with. While it is filled nobody reads it, so nothing is made ready for readers."""
    return {
        "settings": {
            "number_of_shards": 1,
            "auto_expand_replicas": "false" if building else "0-1",
            "number_of_replicas": 0,
            "refresh_interval": "-1" if building else "1s",
            "analysis": ANALYSIS,
        },
        "mappings": {"dynamic": "strict", "properties": PROPERTIES},
    }


def fingerprint() -> str:
    """Of mapping and analysis: an index made with others has to be built anew."""
    said = json.dumps([ANALYSIS, PROPERTIES], sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
