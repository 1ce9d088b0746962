from catalog.services.listing import add_variant, create_product, refresh_listing, set_price, set_rating, set_status
from catalog.services.stock import OutOfStock, Shortage, StockLine, put_back, restock, take_stock

__all__ = [
    "OutOfStock",
    "Shortage",
    "StockLine",
    "add_variant",
    "create_product",
    "put_back",
    "refresh_listing",
    "restock",
    "set_price",
    "set_rating",
    "set_status",
    "take_stock",
]
