"""All errors leave the API in one shape: that of `drf-standardized-errors`, with our own refusals in it."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import VALIDATION_ERROR, Error, ErrorType
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, NotAuthenticated, ParseError
from rest_framework.response import Response
from rest_framework.settings import api_settings

from pymart.common.api.renderers import to_json
from pymart.common.errors import DomainError, Throttled, Unavailable

LOG_IN_FIRST = "Log in first."


class Refused(APIException):
    """A `DomainError` on its way out."""

    def __init__(self, error: DomainError) -> None:
        self.status_code = error.status
        if error.status == status.HTTP_401_UNAUTHORIZED:
            self.auth_header = "Bearer"
        self.errors = [Error(part.code, part.detail, part.field) for part in error.parts()]
        super().__init__(str(error), error.code)


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request is too large."
    default_code = "too_large"


class Handler(ExceptionHandler):
    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, DomainError):
            return Refused(exc)
        if isinstance(exc, OperationalError):  # reported as any bug is, but told as what passes
            return Refused(Unavailable())
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, SuspiciousOperation):  # too many fields or files, a name that leaves its folder
            return ParseError()
        if isinstance(exc, NotAuthenticated):
            exc.detail = ErrorDetail(LOG_IN_FIRST, exc.default_code)
        return super().convert_known_exceptions(exc)

    def report_exception(self, exc: APIException, response: Response) -> None:
        """Nobody need look into a refusal, be it a 503."""
        if not isinstance(self.exc, DomainError):
            super().report_exception(exc, response)

    def get_headers(self, exc: APIException) -> dict[str, str]:
        headers = super().get_headers(exc)
        if isinstance(self.exc, Throttled):
            headers |= self.exc.headers()
        return headers


class Formatter(ExceptionFormatter):
    def get_errors(self) -> list[Error]:
        if isinstance(self.exc, Refused):
            return self.exc.errors
        return [Error(each.code, each.detail, _without_tail(each.attr)) for each in super().get_errors()]

    def get_error_type(self) -> ErrorType:
        if isinstance(self.exc, Refused) and self.exc.status_code == 400 and self.exc.errors[0].attr:
            return VALIDATION_ERROR
        return super().get_error_type()


def _without_tail(attr: str | None) -> str | None:
    """What is wrong with a whole list, such as its length, is about the list; with the whole body, about no field."""
    whole = api_settings.NON_FIELD_ERRORS_KEY
    return None if attr is None or attr == whole else attr.removesuffix(f".{whole}")


def error_body(*, code: str, detail: str, status: int) -> dict[str, Any]:
    """The shape, for answers that no view makes."""
    kind = "server_error" if status >= 500 else "client_error"
    return {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}


def error_response(*, code: str, detail: str, status: int) -> HttpResponse:
    body = error_body(code=code, detail=detail, status=status)
    return HttpResponse(to_json(body), status=status, content_type="application/json")
