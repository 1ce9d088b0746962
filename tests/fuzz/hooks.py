"""What a description of an interface cannot say, done for the cases that are meant to be accepted."""

import hashlib
import hmac
import json
import os
import re
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
import requests
import schemathesis
from hypothesis import strategies
from PIL import Image
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.transport.serialization import contains_binary

PASSWORD = "mango-tree-42"
VARIANT_REQUIRED = b'"code":"variant_required"'
MOBILE = re.compile(r"(\+91)?[6-9][0-9]{9}")


def _picture(format: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (256, 256), "#c98").save(buffer, format)
    return buffer.getvalue()


# Any bytes are a file; pictures are few of them.
schemathesis.openapi.format("binary", strategies.sampled_from([_picture(name) for name in ("JPEG", "PNG", "WEBP")]))


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    if not (case.meta and case.meta.generation.mode.is_positive):
        return
    _forget_made_up_cursors(case)
    shop = Shop(case)
    match case.operation.definition.raw["operationId"]:
        case "auth_register":
            case.body["password"] = PASSWORD  # one that is not easy to guess
        case "products_create" | "products_replace" | "products_update" as operation if isinstance(case.body, dict):
            _fit_the_catalogue(case.body, shop.category(), is_partial=operation == "products_update")
        case "categories_create" | "categories_update" if isinstance(case.body, dict):
            case.body.pop("parent", None)  # there are few
        case "orders_checkout":
            shop.fill_cart()
        case "orders_verify":
            shop.sign_payment()
        case "orders_webhook":
            kwargs["auth"] = _signed_by_razorpay
    if isinstance(case.body, dict) and not contains_binary(case.body):  # to change one with a file makes it a bad one
        _take_numbers_that_are_in_use(case.body)


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """
    A form has fields: what is sent as one but has none reads as one that is empty, and Twisted, on which the
    development server stands, refuses it before we see it.
    """
    if case.media_type != "multipart/form-data":
        return True
    return isinstance(case.body, dict) and any(value != [] for value in case.body.values())


@schemathesis.hook
def filter_failure(
    context: schemathesis.HookContext, failure: Failure, case: schemathesis.Case, response: schemathesis.Response
) -> bool:
    """
    Which product comes in several variants, and needs one to be named, is for its seller to say. And of a form all is
    text when it arrives, so a number is no bad name; Schemathesis knows that, but not where a file travels with it.
    The same is true of an address: a list of one is its text, nothing is an empty text.
    """
    if isinstance(failure, AcceptedNegativeData):
        return not (contains_binary(case.body) or (case.method == "GET" and _is_good_as_text(case, response)))
    return not (isinstance(failure, RejectedPositiveData) and VARIANT_REQUIRED in response.content)


def _is_good_as_text(case: schemathesis.Case, response: schemathesis.Response) -> bool:
    """Whether the address that was sent is one that the description allows."""
    sent = {name: [str(value)] for name, value in (case.path_parameters or {}).items()}
    sent |= parse_qs(urlsplit(str(response.request.url)).query, keep_blank_values=True)
    parameters = case.operation.definition.raw.get("parameters", [])
    return all(_allows(each, sent[each["name"]]) for each in parameters if each["name"] in sent)


def _allows(parameter: dict[str, Any], texts: list[str]) -> bool:
    schema = parameter["schema"]
    item = schema.get("items", schema)
    values = [_value(text, item) for text in texts if text or not parameter.get("allowEmptyValue")]
    candidates: list[object] = [values] if "items" in schema else values
    return all(jsonschema_rs.is_valid(schema, candidate) for candidate in candidates)


def _value(text: str, schema: dict[str, Any]) -> object:
    if schema.get("type") == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: Any) -> Any:
    _take_numbers_that_are_in_use(body)
    return body


def _forget_made_up_cursors(case: schemathesis.Case) -> None:
    """A cursor looks like any text; what is one, only a list says."""
    if case.query:
        case.query.pop("cursor", None)


def _fit_the_catalogue(body: dict[str, Any], category: str, *, is_partial: bool) -> None:
    """There are few categories and shops; an MRP is no less than its price; the variants' names differ."""
    for name in ("mrp", "seller"):
        body.pop(name, None)
    if "category" in body:
        body["category"] = category
    if not is_partial:
        body["stock"] = body.get("stock", 1)
    if "price" in body or not is_partial:
        body["price"] = "5.00"
    if "attributes" in body:
        body["attributes"] = {"Metal": "Brass"}
    for number, variant in enumerate(body.get("variants") or ()):
        for name in ("id", "sku", "mrp", "attributes"):
            variant.pop(name, None)
        variant |= {"name": str(number), "price": "5.00", "stock": variant.get("stock", 1)}


def _take_numbers_that_are_in_use(body: object) -> None:
    """Of ten digits not all are a telephone number."""
    if isinstance(body, dict):
        if MOBILE.fullmatch(str(body.get("phone"))):
            body["phone"] = "+919876543210"
        for part in body.values():
            _take_numbers_that_are_in_use(part)


def _signed_by_razorpay(request: requests.PreparedRequest) -> requests.PreparedRequest:
    body = request.body.encode() if isinstance(request.body, str) else request.body
    request.headers["X-Razorpay-Signature"] = _signature("RAZORPAY_WEBHOOK_SECRET", body)
    return request


def _signature(secret: str, message: bytes) -> str:
    return hmac.new(os.environ[secret].encode(), message, hashlib.sha256).hexdigest()


class Shop:
    """What a buyer does before the request in question."""

    def __init__(self, case: schemathesis.Case) -> None:
        self.case = case
        self.headers = {"Authorization": f"Bearer {os.environ['FUZZ_TOKEN']}"}

    def ask(self, method: str, path: str, **body: Any) -> Any:
        url = f"{os.environ['FUZZ_URL']}/api/v1/{path}"
        response = requests.request(method, url, json=body or None, headers=self.headers, timeout=30)
        return response.json() if response.ok else None

    def category(self) -> str:
        """One that there is: an admin's run deletes and renames them, too."""
        tree = self.ask("GET", "categories")
        return tree[0]["slug"] if tree else "lamps"

    def fill_cart(self) -> None:
        """An empty one makes no order."""
        self.ask("POST", "cart/items", product_id=int(os.environ["FUZZ_PRODUCT"]))

    def sign_payment(self) -> None:
        """As Razorpay would, had it taken the money."""
        order = self.ask("GET", f"orders/{self.case.path_parameters['id']}")
        if order and order["razorpay_order_id"]:
            paid = f"{order['razorpay_order_id']}|{self.case.body['razorpay_payment_id'].strip()}".encode()
            self.case.body["razorpay_order_id"] = order["razorpay_order_id"]
            self.case.body["razorpay_signature"] = _signature("RAZORPAY_KEY_SECRET", paid)
