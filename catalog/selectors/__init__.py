from catalog.selectors.categories import (
    CategoryNode,
    CategoryTree,
    breadcrumbs,
    category_tree,
    descendant_ids,
    forget_tree,
    get_tree,
)
from catalog.selectors.imports import imports_of
from catalog.selectors.moderation import all_products
from catalog.selectors.products import cards, cards_by_id, product_detail, related_products, visible_products
from catalog.selectors.rails import Rails, home_rails, popular_ids
from catalog.selectors.rows import (
    FullProduct,
    ProductRow,
    full_product,
    listed_rows,
    own_products,
    product_rows,
)
from catalog.selectors.stock import low_stock, stock_drift
from catalog.selectors.variants import LOW_STOCK, Option, OptionGroup, default_variant, option_groups
from catalog.selectors.views import views_known_from, views_of_products, views_of_shop
from catalog.selectors.wishlist import is_on_wishlist, wishlist, wishlist_ids

__all__ = [
    "LOW_STOCK",
    "CategoryNode",
    "CategoryTree",
    "FullProduct",
    "Option",
    "OptionGroup",
    "ProductRow",
    "Rails",
    "all_products",
    "breadcrumbs",
    "cards",
    "cards_by_id",
    "category_tree",
    "default_variant",
    "descendant_ids",
    "forget_tree",
    "full_product",
    "get_tree",
    "home_rails",
    "imports_of",
    "is_on_wishlist",
    "listed_rows",
    "low_stock",
    "option_groups",
    "own_products",
    "popular_ids",
    "product_detail",
    "product_rows",
    "related_products",
    "stock_drift",
    "views_known_from",
    "views_of_products",
    "views_of_shop",
    "visible_products",
    "wishlist",
    "wishlist_ids",
]
