"""The committed description of the API, by operation."""

import json
import re
from typing import Any

import jsonschema_rs
from django.conf import settings

SCHEMA: dict[str, Any] = json.loads((settings.BASE_DIR / "openapi.json").read_bytes())
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{method.upper()} {path}": operation
    for path, item in SCHEMA["paths"].items()
    for method, operation in item.items()
}


def validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": SCHEMA["components"]}, validate_formats=True)


def operation_at(method: str, path: str) -> dict[str, Any]:
    """:param path: with whatever names its parameters have."""
    shape = re.sub(r"{[^}]*}", "{}", f"{method} /api/v1{path}")
    return next(operation for name, operation in OPERATIONS.items() if re.sub(r"{[^}]*}", "{}", name) == shape)
