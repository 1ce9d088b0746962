"""How input is read: strictly, so that a client learns of its mistakes from us and not from its users."""

import re
from collections.abc import Mapping
from copy import copy, deepcopy
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django.http import QueryDict
from rest_framework import fields, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.settings import api_settings

from pymart.common.india import STATES, clean_phone, clean_pincode

UNKNOWN = "There is no such field."
_JSON_TYPES: tuple[tuple[type[fields.Field], type | tuple[type, ...], str], ...] = (
    (fields.BooleanField, bool, "true or false"),
    (fields.IntegerField, int, "an integer"),
    (fields.FloatField, (int, float), "a number"),
    (fields.DecimalField, str, "a decimal number in a string"),
    (fields.CharField, str, "a string"),
    (fields.ChoiceField, str, "a string"),
    (fields.UUIDField, str, "a string"),
    (fields.DateTimeField, str, "a string"),
    (fields.DateField, str, "a string"),
)


class Rows(serializers.ListSerializer):
    """Several of them, in a body or a field."""

    default_error_messages = {"not_a_list": "Must be a list."}


class StrictSerializer(serializers.Serializer):
    """
    Refuses unknown fields, and JSON values of another type than the schema says ("1" is no integer, 1 no string).

    Forms and query strings have only text, which is parsed; pass them through `validated` and `query`.
    """

    default_error_messages = {"invalid": "Must be an object."}
    is_whole = False  # for the schema: what it requires, it requires in a PATCH too
    rules: ClassVar[dict[str, Any]] = {}  # for the schema: what `validate` checks, in its words

    class Meta:
        list_serializer_class = Rows

    def get_fields(self) -> dict[str, fields.Field]:
        """Copies that can be bound to this serializer: DRF makes each field anew, a choice of 36 states included."""
        declared = self._declared_fields.items()
        return {name: deepcopy(field) if hasattr(field, "child") else copy(field) for name, field in declared}

    def run_validation(self, data: Any = fields.empty) -> Any:
        if self.parent is None and not isinstance(data, Mapping):
            problem = fields.ErrorDetail("The body must be a JSON object.", "invalid")
            raise ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [problem]})
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        problems = self._problems(data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **problems}) from None
        if problems:
            raise ValidationError(problems)
        return value

    def _problems(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What DRF would let pass."""
        writable = {field.field_name: field for field in self._writable_fields}
        problems: dict[str, Any] = {
            str(name): [fields.ErrorDetail(UNKNOWN, "unknown_field")] for name in data if name not in writable
        }
        is_text = self.root.context.get("is_text")
        for name in writable.keys() & data.keys():
            if not is_text and (problem := _type_problem(writable[name], data[name])):
                problems[name] = [problem]
            elif too_long := _length_problem(writable[name], data[name]):
                problems[name] = too_long
        return problems


def _type_problem(field: fields.Field, value: object) -> fields.ErrorDetail | None:
    if value is None:
        return None
    if isinstance(field, fields.ListField):
        if not isinstance(value, list):
            return fields.ErrorDetail("Must be a list.", "not_a_list")
        return next(filter(None, (_type_problem(field.child, item) for item in value)), None)
    if isinstance(field, fields.DictField):
        return None if isinstance(value, dict) else fields.ErrorDetail("Must be an object.", "not_a_dict")
    for kind, expected, words in _JSON_TYPES:
        if isinstance(field, kind):
            is_bool = isinstance(value, bool)
            if kind is fields.IntegerField and isinstance(value, float) and value.is_integer():
                return None  # JSON has one kind of numbers: 2.0 is 2
            fits = isinstance(value, expected) and is_bool == (expected is bool)
            return None if fits else fields.ErrorDetail(f"Must be {words}.", "invalid_type")
    return None


def _length_problem(field: fields.Field, value: object) -> Any:
    """As the schema counts: before blanks at the ends are cut. Of a list, the items' problems by their place."""
    if isinstance(field, fields.ListField) and isinstance(value, list):
        return {at: found for at, item in enumerate(value) if (found := _length_problem(field.child, item))}
    limit = getattr(field, "max_length", None)
    if isinstance(field, fields.CharField) and isinstance(value, str) and limit and len(value) > limit:
        return [fields.ErrorDetail(field.error_messages["max_length"].format(max_length=limit), "max_length")]
    return None


class MoneyField(serializers.DecimalField):
    """Rupees: a decimal string with at most two places, `"1299.00"`."""

    pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 12, "decimal_places": 2, "min_value": Decimal(0), **kwargs})

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not re.fullmatch(self.pattern, data):
            self.fail("invalid")
        return super().to_internal_value(data)


class PatternField(serializers.CharField):
    """Text of one form, taken as it is: a blank at one of its ends is none that was meant."""

    pattern = ""
    default_error_messages = {"invalid": "This value does not match the required pattern."}

    def __init__(self, pattern: str = "", **kwargs: Any) -> None:
        self.pattern = pattern or self.pattern
        super().__init__(**{"trim_whitespace": False, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        value: str = super().to_internal_value(data)
        if not re.fullmatch(self.pattern, value):
            self.fail("invalid")
        return value


class PhoneField(PatternField):
    """An Indian mobile number, with or without +91; kept as E.164."""

    pattern = r"^(\+91)?[6-9][0-9]{9}$"
    default_error_messages = {"invalid": "Enter an Indian mobile number, such as +919876543210."}

    def to_internal_value(self, data: Any) -> str:
        return clean_phone(super().to_internal_value(data))


class PincodeField(PatternField):
    pattern = r"^[1-9][0-9]{5}$"
    default_error_messages = {"invalid": "Enter the six digits of the PIN code."}

    def to_internal_value(self, data: Any) -> str:
        return clean_pincode(super().to_internal_value(data))


class LinkField(PatternField):
    """An address in the web, written out."""

    pattern = r"^https?://[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+(:[0-9]{2,5})?([/?#][!-~]*)?$"
    default_error_messages = {"invalid": "Enter an address such as https://track.example/149."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 200, **kwargs})


class StateField(serializers.ChoiceField):
    """A state or union territory by its name."""

    default_error_messages = {"invalid_choice": "Write the full name of a state or union territory, such as Karnataka."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=STATES, **kwargs)


S = TypeVar("S", bound=serializers.Serializer)


def validated(serializer: type[S], request: Request, *, partial: bool = False, **context: Any) -> dict[str, Any]:
    """
    The body of the request, checked.

    :raises ValidationError: naming every field that is wrong.
    """
    return _checked(serializer, request.data, request, partial=partial, **context)


def query(serializer: type[S], request: Request) -> dict[str, Any]:
    """
    The parameters in the address that the serializer knows, checked. Others are ignored, and so is one that is empty,
    as a form sends it that nobody filled in.

    :raises ValidationError: naming every parameter that is wrong.
    """
    known = QueryDict(mutable=True)
    for name in serializer._declared_fields.keys() & request.query_params.keys():
        if (values := request.query_params.getlist(name)) != [""]:
            known.setlist(name, values)
    return _checked(serializer, known, request)


def _checked(serializer: type[S], data: Any, request: Request, *, partial: bool = False, **context: Any) -> dict:
    is_text = isinstance(data, QueryDict)
    if is_text:
        data = _plain(serializer, data)
    checked = serializer(data=data, partial=partial, context={"request": request, "is_text": is_text, **context})
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def _plain(serializer: type[S], data: QueryDict) -> dict[str, Any]:
    """Text as a plain dict: DRF takes what is missing in a form for false, and we do not."""
    lists = {name for name, field in serializer._declared_fields.items() if isinstance(field, fields.ListField)}
    return {name: data.getlist(name) if name in lists else data[name] for name in data}
