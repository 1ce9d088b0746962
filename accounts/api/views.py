from typing import Any

from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors, services
from accounts.api.serializers import (
    USER,
    AccessInput,
    EraseInput,
    InboxOutput,
    LoginInput,
    LogoutInput,
    NotificationQuery,
    ProfileForm,
    ProfileInput,
    ReadInput,
    RefreshInput,
    RegisterInput,
    SignedInOutput,
    TokensOutput,
    UnreadOutput,
    UserOutput,
    UserQuery,
    notification_out,
    tokens_out,
    user_out,
)
from accounts.models import User
from accounts.signals import OrdersUnderWay
from pymart.common import audit
from pymart.common.api.pagination import page_of
from pymart.common.api.parsers import JsonParser, MultiPartParser
from pymart.common.api.permissions import IsAdmin
from pymart.common.api.schema import page_schema, raises
from pymart.common.api.serializers import query, validated
from pymart.common.api.views import ApiView
from pymart.common.errors import Throttled, Unavailable
from pymart.common.images import BadImage
from pymart.common.storage import StorageUnavailable

NOT_TO_KEEP = {"Cache-Control": "no-store"}  # tokens


class Door(ApiView):
    """
    For those who have no token, or an old one, which is not looked at. What needs counting its service counts, for the
    web pages as well.
    """

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_scope = None

    def signed_in(self, request: Request, user: User, *, status: int, code: str = "") -> Response:
        pair = services.sign_in(_plain(request), user=user, code=code)
        return Response({**tokens_out(pair), "user": user_out(user, request)}, status=status, headers=NOT_TO_KEEP)


class Register(Door):
    @extend_schema(
        operation_id="auth_register",
        tags=["auth"],
        summary="Open an account",
        description="It is a buyer's. Each client IP may open some in an hour.",
        request=RegisterInput,
        responses={201: SignedInOutput},
    )
    @raises(services.EmailTaken, Throttled, Unavailable)
    def post(self, request: Request) -> Response:
        user = services.register(_plain(request), **validated(RegisterInput, request))
        return self.signed_in(request, user, status=201)


class Login(Door):
    @extend_schema(
        operation_id="auth_login",
        tags=["auth"],
        summary="Log in",
        description="Attempts are counted by client IP, with those on the web pages, and by account; a success takes "
        "back what its account had cost. Staff "
        "who have a second factor, or must have one, send its `code` too: without it the answer is 401 "
        "`second_factor_required`.",
        request=LoginInput,
        responses=SignedInOutput,
    )
    @raises(services.InvalidCredentials, services.SecondFactorRequired, services.WrongCode, Throttled, Unavailable)
    def post(self, request: Request) -> Response:
        data = validated(LoginInput, request)
        code = data.pop("code", "")
        user = services.authenticate_user(_plain(request), **data)
        return self.signed_in(request, user, status=200, code=code)


class Refresh(Door):
    @extend_schema(
        operation_id="auth_refresh",
        tags=["auth"],
        summary="Exchange the refresh token for a new pair",
        description="The token is spent by that: used again it is refused. Of requests at the same time one wins.",
        request=RefreshInput,
        responses=TokensOutput,
    )
    @raises(services.InvalidToken, services.ExpiredToken, services.UserInactive, services.SecondFactorRequired)
    def post(self, request: Request) -> Response:
        pair = services.refresh_tokens(**validated(RefreshInput, request))
        return Response(tokens_out(pair), headers=NOT_TO_KEEP)


class Logout(ApiView):
    @extend_schema(
        operation_id="auth_logout",
        tags=["auth"],
        summary="Log out",
        description="Takes the refresh token back. The access token ends by itself within half an hour.",
        request=LogoutInput,
        responses={204: None},
    )
    @raises(services.InvalidToken, services.ExpiredToken)
    def post(self, request: Request) -> Response:
        data = validated(LogoutInput, request)
        if "refresh_token" in data:
            services.revoke(user=request.user, refresh_token=data["refresh_token"])
        else:
            services.revoke_pair(claims=request.auth)
        return Response(status=204)


class Me(ApiView):
    parser_classes = [JsonParser, MultiPartParser]

    @extend_schema(operation_id="auth_me", tags=["auth"], summary="Who am I", responses=UserOutput)
    def get(self, request: Request) -> Response:
        return Response(user_out(request.user, request))

    @extend_schema(
        operation_id="auth_me_update",
        tags=["auth"],
        summary="Change the profile",
        description="Only what is sent. The avatar travels as `multipart/form-data`.",
        request={"application/json": ProfileInput, "multipart/form-data": ProfileForm},
        responses=UserOutput,
    )
    @raises(services.UserInactive, BadImage, StorageUnavailable)
    def patch(self, request: Request) -> Response:
        data = validated(ProfileForm if isinstance(request.data, QueryDict) else ProfileInput, request)
        removes = "avatar" in data and data["avatar"] is None
        user = services.update_profile(user=request.user, **data, remove_avatar=removes)
        return Response(user_out(user, request))


class MyData(ApiView):
    @extend_schema(
        operation_id="auth_me_data",
        tags=["auth"],
        summary="What is kept about me",
        description="By what it is: `profile`, `addresses`, `orders` and so on. For people: names may be added.",
        responses=OpenApiTypes.OBJECT,
        examples=[OpenApiExample("Example", {"profile": USER, "addresses": [], "orders": []})],
    )
    @raises(Unavailable)
    def get(self, request: Request) -> Response:
        return Response(selectors.personal_data(request.user), headers=NOT_TO_KEEP)


class EraseMe(ApiView):
    @extend_schema(
        operation_id="auth_me_erase",
        tags=["auth"],
        summary="Delete my account for good",
        description="Profile, addresses, cart, wishlist and notifications are gone at once, and all tokens with them. "
        "Orders and invoices stay, as tax law demands; reviews stay without a name.",
        request=EraseInput,
        responses={204: None},
    )
    @raises(
        services.WrongPassword,
        services.StaffNotErased,
        services.ShopNotErased,
        OrdersUnderWay,
        Throttled,
        Unavailable,
    )
    def post(self, request: Request) -> Response:
        services.erase_own_account(user=request.user, **validated(EraseInput, request))
        return Response(status=204)


class Notifications(ApiView):
    @extend_schema(
        operation_id="notifications_list",
        tags=["notifications"],
        summary="What happened",
        parameters=[NotificationQuery],
        responses=InboxOutput,
    )
    def get(self, request: Request) -> Response:
        after = query(NotificationQuery, request)["after"]
        rows = selectors.latest_notifications(request.user, after=after)
        unread_count = selectors.unread_count(request.user.pk)
        return Response({"unread_count": unread_count, "results": [notification_out(row) for row in rows]})


class NotificationsRead(ApiView):
    @extend_schema(
        operation_id="notifications_read",
        tags=["notifications"],
        summary="Mark notifications read",
        description="Ids of others, and of what was read before, change nothing.",
        request=ReadInput,
        responses=UnreadOutput,
    )
    def post(self, request: Request) -> Response:
        services.mark_read(user=request.user, **validated(ReadInput, request))
        return Response({"unread_count": selectors.unread_count(request.user.pk)})


class Users(ApiView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_users_list",
        tags=["admin"],
        summary="All accounts, the newest first",
        parameters=[UserQuery],
        responses=page_schema(UserOutput),
        examples=[OpenApiExample("Example", {"count": 1, "next": None, "previous": None, "results": [USER]})],
    )
    def get(self, request: Request) -> Response:
        asked = query(UserQuery, request)
        found = selectors.users_found(**{name: asked[name] for name in ("role", "is_active", "q") if name in asked})
        return Response(
            page_of(request, found, order=["-id"], render=lambda rows: [user_out(row, request) for row in rows])
        )


class UserAccess(ApiView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_users_update",
        tags=["admin"],
        summary="Change a role, close or open an account",
        description="Closing ends all sessions and tokens at once. Who becomes a seller gets a shop, approved if its "
        "address is known and waiting for that if not; the shop of somebody who becomes a buyer, or whose account is "
        "closed, is suspended.",
        request=AccessInput,
        responses=UserOutput,
    )
    @raises(services.OwnAccount, services.AccountErased, services.LastAdmin)
    def patch(self, request: Request, pk: int) -> Response:
        user = get_object_or_404(User, pk=pk)
        changes = validated(AccessInput, request)
        with audit.noted(_plain(request), user, "change access"):
            user = services.set_access(user=user, by=request.user, **changes)
        return Response(user_out(user, request))


def _plain(request: Request) -> HttpRequest:
    """Django's own request, for services that the web pages call too."""
    return request._request
