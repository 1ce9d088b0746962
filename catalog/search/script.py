"""Words in Devanagari as people write them in Latin letters: `चावल` is `chaval`, not `cāvala`."""

import re
from functools import lru_cache

from indic_transliteration import sanscript

_DEVANAGARI = re.compile(r"[\u0900-\u097F]")
# ISO 15919 as it is typed; long a is kept apart until the short ones that nobody speaks are gone.
_TYPED = {
    "ā": "A", "ī": "i", "ū": "u", "ē": "e", "ō": "o", "ô": "o", "ê": "e", "r̥": "ri", "jñ": "gy", "ch": "chh",
    "c": "ch", "ś": "sh", "ṣ": "sh", "ñ": "n", "ṅ": "n", "ṇ": "n", "ṭ": "t", "ḍ": "d", "ṛ": "d", "ḷ": "l", "ḥ": "h",
}  # fmt: skip
_LETTERS = re.compile("|".join(map(re.escape, sorted(_TYPED, key=len, reverse=True))))
_NASAL = re.compile("(?:ṁ|m̐)(?P<before_lips>(?=[pbm]))?")
_CONSONANT = "(?:chh|[bcdghjkpt]h|[^aAeiou])"
_LAST = re.compile(r"(?<=[^aAeiou])a$")
_BETWEEN = re.compile(rf"([aAeiou]n?{_CONSONANT})a(?={_CONSONANT}[aAeiou])")


@lru_cache(maxsize=10_000)
def romanised(word: str) -> tuple[str, ...]:
    """The ways to write the word in Latin letters; none where it is in no script that we read."""
    if not _DEVANAGARI.search(word):
        return ()
    iso = sanscript.transliterate(word, sanscript.DEVANAGARI, sanscript.ISO)
    spelled = _NASAL.sub(lambda found: "n" if found["before_lips"] is None else "m", iso)
    spelled = _LETTERS.sub(lambda found: _TYPED[found[0]], spelled)
    if len(re.findall("[aAeiou]+", spelled)) > 1:
        spelled = _LAST.sub("", spelled)
    spelled = _BETWEEN.sub(r"\1", spelled).lower()
    if not spelled.isascii() or not spelled.isalnum():
        return ()
    return tuple(dict.fromkeys((spelled, spelled.replace("v", "w"))))
