"""What a description of an interface cannot say, done for the cases that are meant to be accepted."""

from io import BytesIO
from typing import Any

import schemathesis
from PIL import Image

PASSWORD = "mango-tree-42"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    if case.meta and case.meta.generation.mode.is_positive:
        _forget_made_up_cursors(case)
        if isinstance(case.body, dict):
            _choose_a_password(case)
            _take_pictures(case)


def _forget_made_up_cursors(case: schemathesis.Case) -> None:
    """A cursor looks like any text; what is one, only a list says."""
    if case.query:
        case.query.pop("cursor", None)


def _choose_a_password(case: schemathesis.Case) -> None:
    """Of the right form, but easy to guess."""
    if case.operation.label.endswith("/auth/register"):
        case.body["password"] = PASSWORD


def _take_pictures(case: schemathesis.Case) -> None:
    """Any bytes are a file; pictures are few of them. And a form knows no null."""
    if case.media_type == "multipart/form-data":
        if "avatar" in case.body:
            case.body["avatar"] = _picture()
        if case.body.get("images"):
            case.body["images"] = [_picture() for _ in case.body["images"]]


def _picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "#c98").save(buffer, "PNG")
    return buffer.getvalue()
