from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from django.views.static import serve

from pymart import health, views
from pymart.sitemaps import SITEMAPS

PAGES = ["about", "help", "grievance", "returns", "privacy", "terms"]

handler400, handler403, handler404, handler500 = (f"pymart.views.error_{status}" for status in (400, 403, 404, 500))

urlpatterns = [
    path("api/v1/", include("pymart.api")),  # first, as it is asked most and most closely timed
    *(path(f"{name}/", TemplateView.as_view(template_name=f"pages/{name}.html"), name=name) for name in PAGES),
    path("offline/", TemplateView.as_view(template_name="offline.html"), name="offline"),
    path("sitemap.xml", sitemap_views.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("sw.js", views.service_worker, name="service-worker"),
    re_path(r"^api/", views.api_not_found),
    path("docs", views.api_docs, name="api-docs"),
    path("health", health.health, name="health"),
    path("live", health.live, name="live"),
    path("metrics", health.metrics, name="metrics"),
    path("account/", include("accounts.urls")),
    path("", include("accounts.selling_urls")),
    path("seller/products/", include("catalog.seller_import_urls")),
    path("seller/", include("orders.seller_urls")),
    path("seller/", include("catalog.seller_urls")),
    path("seller/", include("reviews.seller_urls")),
    path("cart/", include("cart.urls")),
    path("", include("payments.urls")),
    path("orders/", include("orders.urls")),
    path("", include("reviews.urls")),
    path("", include("catalog.urls")),
    path("admin/", admin.site.urls),
]
on_one_machine = [
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    path("debug/mail/", views.mail_list, name="debug-mail"),
    path("debug/mail/<str:name>", views.mail_show, name="debug-mail-show"),
    path("debug/mail/<str:name>/html", views.mail_html, name="debug-mail-html"),
    path("debug/ui/", TemplateView.as_view(template_name="debug/ui.html"), name="debug-ui"),
]
if settings.RAZORPAY_SANDBOX:
    urlpatterns.append(path("sandbox/", include("payments.sandbox.urls")))
if settings.DEBUG:
    urlpatterns += on_one_machine
