from anyascii import anyascii
from django.utils.text import slugify


def slug_of(text: str) -> str:
    """The text as part of an address. Other scripts are transliterated: कुर्ता becomes `kurta`."""
    return slugify(anyascii(text))
