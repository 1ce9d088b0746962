"""Products as their sellers write them, and what staff do: to any product, and to the categories."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role, User
from catalog.api import render
from catalog.api.multipart import validated_body
from catalog.api.serializers.reading import DETAIL, CategoryOutput, ProductOutput
from catalog.api.serializers.writing import (
    CHANGE_EXAMPLES,
    PRODUCT_EXAMPLES,
    REPLACE_EXAMPLES,
    AdminProductOutput,
    AdminProductsQuery,
    CategoryInput,
    ModerationInput,
    ProductChange,
    ProductChangeForm,
    ProductForm,
    ProductInput,
    ProductStatusInput,
)
from catalog.api.views.reading import CategoryDetail, CategoryTree, ProductDetail, ProductList
from catalog.models import Category, Product, ProductStatus
from catalog.permissions import NoShop, NotYourProduct, NotYourShop, product_to_change, shop_to_list_in
from catalog.selectors import all_products, forget_tree, full_product, get_tree, product_rows
from catalog.services import (
    CategoryCycle,
    CategoryExists,
    CategoryInUse,
    ChangedMeanwhile,
    ImagesChanged,
    NothingToSell,
    Offer,
    OfferIncomplete,
    PriceAboveMrp,
    ProductBlocked,
    ShopNotApproved,
    ShopSuspended,
    SkuTaken,
    TooManyImages,
    UnknownVariant,
    VariantTwice,
    VariantUnclear,
    change_product,
    change_status,
    create_category,
    delete_category,
    list_product,
    override_status,
    update_category,
)
from pymart.common import audit
from pymart.common.api.pagination import page_of
from pymart.common.api.parsers import JsonParser, MultiPartParser
from pymart.common.api.permissions import IsAdmin, IsSeller
from pymart.common.api.schema import page_schema, raises
from pymart.common.api.serializers import query, validated
from pymart.common.api.views import ApiView
from pymart.common.images import BadImage
from pymart.common.storage import StorageUnavailable

_CLOSED = (ShopNotApproved, ShopSuspended)
_FOREIGN = (NotYourProduct, *_CLOSED)
_BAD_VARIANT = (OfferIncomplete, PriceAboveMrp, VariantTwice, SkuTaken)
_FACTS = (
    "title", "description", "category", "tags", "attributes", "brand", "highlights", "hsn", "gst_rate",
    "country_of_origin",
)  # fmt: skip
_CHANGE = {"application/json": ProductChange, "multipart/form-data": ProductChangeForm}
_CHANGE_RULES = """
`images` are added after those that are there; `remove_images` and `image_order` say what becomes of the others.
`variants` are all that shall be on sale: each is known by its `id`, else its `sku`, else its `name`; what is none of
the product's is added, what is left out is withdrawn. Without `variants`, `price`, `mrp` and `stock` are those of the
only variant, and with them of each that does not say its own. All of it happens, or nothing.
"""
_STEAD = (
    "Staff do it in the seller's stead, who may undo it. `/admin/products/{id}/status` takes a product off sale "
    "against its seller."
)
_SHOWN = OpenApiExample("The product", DETAIL, response_only=True)


class WrittenBy:
    """Mixin: reads keep the permissions of the view, writes need those of `writers`."""

    writers: type[BasePermission]

    def get_permissions(self) -> list[BasePermission]:
        is_read = self.request.method in SAFE_METHODS
        return super().get_permissions() if is_read else [self.writers()]


class BySlug(WrittenBy):
    """
    Mixin for addresses with a slug, which can only be read: writes go to the address with the id, so here they are 404.
    """

    allowed_methods = ("GET", "HEAD", "OPTIONS")

    @extend_schema(exclude=True)
    def not_found(self, request: Request, slug: str) -> Response:
        raise Http404

    put = patch = delete = not_found


class ById(WrittenBy):
    """
    Mixin for addresses with an id, which are written. A read is taken for one by slug, which may consist of digits.
    """

    allowed_methods = ("PUT", "PATCH", "DELETE", "OPTIONS")

    @extend_schema(exclude=True)
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, str(pk))


class Products(WrittenBy, ProductList):
    writers = IsSeller
    parser_classes = [JsonParser, MultiPartParser]

    @extend_schema(
        operation_id="products_create",
        tags=["products"],
        summary="List a product",
        description="In the caller's own shop; staff name one by `seller`. A draft unless `status` says otherwise. As "
        "a form it may bring pictures; `variants` and `attributes` are JSON text there, lists JSON text or repeated "
        "fields. If anything is wrong, such as the third picture (`images.2`), nothing is kept.",
        request={"application/json": ProductInput, "multipart/form-data": ProductForm},
        responses={201: ProductOutput},
        examples=[*PRODUCT_EXAMPLES, OpenApiExample("The product", DETAIL, response_only=True, status_codes=["201"])],
    )
    @raises(NoShop, NotYourShop, *_CLOSED, BadImage, *_BAD_VARIANT, StorageUnavailable)
    def post(self, request: Request) -> Response:
        data = validated_body(ProductInput, ProductForm, request)
        shop = shop_to_list_in(request.user, data.pop("seller", None))
        offers = _take_offers(data)
        product = list_product(seller=shop, actor=request.user, offers=offers, **data)
        if request.user.role == Role.ADMIN:
            audit.record(request, product, "add", after=audit.snapshot(product))
        return Response(_shown(product, request.user), status=status.HTTP_201_CREATED)


class ProductBySlug(BySlug, ProductDetail):
    writers = IsSeller


class ProductById(ById, ProductDetail):
    writers = IsSeller
    parser_classes = [JsonParser, MultiPartParser]

    @extend_schema(
        operation_id="products_replace",
        tags=["products"],
        summary="Change a product, naming what every product has",
        description="What is not required and not sent stays as it is." + _CHANGE_RULES,
        request=_CHANGE,
        responses=ProductOutput,
        examples=[*REPLACE_EXAMPLES, _SHOWN],
    )
    @raises(*_FOREIGN, BadImage, *_BAD_VARIANT, UnknownVariant, VariantUnclear, TooManyImages, ImagesChanged,
            NothingToSell, ProductBlocked, ChangedMeanwhile, StorageUnavailable)  # fmt: skip
    def put(self, request: Request, pk: int) -> Response:
        return _change(request, pk, partial=False)

    @extend_schema(
        operation_id="products_update",
        tags=["products"],
        summary="Change some of a product",
        description="What is not sent stays as it is." + _CHANGE_RULES,
        request=_CHANGE,
        responses=ProductOutput,
        examples=[*CHANGE_EXAMPLES, _SHOWN],
    )
    @raises(*_FOREIGN, BadImage, *_BAD_VARIANT, UnknownVariant, VariantUnclear, TooManyImages, ImagesChanged,
            NothingToSell, ProductBlocked, ChangedMeanwhile, StorageUnavailable)  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        return _change(request, pk, partial=True)

    @extend_schema(
        operation_id="products_archive",
        tags=["products"],
        summary="Take a product out of the shop",
        description="It is archived: orders go on showing it, and its status can be set again. " + _STEAD,
        request=None,
        responses={204: None},
    )
    @raises(*_FOREIGN)
    def delete(self, request: Request, pk: int) -> Response:
        product = product_to_change(request.user, pk)
        with audit.by_staff(request, product, "archive"):
            change_status(product=product, status=ProductStatus.ARCHIVED, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProductStatusChange(ApiView):
    permission_classes = [IsSeller]

    @extend_schema(
        operation_id="products_set_status",
        tags=["products"],
        summary="Put a product on sale, back into the drafts, or into the archive",
        description=_STEAD,
        request=ProductStatusInput,
        responses=ProductOutput,
        examples=[OpenApiExample("Put on sale", {"status": "active"}, request_only=True), _SHOWN],
    )
    @raises(*_FOREIGN, NothingToSell, ProductBlocked)
    def patch(self, request: Request, pk: int) -> Response:
        product = product_to_change(request.user, pk)
        wanted = validated(ProductStatusInput, request)["status"]
        with audit.by_staff(request, product, "set_status"):
            product = change_status(product=product, status=wanted, actor=request.user)
        return Response(_shown(product, request.user))


class AdminProducts(ApiView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_products_list",
        tags=["admin"],
        summary="List everybody's products",
        description="Of any status, newest first. Those that are not `is_listed` are not shown in the shop.",
        parameters=[AdminProductsQuery],
        responses=page_schema(AdminProductOutput),
    )
    def get(self, request: Request) -> Response:
        asked = query(AdminProductsQuery, request)
        products = all_products(status=asked.get("status", ""), seller=asked.get("seller", ""), text=asked.get("q", ""))
        return Response(page_of(request, products.only("id"), order=["-id"], render=_admin_rows))


class AdminProductStatus(ApiView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_products_set_status",
        tags=["admin"],
        summary="Override the status of any product",
        description="Kept in the staff's log with its reason, which the seller is told. What is taken off sale so, its "
        "seller cannot put back: staff do.",
        request=ModerationInput,
        responses=ProductOutput,
        examples=[
            OpenApiExample("Take down", {"status": "archived", "reason": "Counterfeit"}, request_only=True),
            _SHOWN,
        ],
    )
    @raises(NothingToSell)
    def patch(self, request: Request, pk: int) -> Response:
        product = product_to_change(request.user, pk)
        data = validated(ModerationInput, request)
        with audit.noted(request, product, "set_status", reason=data.get("reason", "")):
            product = override_status(product=product, status=data["status"], reason=data.get("reason", ""))
        return Response(_shown(product, request.user))


class Categories(WrittenBy, CategoryTree):
    writers = IsAdmin

    @extend_schema(
        operation_id="categories_create",
        tags=["categories"],
        summary="Add a category",
        description="Without `parent` it is a root.",
        request=CategoryInput,
        responses={201: CategoryOutput},
    )
    @raises(CategoryExists)
    def post(self, request: Request) -> Response:
        with transaction.atomic():
            category = create_category(**validated(CategoryInput, request))
            audit.record(request, category, "add", after=audit.snapshot(category))
        return Response(_category_shown(category), status=status.HTTP_201_CREATED)


class CategoryBySlug(BySlug, CategoryDetail):
    writers = IsAdmin


class CategoryById(ById, CategoryDetail):
    writers = IsAdmin
    allowed_methods = ("PUT", "DELETE", "OPTIONS")

    @extend_schema(
        operation_id="categories_update",
        tags=["categories"],
        summary="Rename or move a category",
        description="`slug` and `parent` stay as they are where they are not sent; `parent: null` makes it a root.",
        request=CategoryInput,
        responses=CategoryOutput,
    )
    @raises(CategoryExists, CategoryCycle)
    def put(self, request: Request, pk: int) -> Response:
        category = get_object_or_404(Category, pk=pk)
        changes = validated(CategoryInput, request)
        with audit.noted(request, category, "change"):
            category = update_category(category=category, **changes)
        return Response(_category_shown(category))

    @extend_schema(
        operation_id="categories_delete",
        tags=["categories"],
        summary="Delete a category and what is below it",
        description="Its drafts and archived products move to the category above; from a root, to one named Unsorted.",
        request=None,
        responses={204: None},
    )
    @raises(CategoryInUse)
    def delete(self, request: Request, pk: int) -> Response:
        category = get_object_or_404(Category, pk=pk)
        with audit.noted(request, category, "delete"):
            delete_category(category=category)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _change(request: Request, pk: int, *, partial: bool) -> Response:
    product = product_to_change(request.user, pk)
    data = validated_body(ProductChange, ProductChangeForm, request, partial=partial)
    offers = _take_offers(data)
    facts = {name: data.pop(name) for name in _FACTS if name in data}
    seen_at = data.pop("updated_at", None)
    with audit.by_staff(request, product, "change", is_durable=True):
        change_product(product=product, actor=request.user, facts=facts, offers=offers, seen_at=seen_at, **data)
    product.refresh_from_db(fields=["slug"])
    return Response(_shown(product, request.user))


def _take_offers(data: dict[str, Any]) -> list[Offer]:
    """
    Take the variants out of the data. What a variant leaves out (price, MRP, stock) it gets from the product's own
    fields.
    """
    common = {name: data.pop(name) for name in ("price", "mrp", "stock") if name in data}
    variants: Sequence[Mapping[str, Any]] | None = data.pop("variants", None)
    if variants is None:
        return [Offer(**common)] if common else []
    return [Offer(**{**common, **each}, place=f"variants.{number}") for number, each in enumerate(variants)]


def _shown(product: Product, viewer: User) -> dict[str, Any]:
    return render.product(full_product(product.slug, viewer))


def _admin_rows(found: Sequence[Product]) -> list[dict[str, Any]]:
    rows = product_rows([each.pk for each in found])
    return [{**render.own_product_row(row), "is_listed": row.is_listed} for row in rows]


def _category_shown(category: Category) -> dict[str, Any]:
    forget_tree()  # once more: the answer is about the tree as it is now
    return render.category_with_path(get_tree().by_id[category.pk])
