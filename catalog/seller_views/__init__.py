"""A seller's products: the list, the form, their pictures."""

from catalog.seller_views.editing import edit, new
from catalog.seller_views.images import add_images, remove_image
from catalog.seller_views.listing import product_list, row, ticked, undo

__all__ = ["add_images", "edit", "new", "product_list", "remove_image", "row", "ticked", "undo"]
