"""Forms that carry pictures beside what would be JSON: read into what JSON would have been, to be checked like it."""

import re
from typing import Any

import orjson
from django.http import QueryDict
from rest_framework import fields, serializers
from rest_framework.request import Request

from pymart.common.api.serializers import S

_INTEGER = re.compile(r"-?[0-9]{1,18}")


def validated_body(serializer: type[S], form: type[S], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """
    The body of the request, checked: by `serializer` where it is JSON, by `form` where it is a form.

    :raises ValidationError: naming every field that is wrong.
    """
    data = request.data
    if isinstance(data, QueryDict):
        serializer, data = form, _as_json(form, data)
    checked = serializer(data=data, partial=partial, context={"request": request})
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def _as_json(form: type[S], data: QueryDict) -> dict[str, Any]:
    known = form().fields
    return {name: _value(known.get(name), data.getlist(name)) for name in data}


def _value(field: fields.Field | None, texts: list[Any]) -> Any:
    """What cannot be read stays text, which the field refuses in its own words."""
    match field:
        case fields.ListField() | serializers.ListSerializer() if texts == [""]:
            return []
        case fields.ListField(child=fields.FileField()):
            return texts
        case fields.ListField(child=fields.IntegerField()) | serializers.ListSerializer():
            return _list([_parsed(text) for text in texts])
        case fields.ListField():
            return _list([_parsed(text) if str(text).startswith("[") else text for text in texts])
        case fields.DictField():
            return _parsed(texts[-1])
        case fields.IntegerField():
            return int(texts[-1]) if _INTEGER.fullmatch(str(texts[-1])) else texts[-1]
    return texts[-1]


def _list(values: list[Any]) -> Any:
    """One value that is a list already, or the field repeated for each item."""
    return values[0] if len(values) == 1 and isinstance(values[0], list) else values


def _parsed(text: Any) -> Any:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError):
        return text
