from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog import search_admin as search_admin
from catalog.models import Category, Product, ProductImage, ProductStatus, Variant
from catalog.selectors import CategoryNode, descendant_ids, get_tree
from catalog.services import (
    create_category,
    delete_category,
    override_status,
    refresh_listing,
    refuse_cycle,
    remove_image,
    unblock_product,
    update_category,
)
from pymart.common.admin import AuditedAdmin
from pymart.common.admin_lists import money
from pymart.common.errors import DomainError


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ["name", "slug", "parent", "icon", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            own = get_tree().by_id.get(self.instance.pk)
            below = {node.id for node in own.walk()} if own else set()
            nodes = [node for root in get_tree().roots for node in root.walk() if node.id not in below]
            self.fields["parent"].choices = [("", "None: a root"), *((node.id, indented(node)) for node in nodes)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        try:
            if self.instance.pk:
                refuse_cycle(category=self.instance, parent=data.get("parent"))
        except DomainError as error:
            self.add_error(error.field, str(error))
        return data


def indented(node: CategoryNode) -> str:
    return "\N{EM SPACE}" * (2 * len(node.ancestors)) + node.name


class CategoryList(ChangeList):
    """The whole tree on one page, each category below its parent."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        nodes = get_tree().by_id
        places = {pk: place for place, pk in enumerate(nodes)}
        self.result_list = sorted(self.result_list, key=lambda category: places.get(category.pk, len(places)))
        for category in self.result_list:
            category.node = nodes.get(category.pk)


@admin.register(Category)
class CategoryAdmin(AuditedAdmin):
    form = CategoryForm
    list_display = ["place", "slug", "position", "listed"]
    sortable_by: list[str] = []
    search_fields = ["name__icontains", "slug__startswith"]
    prepopulated_fields = {"slug": ["name"]}
    list_per_page = list_max_show_all = 2000
    actions = None  # deleting many at once would go round the rules of deleting one

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CategoryList

    @admin.display(description="category")
    def place(self, category: Any) -> str:
        return indented(category.node) if category.node else category.name

    @admin.display(description="products on sale, with those below")
    def listed(self, category: Any) -> int | None:
        return category.node and category.node.product_count

    def save_model(self, request: HttpRequest, obj: Category, form: forms.ModelForm, change: bool) -> None:
        if change:
            update_category(category=obj, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            obj.pk = create_category(**form.cleaned_data).pk

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[str], dict[str, int], set[str], list]:
        """What `delete_category` would take along; Django would list every product."""
        node = get_tree().by_id.get(objs[0].pk)
        names = [indented(below) for below in node.walk()] if node else [objs[0].name]
        names.append("Drafts and archived products of theirs stay: they move to the category above.")
        return names, {"categories": len(names) - 1}, set(), []

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


class CategoryFilter(admin.SimpleListFilter):
    """From the remembered tree; a category brings those below it."""

    title = parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[int, str]]:
        return [(node.id, indented(node)) for root in get_tree().roots for node in root.walk()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        try:
            node = get_tree().by_id[int(self.value() or 0)]
        except (KeyError, ValueError):
            return queryset
        return queryset.filter(category__in=descendant_ids(node))


class BlockedFilter(admin.SimpleListFilter):
    title, parameter_name = "taken off sale by staff", "blocked"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        return queryset.exclude(blocked_at=None) if self.value() else queryset


DONE = {"put_on_sale": "put on sale", "take_back": "made a draft again", "archive": "archived"}
_TAKEN = "The seller reads it, and cannot put the product on sale until you do, or leave it to them again."
TOLD = {"put_on_sale": "It is kept in the audit log.", "take_back": _TAKEN, "archive": _TAKEN}
STATUS_OF = {
    "put_on_sale": ProductStatus.ACTIVE,
    "take_back": ProductStatus.DRAFT,
    "archive": ProductStatus.ARCHIVED,
}


@admin.register(Product)
class ProductAdmin(AuditedAdmin):
    list_display = ["title", "seller", "category", "status", "is_listed", "in_stock", money("price"), "rating_average"]
    list_select_related = ["seller", "category"]
    list_filter = ["status", BlockedFilter, "is_listed", "in_stock", CategoryFilter]
    search_fields = ["title__iregex", "slug__startswith", "seller__shop_name__icontains", "id__exact"]
    search_help_text = "Words of the title, how the address begins, part of the shop's name, or the id"
    ordering = ["-pk"]
    raw_id_fields = ["seller"]
    autocomplete_fields = ["category"]
    readonly_fields = [
        "status", "blocked_at", "blocked_reason", "is_listed", "in_stock", "price", "mrp", "rating_average",
        "rating_count", "units_sold", "created_at", "updated_at",
    ]  # fmt: skip
    inlines = [VariantInline, ImageInline]
    actions = ["put_on_sale", "take_back", "archive", "unblock"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).defer("search", "keywords")

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False  # orders and movements refer to it: it is archived

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> list[str]:
        """A product stays with its seller: its variants and what was ordered of them name that one."""
        return [*self.readonly_fields, *(["seller"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Product, form: forms.ModelForm, change: bool) -> None:
        """Writes what the form changed: a sale, a review or the seller may have changed the rest meanwhile."""
        if change:
            obj.save(update_fields=[*form.changed_data, "updated_at"])
        else:
            super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for image in formset.deleted_objects:
            remove_image(image=image)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_listing([form.instance.pk])

    def applies(self, action: str, obj: Product) -> bool:
        if action == "unblock":
            return bool(obj.blocked_at)
        return STATUS_OF.get(action) != obj.status and super().applies(action, obj)

    @admin.action(description="Put on sale, with a reason", permissions=["act_on"])
    def put_on_sale(self, request: HttpRequest, products: QuerySet[Product]) -> HttpResponse | None:
        return self._override(request, products, "put_on_sale", "Put on sale")

    @admin.action(description="Make a draft again, with a reason", permissions=["act_on"])
    def take_back(self, request: HttpRequest, products: QuerySet[Product]) -> HttpResponse | None:
        return self._override(request, products, "take_back", "Make a draft again")

    @admin.action(description="Archive, with a reason", permissions=["act_on"])
    def archive(self, request: HttpRequest, products: QuerySet[Product]) -> HttpResponse | None:
        return self._override(request, products, "archive", "Archive: take out of the shop")

    @admin.action(description="Leave it to its seller again", permissions=["act_on"])
    def unblock(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        def change(product: Product) -> None:
            unblock_product(product=product)

        blocked = products.exclude(blocked_at=None)
        self.act(request, blocked, "unblock", change, done="may be put on sale by the seller again")

    def _override(
        self, request: HttpRequest, products: QuerySet[Product], action: str, ask: str
    ) -> HttpResponse | None:
        status = STATUS_OF[action]

        def change(product: Product, reason: str) -> None:
            override_status(product=product, status=status, reason=reason)

        others = products.exclude(status=status)
        return self.act_with_reason(request, others, action, change, ask=ask, done=DONE[action], told=TOLD[action])
