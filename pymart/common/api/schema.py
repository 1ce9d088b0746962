"""How the OpenAPI schema is written where drf-spectacular cannot know: errors, strictness, examples."""

from collections.abc import Callable, Sequence
from inspect import getdoc
from typing import Any, TypeVar

from django.core.validators import EmailValidator, RegexValidator
from drf_spectacular.drainage import get_override, set_override
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, inline_serializer
from rest_framework import fields, serializers
from rest_framework.permissions import AllowAny

from pymart.common.api.errors import LOG_IN_FIRST
from pymart.common.api.idempotency import HEADER, REPLAYED, BadIdempotencyKey, IdempotencyKeyInUse, IdempotencyKeyReused
from pymart.common.api.permissions import HasRole
from pymart.common.api.serializers import MoneyField, PatternField, StrictSerializer
from pymart.common.errors import DomainError

F = TypeVar("F", bound=Callable[..., Any])
ERROR = "Error"
ERROR_SCHEMA = {
    "type": "object",
    "description": "What is wrong, in the one shape of all errors.",
    "properties": {
        "type": {"type": "string", "enum": ["validation_error", "client_error", "server_error"]},
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string", "description": "For programs."},
                    "detail": {"type": "string", "description": "For people."},
                    "attr": {"type": ["string", "null"], "description": "The field that it is about, if it is."},
                },
                "required": ["code", "detail", "attr"],
            },
        },
    },
    "required": ["type", "errors"],
}
# Of every operation to which they apply; what an operation refuses for reasons of its own is named by `raises`.
COMMON = {
    400: ("Something in the request is malformed.", "validation_error", "invalid", "A valid integer is required."),
    401: ("No token, or one that is not valid.", "client_error", "not_authenticated", LOG_IN_FIRST),
    403: ("Not allowed.", "client_error", "permission_denied", "You do not have permission to perform this action."),
    404: ("Unknown, or not yours to see.", "client_error", "not_found", "Not found."),
    413: ("The body is too large.", "client_error", "too_large", "The request is too large."),
    415: ("Another media type.", "client_error", "unsupported_media_type", 'Unsupported media type "text/plain".'),
    429: ("Too many requests.", "client_error", "throttled", "Too many attempts. Please try again in 30 seconds."),
}

_ANY = r"[^\u0000]"
_INK = r"[^\s\u0000\u001c-\u001f\u0085]"  # to Python the last ones are blanks, to JavaScript not

HAS_FORM = {"pattern", "format", "enum", "$ref"}

IDEMPOTENCY_ERRORS = (BadIdempotencyKey, IdempotencyKeyReused, IdempotencyKeyInUse)
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
    OpenApiParameter.HEADER,
    description="A UUID, say. The same key and body again get the first answer again, for 24 hours; the same key with "
    "another body is 409 `idempotency_key_reused`, and while the first is being worked on `idempotency_key_in_use`.",
)
# What answers say in their heads, by name; `X-Request-ID` stands in all of them and is told of once, for the whole.
RATE = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
HEADERS = {
    "Retry-After": ("integer", "Seconds to wait before the next attempt."),
    "RateLimit-Limit": ("integer", "Requests that the caller has in the present window."),
    "RateLimit-Remaining": ("integer", "How many of them are left."),
    "RateLimit-Reset": ("integer", "Seconds until they are counted anew."),
    REPLAYED: ("string", "`true` where this is the answer to an earlier request with the same key."),
}


def raises(*errors: type[DomainError]) -> Callable[[F], F]:
    """Tells the schema what a view's method refuses; each class brings its code, status and message as an example."""

    def mark(method: F) -> F:
        method.raises = errors  # type: ignore[attr-defined]
        return method

    return mark


class Schema(AutoSchema):
    """The schema of an `ApiView`."""

    def get_description(self) -> str:
        """What the method says of itself; what our classes say is for us."""
        return getdoc(self._method_handler()) or ""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction == "response":
            for status, examples in sorted(self._errors().items()):
                bodies.setdefault(str(status), self._error_body(status, examples))
            for status, body in bodies.items():
                if headers := self._headers(status, is_counted="429" in bodies):
                    body["headers"] = {name: self._header(name) for name in headers}
        return bodies

    def _headers(self, status: str, *, is_counted: bool) -> list[str]:
        if status == "429":
            return ["Retry-After", *RATE]
        if status >= "3":
            return []
        counts = is_counted and getattr(self.view, "throttle_scope", "any") is not None
        return [*(RATE if counts else ()), *([REPLAYED] if self._is_idempotent() else ())]

    def _header(self, name: str) -> dict[str, str]:
        """A reference: each is described once."""
        kind, description = HEADERS[name]
        described = {"description": description, "schema": {"type": kind}}
        component = ResolvedComponent(name, ResolvedComponent.HEADER, described, name)
        self.registry.register_on_missing(component)
        reference: dict[str, str] = component.ref
        return reference

    def _is_idempotent(self) -> bool:
        return hasattr(self._method_handler(), "is_idempotent")

    def _errors(self) -> dict[int, dict[str, Any]]:
        """Status → examples by name."""
        found: dict[int, dict[str, Any]] = {}
        for status in self._common_statuses():
            _, kind, code, detail = COMMON[status]
            found[status] = {code: _example(kind, code, detail)}
        handler = self._method_handler()
        errors = [*getattr(handler, "raises", ()), *(IDEMPOTENCY_ERRORS if self._is_idempotent() else ())]
        for error in errors:
            kind = "server_error" if error.status >= 500 else "client_error"
            if error.status == 400 and error.field:
                kind = "validation_error"
            example = _example(kind, error.code, getattr(error, "example", None) or error.message, error.field)
            found.setdefault(error.status, {})[error.code] = example
        return found

    def _common_statuses(self) -> Sequence[int]:
        permissions = self.view.get_permissions()
        is_public = any(isinstance(permission, AllowAny) for permission in permissions)
        statuses = []
        if self.method != "GET" or self._get_parameters():
            statuses.append(400)
        if self.view.get_authenticators():
            statuses.append(401)
        if not is_public and any(isinstance(permission, HasRole) for permission in permissions):
            statuses.append(403)
        if "{" in self.path or any(parameter["name"] == "page" for parameter in self._get_parameters()):
            statuses.append(404)
        if self.method in ("POST", "PUT", "PATCH") and self.get_request_serializer():
            statuses += [413, 415]
        if getattr(self.view, "throttle_scope", None if self.method == "GET" else "write"):
            statuses.append(429)
        return statuses

    def _method_handler(self) -> Any:
        return getattr(self.view, self.method.lower(), None)

    def _error_body(self, status: int, examples: dict[str, Any]) -> dict[str, Any]:
        component = ResolvedComponent(ERROR, ResolvedComponent.SCHEMA, ERROR_SCHEMA, ERROR)
        self.registry.register_on_missing(component)
        description = COMMON[status][0] if status in COMMON else "In conflict with how things stand."
        if status >= 500:
            description = "A part that this needs does not answer."
        return {
            "description": description,
            "content": {"application/json": {"schema": component.ref, "examples": examples}},
        }

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self._is_idempotent():
            parameters.append(IDEMPOTENCY_KEY)
        return parameters

    def _get_parameters(self) -> list[dict[str, Any]]:
        """An empty one in the address is as good as none: see `query`."""
        parameters: list[dict[str, Any]] = super()._get_parameters()
        for parameter in parameters:
            if parameter["in"] == "query":
                parameter["allowEmptyValue"] = True
        return parameters

    def _postprocess_serializer_schema(self, schema: Any, serializer: Any, direction: str) -> Any:
        schema = super()._postprocess_serializer_schema(schema, serializer, direction)
        if direction == "request" and isinstance(serializer, StrictSerializer) and "properties" in schema:
            schema["additionalProperties"] = False
            if serializer.is_whole:
                schema["required"] = sorted(name for name, field in serializer.fields.items() if field.required)
            schema |= serializer.rules
        if isinstance(serializer, StrictSerializer) and type(serializer).__doc__ is None:
            schema.pop("description", None)  # its base class's
        return schema

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Any:
        schema = super()._map_serializer_field(field, direction, bypass_extensions)
        if isinstance(field, MoneyField | PatternField):
            schema["pattern"] = field.pattern
        elif direction == "request" and _is_text(field) and not schema.keys() & HAS_FORM:
            schema["pattern"] = _text_pattern(field)
        if direction == "request" and isinstance(field, serializers.ListSerializer):
            bounds = {"minItems": 0 if field.allow_empty else 1, "maxItems": field.max_length}
            schema |= {name: bound for name, bound in bounds.items() if bound}
        return schema

    def _insert_field_validators(self, field: Any, schema: Any) -> None:
        is_any = _is_text(field) and schema.get("pattern") == _text_pattern(field)
        if is_any:
            del schema["pattern"]  # a blank would be taken for an exception to it
        super()._insert_field_validators(field, schema)
        if is_any:
            schema["pattern"] = _text_pattern(field)


def page_schema(item: type[serializers.Serializer], **extra: fields.Field) -> serializers.Serializer:
    """
    The answer of a list endpoint.

    :param extra: what stands beside the results.
    """
    name = item.__name__.removesuffix("Output") + "Page"
    page = inline_serializer(
        name,
        {
            "count": serializers.IntegerField(help_text="Of all pages; up to a minute old where it is large."),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            **extra,
            "results": item(many=True),
        },
    )
    if found := _value_of(item):
        beside = {name: _value_of(field) for name, field in extra.items() if _value_of(field)}
        value = {"count": 1, "next": None, "previous": None, **beside, "results": [found]}
        set_override(type(page), "many", False)
        set_override(type(page), "examples", [OpenApiExample("A page", value, response_only=True)])
    return page


def _value_of(documented: Any) -> Any:
    """The first example of a serializer's."""
    examples = get_override(documented, "examples", [])
    return examples[0].value if examples else None


def _is_text(field: fields.Field) -> bool:
    """Of any form."""
    return isinstance(field, serializers.CharField) and not any(
        isinstance(validator, RegexValidator | EmailValidator) for validator in field.validators
    )


def _text_pattern(field: fields.CharField) -> str:
    """No NUL, which PostgreSQL cannot keep, and as long as it must be without the blanks at its ends, which are cut."""
    length = 0 if field.allow_blank else field.min_length or 1
    if length == 0 or not field.trim_whitespace:
        return f"^{_ANY}*$"
    shortest = _INK if length == 1 else f"{_INK}{_ANY}{{{length - 2},}}{_INK}"
    return f"^{_ANY}*{shortest}{_ANY}*$"


def _example(kind: str, code: str, detail: str, attr: str | None = None) -> dict[str, Any]:
    return {"value": {"type": kind, "errors": [{"code": code, "detail": detail, "attr": attr}]}}
