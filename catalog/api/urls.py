"""Below `/api/v1`."""

from django.urls import path

from catalog.api.views import reading, writing

urlpatterns = [
    path("products", writing.Products.as_view(), name="products"),
    path("products/suggest", reading.ProductSuggest.as_view(), name="product-suggest"),
    path("products/my", reading.OwnProducts.as_view(), name="product-my"),
    path("products/<int:pk>", writing.ProductById.as_view(), name="product-item"),
    path("products/<int:pk>/status", writing.ProductStatusChange.as_view(), name="product-status"),
    path("products/<slug:slug>", writing.ProductBySlug.as_view(), name="product"),
    path("categories", writing.Categories.as_view(), name="categories"),
    path("categories/<int:pk>", writing.CategoryById.as_view(), name="category-item"),
    path("categories/<slug:slug>", writing.CategoryBySlug.as_view(), name="category"),
    path("admin/products", writing.AdminProducts.as_view(), name="admin-products"),
    path("admin/products/<int:pk>/status", writing.AdminProductStatus.as_view(), name="admin-product-status"),
]
