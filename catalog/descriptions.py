"""Descriptions: plain text, or with the little markup that sellers may use."""

import re

import nh3

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "h3", "h4"}


def has_markup(text: str) -> bool:
    return bool(re.search(r"<[a-z/!?]", text, re.IGNORECASE))


def cleaned(text: str) -> str:
    """Safe to show as HTML: markup keeps only `TAGS`, without attributes; plain text stays as it was written."""
    return nh3.clean(text, tags=TAGS, attributes={}) if has_markup(text) else text
