from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from catalog.models import Category, Product
from catalog.querysets import ProductQuerySet


class PageSitemap(Sitemap):
    changefreq = "weekly"

    def items(self) -> list[str]:
        return ["catalog:home", "about", "help", "grievance", "returns", "privacy", "terms", "sell:landing"]

    def location(self, item: str) -> str:
        return reverse(item)


class CategorySitemap(Sitemap):
    changefreq = "daily"

    def items(self) -> list[Category]:
        return list(Category.objects.order_by("pk").only("slug"))


class ProductSitemap(Sitemap):
    changefreq = "daily"
    limit = 10_000

    def items(self) -> ProductQuerySet:
        return Product.objects.listed().order_by("pk").only("slug", "updated_at")

    def lastmod(self, item: Product) -> datetime:
        return item.updated_at


SITEMAPS = {"pages": PageSitemap, "categories": CategorySitemap, "products": ProductSitemap}
