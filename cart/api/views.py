from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cart import services
from cart.api.render import cart_json
from cart.api.serializers import AddInput, CartOutput, LineQuery, QuantityInput
from cart.selectors import PricedCart
from pymart.common.api.renderers import to_json
from pymart.common.api.schema import raises
from pymart.common.api.serializers import query, validated
from pymart.common.api.views import ApiView
from pymart.common.errors import Unavailable


@extend_schema(tags=["cart"])
class Cart(ApiView):
    @extend_schema(
        operation_id="cart_read",
        summary="The user's cart",
        description="Lines that cannot be bought any more leave it, quantities over stock are lowered, and `notices` "
        "says so.",
        responses=CartOutput,
    )
    @raises(Unavailable)
    def get(self, request: Request) -> HttpResponse:
        return _answer(services.get_cart(_owner(request)))

    @extend_schema(operation_id="cart_empty", summary="Empty the cart", responses={204: None})
    @raises(Unavailable)
    def delete(self, request: Request) -> Response:
        services.discard_cart(_owner(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["cart"])
class CartItems(ApiView):
    @extend_schema(
        operation_id="cart_add",
        summary="Put a product into the cart",
        description="Adds to what is there, as far as the stock goes: a notice says where it did not. A cart holds "
        f"{settings.CART_MAX_LINES} different items, {settings.CART_MAX_QUANTITY} pieces of each.",
        request=AddInput,
        responses=CartOutput,
    )
    @raises(services.VariantRequired, services.NotForSale, services.SoldOut, services.CartFull, Unavailable)
    def post(self, request: Request) -> HttpResponse:
        return _answer(services.add_product(_owner(request), **validated(AddInput, request)))


@extend_schema(tags=["cart"])
class CartItem(ApiView):
    @extend_schema(
        operation_id="cart_set",
        summary="Set how many of a product are in the cart",
        description="As far as the stock goes: a notice says where it did not. A line that is not there is made.",
        request=QuantityInput,
        responses=CartOutput,
    )
    @raises(services.VariantRequired, services.NotForSale, services.SoldOut, services.CartFull, Unavailable)
    def put(self, request: Request, product_id: int) -> HttpResponse:
        line = validated(QuantityInput, request)
        return _answer(services.set_product(_owner(request), product_id=product_id, **line))

    @extend_schema(
        operation_id="cart_remove",
        summary="Take a product out of the cart",
        parameters=[LineQuery],
        responses={200: CartOutput},
    )
    @raises(services.VariantRequired, services.NotForSale, Unavailable)
    def delete(self, request: Request, product_id: int) -> HttpResponse:
        line = query(LineQuery, request)
        return _answer(services.set_product(_owner(request), product_id=product_id, quantity=0, **line))


def _owner(request: Request) -> str:
    return str(request.user.pk)


def _answer(cart: PricedCart) -> HttpResponse:
    """A plain response with finished JSON: rendering a `Response` of DRF's would cost more."""
    return HttpResponse(to_json(cart_json(cart)), content_type="application/json")
