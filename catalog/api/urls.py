"""Below `/api/v1`."""

from django.urls import path

from catalog.api.views import reading

urlpatterns = [
    path("products", reading.ProductList.as_view(), name="products"),
    path("products/suggest", reading.ProductSuggest.as_view(), name="product-suggest"),
    path("products/my", reading.OwnProducts.as_view(), name="product-my"),
    path("products/<slug:slug>", reading.ProductDetail.as_view(), name="product"),
    path("categories", reading.CategoryTree.as_view(), name="categories"),
    path("categories/<slug:slug>", reading.CategoryDetail.as_view(), name="category"),
]
