"""The JSON API: which address belongs to which app, and what its schema says of the whole."""

from typing import Any

from django.urls import include, path

from pymart import views

app_name = "api"
APPS = ["cart", "catalog", "payments", "orders", "reviews", "accounts"]  # as often as they are asked
urlpatterns = [*(path("", include(f"{app}.api.urls")) for app in APPS), path("schema", views.api_schema, name="schema")]

DESCRIPTION = """
Everything the shop does, for apps: the same rules as the web pages, over JSON.

**Who you are.** `POST /api/v1/auth/login` answers an access token (30 minutes) and a refresh token (7 days). Send
`Authorization: Bearer <access_token>`; when it has expired, `POST /api/v1/auth/refresh` answers a new pair and ends the
old refresh token.

**Money** is a decimal string in rupees, `"1299.00"`; only `payment.amount` is in paise, as Razorpay's SDK wants it.
**Times** are ISO 8601 with their offset. **Lists** answer `count`, `next`, `previous` and `results`: follow `next`,
which stays quick however deep it leads. **Errors** have one shape; `code` is for your program, `detail` for your user.
Unknown fields in a body are refused; in an address unknown parameters are ignored, and so are empty ones.

**Sending again.** A checkout, a payment or a cancellation that got no answer is sent again with the same
`Idempotency-Key`, and has its effect once. After 429 wait for `Retry-After` seconds. Every answer carries
`X-Request-ID`: name it when you ask for help.

**Live.** `wss://…/ws?token=<access_token>` sends the user's notifications as they are written; connect again with
`?after=<id of the last one>` and what was missed comes first. Close codes: 4400 `after` is no id, 4401 no token, or
a bad or expired one, 4403 closed account.
"""
TAGS = {
    "auth": "Accounts and tokens.",
    "products": "What is sold.",
    "categories": "The tree of what is sold.",
    "cart": "Of the user, kept for 30 days.",
    "orders": "From checkout to delivery.",
    "reviews": "What buyers say.",
    "notifications": "What happened, live at `/ws` too.",
    "admin": "For staff.",
}


def _to(operation_id: str, body: dict[str, Any] | None = None, **parameters: str) -> dict[str, Any]:
    """A link: which operation, and where its parameters and body come from."""
    link: dict[str, Any] = {"operationId": operation_id}
    if parameters:
        link["parameters"] = parameters
    if body:
        link["requestBody"] = body
    return link


_SIGNED_IN = {
    "refresh": _to("auth_refresh", body={"refresh_token": "$response.body#/refresh_token"}),
    "log out": _to("auth_logout", body={"refresh_token": "$response.body#/refresh_token"}),
    "who am I": _to("auth_me"),
}
_FIRST, _ID = "$response.body#/results/0", "$response.body#/id"
_PRODUCT = {
    "replace": _to("products_replace", id=_ID),
    "change": _to("products_update", id=_ID),
    "publish or archive": _to("products_set_status", id=_ID),
    "take off sale": _to("products_archive", id=_ID),
    "show": _to("products_retrieve", slug="$response.body#/slug"),
}
_ORDER = {
    "show": _to("orders_read", id=_ID),
    "pay": _to("orders_pay", id=_ID),
    "cancel": _to("orders_cancel", id=_ID),
    "take a step on": _to("orders_advance", id=_ID),
}
_CART = {
    "set quantity": _to("cart_set", product_id="$response.body#/items/0/product_id"),
    "remove": _to("cart_remove", product_id="$response.body#/items/0/product_id"),
    "check out": _to("orders_checkout"),
}
_REVIEW = {"product_id": "$response.body#/product_id", "id": _ID}
# What an answer leads to: operation → status → name → link.
LINKS: dict[str, dict[str, dict[str, Any]]] = {
    "auth_register": {"201": _SIGNED_IN},
    "auth_login": {"200": _SIGNED_IN},
    "auth_refresh": {"200": _SIGNED_IN},
    "products_list": {
        "200": {
            "show": _to("products_retrieve", slug=f"{_FIRST}/slug"),
            "reviews": _to("reviews_list", product_id=f"{_FIRST}/id"),
            "review": _to("reviews_create", product_id=f"{_FIRST}/id"),
            "add to cart": _to("cart_add", body={"product_id": f"{_FIRST}/id"}),
            "of its category": _to("categories_retrieve", slug=f"{_FIRST}/category/slug"),
        }
    },
    "products_retrieve": {
        "200": {
            "reviews": _to("reviews_list", product_id=_ID),
            "review": _to("reviews_create", product_id=_ID),
            "add to cart": _to("cart_add", body={"product_id": _ID}),
            "add variant to cart": _to(
                "cart_add", body={"product_id": _ID, "variant_id": "$response.body#/variants/0/id"}
            ),
        }
    },
    "products_my": {
        "200": {
            "change": _to("products_update", id=f"{_FIRST}/id"),
            "publish or archive": _to("products_set_status", id=f"{_FIRST}/id"),
        }
    },
    "products_create": {"201": _PRODUCT},
    "products_replace": {"200": _PRODUCT},
    "products_update": {"200": _PRODUCT},
    "admin_products_list": {"200": {"publish or archive": _to("admin_products_set_status", id=f"{_FIRST}/id")}},
    "categories_list": {"200": {"show": _to("categories_retrieve", slug="$response.body#/0/slug")}},
    "categories_create": {
        "201": {
            "show": _to("categories_retrieve", slug="$response.body#/slug"),
            "change": _to("categories_update", id=_ID),
            "delete": _to("categories_delete", id=_ID),
        }
    },
    "cart_read": {"200": _CART},
    "cart_add": {"200": _CART},
    "cart_set": {"200": _CART},
    "orders_checkout": {
        "201": {
            **{name: {**link, "parameters": {"id": "$response.body#/order/id"}} for name, link in _ORDER.items()},
            "verify": _to(
                "orders_verify",
                id="$response.body#/order/id",
                body={"razorpay_order_id": "$response.body#/payment/razorpay_order_id"},
            ),
        }
    },
    "orders_list": {
        "200": {name: {**link, "parameters": {"id": f"{_FIRST}/id"}} for name, link in _ORDER.items()},
    },
    "orders_read": {"200": {name: link for name, link in _ORDER.items() if name != "show"}},
    "admin_orders_list": {
        "200": {name: {**link, "parameters": {"id": f"{_FIRST}/id"}} for name, link in _ORDER.items()}
    },
    "reviews_list": {"200": {"find helpful": _to("reviews_helpful", id=f"{_FIRST}/id")}},
    "reviews_create": {
        "201": {
            "edit": _to("reviews_update", **_REVIEW),
            "remove": _to("reviews_delete", **_REVIEW),
            "find helpful": _to("reviews_helpful", id=_ID),
        }
    },
    "admin_reviews_list": {"200": {"remove": _to("admin_reviews_delete", id=f"{_FIRST}/id")}},
    "admin_users_list": {"200": {"change": _to("admin_users_update", id=f"{_FIRST}/id")}},
    "notifications_list": {
        "200": {
            "mark read": _to("notifications_read", body={"ids": [f"{_FIRST}/id"]}),
            "what came since": _to("notifications_list", after=f"{_FIRST}/id"),
        }
    },
}


def complete_schema(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular's."""
    result["info"]["description"] = DESCRIPTION.strip()
    result["tags"] = [{"name": name, "description": description} for name, description in TAGS.items()]
    for path_item in result["paths"].values():
        for operation in path_item.values():
            for status, links in LINKS.get(operation["operationId"], {}).items():
                operation["responses"][status]["links"] = links
    return result
