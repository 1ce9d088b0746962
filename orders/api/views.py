from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from catalog.services import ShopNotApproved, ShopSuspended
from orders import services
from orders.api.render import admin_orders_json, order_json, orders_json
from orders.api.serializers import (
    AdminOrderOutput,
    AdminOrderQuery,
    CancelInput,
    OrderListQuery,
    OrderOutput,
    StatusInput,
)
from orders.models import Order
from orders.selectors import orders_listed_for, orders_visible_to, parts_to_move
from orders.states import OrderStatus
from pymart.common import audit
from pymart.common.api.idempotency import idempotent, remember, remembered
from pymart.common.api.pagination import PageQuery, page_of
from pymart.common.api.permissions import IsAdmin, IsSeller
from pymart.common.api.schema import page_schema, raises
from pymart.common.api.serializers import query, validated
from pymart.common.api.views import ApiView
from pymart.common.errors import NotAllowed

NEWEST_FIRST = ["-id"]


@extend_schema(tags=["orders"])
class OrderList(ApiView):
    @extend_schema(
        operation_id="orders_list",
        summary="Orders of the user",
        description="A buyer's own; to a seller those with their products, of which they see their part alone; to "
        "admins all. Sellers and admins find what they bought themselves with `bought`.",
        parameters=[PageQuery, OrderListQuery],
        responses=page_schema(OrderOutput),
    )
    def get(self, request: Request) -> Response:
        orders = orders_listed_for(request.user, **query(OrderListQuery, request))
        page = page_of(request, orders, order=NEWEST_FIRST, render=lambda found: orders_json(found, request.user))
        return Response(page)


@extend_schema(tags=["orders"])
class OrderDetail(ApiView):
    @extend_schema(
        operation_id="orders_read",
        summary="An order",
        description="For its buyer, its sellers and admins.",
        responses=OrderOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(order_json(visible_order(request, pk), request.user))


@extend_schema(tags=["orders"])
class OrderProgress(ApiView):
    permission_classes = [IsSeller]

    @extend_schema(
        operation_id="orders_advance",
        summary="Take an order one step on",
        description="`paid` → `processing` → `shipped` → `delivered`: the seller's own part, for admins all parts or "
        "the one they name.",
        request=StatusInput,
        responses=OrderOutput,
    )
    @raises(services.IllegalTransition, ShopNotApproved, ShopSuspended)
    def patch(self, request: Request, pk: int) -> Response:
        data = validated(StatusInput, request)
        order = visible_order(request, pk)
        parts = parts_to_move(order, request.user, seller_order=data.get("seller_order"))
        if not parts:
            raise NotFound
        tracking = services.Tracking(**data.get("tracking", {}))
        with audit.by_staff(request, order, "move_on"):
            services.advance_seller_orders(
                seller_orders=parts, to=data["status"], actor=request.user, tracking=tracking
            )
        order.refresh_from_db()
        return Response(order_json(order, request.user))


@extend_schema(tags=["orders"])
class OrderCancellation(ApiView):
    @extend_schema(
        operation_id="orders_cancel",
        summary="Cancel an order",
        description="By its buyer or an admin, until some of it is shipped. Its stock returns, and so does what was "
        "paid.",
        request=CancelInput,
        responses=OrderOutput,
    )
    @raises(NotAllowed, services.IllegalTransition)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        reason = validated(CancelInput, request)["reason"]
        order = visible_order(request, pk)
        if request.user.role != Role.ADMIN and order.buyer_id != request.user.pk:
            raise NotAllowed
        if order.status == OrderStatus.CANCELLED and not remembered(request):
            raise services.IllegalTransition(order.status, OrderStatus.CANCELLED)
        remember(request, f"cancel {pk}")
        with audit.by_staff(request, order, "cancel", reason=reason):
            order = services.cancel_order(order=order, actor=request.user, reason=reason)
        return Response(order_json(order, request.user))


class AdminOrderList(ApiView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_orders_list",
        tags=["admin"],
        summary="Orders of everybody",
        description="Newest first.",
        parameters=[PageQuery, AdminOrderQuery],
        responses=page_schema(AdminOrderOutput),
    )
    def get(self, request: Request) -> Response:
        orders = Order.objects.filter(**query(AdminOrderQuery, request)).select_related("buyer")
        page = page_of(request, orders, order=NEWEST_FIRST, render=lambda found: admin_orders_json(found, request.user))
        return Response(page)


def visible_order(request: Request, pk: int) -> Order:
    order: Order = get_object_or_404(orders_visible_to(request.user), pk=pk)
    return order
