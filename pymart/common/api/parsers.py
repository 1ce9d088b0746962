from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from pymart.common.api.renderers import JsonRenderer


class JsonParser(parsers.BaseParser):
    """Strict JSON: no NaN, no lone surrogates. `request.body` refuses what is larger than Django's own limit."""

    media_type = "application/json"
    renderer_class = JsonRenderer

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = (parser_context or {})["request"]._request.body
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"This is no JSON: {error}.") from error


class MultiPartParser(parsers.MultiPartParser):
    """Refuses by its length what could only be too much, before any of it is read."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        from pymart.common.api.errors import TooLarge

        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if int(length) > settings.API_MAX_UPLOAD:
            raise TooLarge
        return super().parse(stream, media_type, parser_context)
