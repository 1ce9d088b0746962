from anyascii import anyascii
from django.utils.text import slugify


def slug_of(text: str) -> str:
    """What stands for it in an address: of a name in Hindi or Tamil its sound, कुर्ता is `kurta`."""
    return slugify(anyascii(text))
