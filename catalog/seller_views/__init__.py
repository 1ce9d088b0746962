"""A seller's products: the list, the form, their pictures."""

from catalog.seller_views.editing import edit, new
from catalog.seller_views.images import add_images, describe, order_images, remove_image
from catalog.seller_views.listing import product_list, row, ticked, undo
from catalog.seller_views.stock import stock

__all__ = [
    "add_images",
    "describe",
    "edit",
    "new",
    "order_images",
    "product_list",
    "remove_image",
    "row",
    "stock",
    "ticked",
    "undo",
]
