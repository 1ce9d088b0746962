"""Who sends a request to the API: whoever its bearer token names."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import selectors, tokens
from accounts.models import User
from accounts.tokens import Claims, InvalidToken, SecondFactorRequired, UserInactive
from pymart.common.errors import DomainError


class BearerAuthentication(BaseAuthentication):
    """
    `Authorization: Bearer <access token>`: one decoding and one light query. `request.auth` are the token's claims.

    A token that does not count is refused on public endpoints too: its sender believes to be somebody.
    """

    def authenticate(self, request: Request) -> tuple[User, Claims] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = tokens.read(token.strip(), tokens.ACCESS)
            user = selectors.user_of_claims(claims)
            tokens.refuse_who_may_not(user, claims)
        except (InvalidToken, UserInactive, SecondFactorRequired) as refusal:
            raise _failed(refusal) from refusal
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _failed(refusal: DomainError) -> AuthenticationFailed:
    return AuthenticationFailed(str(refusal), refusal.code)


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = BearerAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
