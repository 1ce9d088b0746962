"""Below `/seller/products/`."""

from django.urls import path

from catalog.seller_views import imports as views

app_name = "seller-imports"
urlpatterns = [
    path("import/", views.start, name="start"),
    path("import/help/", views.columns, name="help"),
    path("import/template/", views.template, name="template"),
    path("import/<int:pk>/", views.detail, name="detail"),
    path("import/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("import/<int:pk>/carry-out/", views.carry_out, name="carry-out"),
    path("import/<int:pk>/errors/", views.errors, name="errors"),
    path("export/", views.export, name="export"),
]
