from django.urls import path

from catalog.views import home, listing, product, wishlist

app_name = "catalog"
urlpatterns = [
    path("", home.home, name="home"),
    path("c/<slug:slug>/", listing.category, name="category"),
    path("search/", listing.results, name="search"),
    path("search/suggest/", listing.suggest, name="suggest"),
    path("search/opened/", listing.opened, name="search-opened"),
    path("p/<slug:slug>/", product.product, name="product"),
    path("wishlist/", wishlist.show, name="wishlist"),
    path("wishlist/add/", wishlist.add, name="wishlist-add"),
    path("wishlist/remove/", wishlist.remove, name="wishlist-remove"),
]
