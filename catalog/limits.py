"""How much a product may say of itself, wherever that is written: by page, API or file."""

from decimal import Decimal

LEAST_PRICE, MOST_PRICE = Decimal("1.00"), Decimal("9999999.99")  # below a crore: the dearest order must fit its total
MOST_STOCK = 1_000_000
MAX_VARIANTS = 100
DESCRIPTION_LENGTH = 20_000
MAX_TAGS, TAG_LENGTH = 20, 40
MAX_HIGHLIGHTS, HIGHLIGHT_LENGTH = 10, 160
MAX_ATTRIBUTES, ATTRIBUTE_NAME_LENGTH, ATTRIBUTE_LENGTH = 30, 40, 200
