"""A few endpoints made of nothing but the conventions that all endpoints share."""

from django.http import HttpRequest
from django.urls import path
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Notification
from pymart.common.api.idempotency import idempotent, remember, remembered
from pymart.common.api.pagination import page_of
from pymart.common.api.parsers import JsonParser, MultiPartParser
from pymart.common.api.permissions import IsSeller
from pymart.common.api.serializers import MoneyField, PhoneField, PincodeField, StrictSerializer, query, validated
from pymart.common.api.views import ApiView
from pymart.common.errors import DomainError, Part
from pymart.views import error_404, error_500

handler404, handler500 = error_404, error_500
calls: list[object] = []


class Line(StrictSerializer):
    sku = serializers.CharField(max_length=10)


class Everything(StrictSerializer):
    name = serializers.CharField(max_length=20, required=False)
    count = serializers.IntegerField(min_value=0, required=False)
    wanted = serializers.BooleanField(required=False)
    price = MoneyField(required=False)
    phone = PhoneField(required=False)
    pincode = PincodeField(required=False)
    ids = serializers.ListField(child=serializers.IntegerField(), required=False)
    lines = Line(many=True, required=False)


class Short(DomainError):
    code = "short"

    def parts(self) -> list[Part]:
        return [Part("short", "Only 1 lamp left.", "lines.0"), Part("short", "Only 2 pots left.", "lines.1")]


class Public(ApiView):
    permission_classes = [AllowAny]


class Echo(Public):
    parser_classes = [JsonParser, MultiPartParser]

    def get(self, request: Request) -> Response:
        return Response(query(Everything, request))

    def post(self, request: Request) -> Response:
        return Response(validated(Everything, request))


class Refusing(Public):
    def post(self, request: Request) -> Response:
        raise Short


class Broken(Public):
    def get(self, request: Request) -> Response:
        raise RuntimeError("a bug")


class Sellers(ApiView):
    permission_classes = [IsSeller]

    def get(self, request: Request) -> Response:
        return Response({})


class Inbox(ApiView):
    def get(self, request: Request) -> Response:
        rows = Notification.objects.filter(user=request.user)
        order = request.query_params.get("order", "-id").split(",")
        return Response(page_of(request, rows, order=order, render=lambda found: [row.pk for row in found]))


class Once(ApiView):
    throttle_scope = None

    @idempotent
    def post(self, request: Request) -> Response:
        data = validated(Everything, request)
        calls.append(remembered(request) or data)
        if data.get("name") == "refuse":
            raise Short
        remember(request, "cart 7")
        if data.get("name") == "crash":
            raise SystemExit
        if data.get("name") == "bug":
            raise RuntimeError("a bug")
        return Response({"call": len(calls)}, status=201)


def home(request: HttpRequest) -> None:
    raise RuntimeError("a bug before any view of the API")


urlpatterns = [
    path("api/v1/echo", Echo.as_view()),
    path("api/v1/refusing", Refusing.as_view()),
    path("api/v1/broken", Broken.as_view()),
    path("api/v1/sellers", Sellers.as_view()),
    path("api/v1/inbox", Inbox.as_view()),
    path("api/v1/once", Once.as_view()),
    path("api/v1/plain", home),
]
