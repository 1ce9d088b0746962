from catalog.services.categories import (
    CategoryCycle,
    CategoryExists,
    CategoryInUse,
    create_category,
    delete_category,
    refuse_cycle,
    update_category,
)
from catalog.services.images import ImagesChanged, TooManyImages, add_image, remove_image, reorder_images
from catalog.services.listing import add_variant, create_product, refresh_listing, set_price, set_rating, set_status
from catalog.services.stock import OutOfStock, Shortage, StockLine, put_back, restock, take_stock
from catalog.services.wishlist import WishlistFull, add_to_wishlist, remove_from_wishlist

__all__ = [
    "CategoryCycle",
    "CategoryExists",
    "CategoryInUse",
    "ImagesChanged",
    "OutOfStock",
    "Shortage",
    "StockLine",
    "TooManyImages",
    "WishlistFull",
    "add_image",
    "add_to_wishlist",
    "add_variant",
    "create_category",
    "create_product",
    "delete_category",
    "put_back",
    "refresh_listing",
    "refuse_cycle",
    "remove_from_wishlist",
    "remove_image",
    "reorder_images",
    "restock",
    "set_price",
    "set_rating",
    "set_status",
    "take_stock",
    "update_category",
]
