from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.models import Category, Product, ProductImage, ProductStatus, Variant
from catalog.services import (
    create_category,
    delete_category,
    refresh_listing,
    refuse_cycle,
    remove_image,
    set_status,
    update_category,
)
from pymart.common.admin import AuditedAdmin
from pymart.common.errors import DomainError


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ["name", "slug", "parent", "icon", "position"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        try:
            if self.instance.pk:
                refuse_cycle(category=self.instance, parent=data.get("parent"))
        except DomainError as error:
            self.add_error(error.field, str(error))
        return data


@admin.register(Category)
class CategoryAdmin(AuditedAdmin):
    form = CategoryForm
    list_display = ["name", "parent", "slug", "position", "product_count"]
    list_select_related = ["parent"]
    list_filter = [("parent", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name__icontains", "slug__startswith"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["parent"]
    ordering = ["parent__name", "position", "name"]
    actions = None  # deleting many at once would go round the rule below

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).annotate(products_here=Count("products"))

    @admin.display(description="products", ordering="products_here")
    def product_count(self, category: Category) -> int:
        return category.products_here  # type: ignore[attr-defined]

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        in_use = obj is not None and (obj.children.exists() or obj.products.exists())
        return not in_use and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Category, form: forms.ModelForm, change: bool) -> None:
        if change:
            update_category(category=obj, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            obj.pk = create_category(**form.cleaned_data).pk

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        delete_category(category=obj)


class VariantInline(admin.TabularInline):
    """To look at only: prices and stock change through services, which keep their history."""

    model = Variant
    fields = readonly_fields = ["name", "sku", "price", "mrp", "stock", "is_active"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False


class ImageInline(admin.TabularInline):
    model = ProductImage
    fields = readonly_fields = ["preview", "alt", "position"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False

    @admin.display(description="picture")
    def preview(self, image: ProductImage) -> SafeString:
        return format_html('<img src="{}" width="80" height="80" alt="{}">', image.thumb, image.alt)


@admin.register(Product)
class ProductAdmin(AuditedAdmin):
    list_display = ["title", "seller", "category", "status", "is_listed", "in_stock", "price", "rating_average"]
    list_select_related = ["seller", "category"]
    list_filter = ["status", "is_listed", "in_stock", ("category", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title__iregex", "slug__startswith", "seller__shop_name__startswith"]
    ordering = ["-pk"]
    raw_id_fields = ["seller"]
    autocomplete_fields = ["category"]
    readonly_fields = [
        "is_listed", "in_stock", "price", "mrp", "rating_average", "rating_count", "units_sold", "created_at",
        "updated_at",
    ]  # fmt: skip
    inlines = [VariantInline, ImageInline]
    actions = ["activate", "archive"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).defer("search", "keywords")

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False  # orders and movements refer to it: it is archived

    def save_model(self, request: HttpRequest, obj: Product, form: forms.ModelForm, change: bool) -> None:
        obj.is_listed = False  # may not outlive `active`; derived anew below
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for image in formset.deleted_objects:
            remove_image(image=image)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_listing([form.instance.pk])

    @admin.action(description="Put on sale")
    def activate(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        self._set_status(request, products, ProductStatus.ACTIVE)

    @admin.action(description="Archive: take out of the shop")
    def archive(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        self._set_status(request, products, ProductStatus.ARCHIVED)

    def _set_status(self, request: HttpRequest, products: QuerySet[Product], status: ProductStatus) -> None:
        def change(product: Product) -> None:
            set_status(product=product, status=status)

        self.act(
            request, products.exclude(status=status), f"status {status}", change, done=f"{status.label.lower()} now"
        )
