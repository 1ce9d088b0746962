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
Unknown fields in a body are refused, unknown parameters in an address ignored.

**Sending again.** A checkout, a payment or a cancellation that got no answer is sent again with the same
`Idempotency-Key`, and has its effect once. After 429 wait for `Retry-After` seconds. Every answer carries
`X-Request-ID`: name it when you ask for help.

**Live.** `wss://…/ws?token=<access_token>` sends the user's notifications as they are written; connect again with
`?after=<id of the last one>` and what was missed comes first. Close codes: 4401 bad or expired token, 4403 closed
account.
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
# What an answer leads to: operation → status → name → the operation and where its parameters come from.
LINKS: dict[str, dict[str, dict[str, Any]]] = {
    "products_create": {
        "201": {
            "show": {"operationId": "products_retrieve", "parameters": {"slug": "$response.body#/slug"}},
            "change": {"operationId": "products_update", "parameters": {"id": "$response.body#/id"}},
            "set_status": {"operationId": "products_set_status", "parameters": {"id": "$response.body#/id"}},
            "archive": {"operationId": "products_archive", "parameters": {"id": "$response.body#/id"}},
        }
    },
    "categories_create": {
        "201": {
            "show": {"operationId": "categories_retrieve", "parameters": {"slug": "$response.body#/slug"}},
            "change": {"operationId": "categories_update", "parameters": {"id": "$response.body#/id"}},
            "delete": {"operationId": "categories_delete", "parameters": {"id": "$response.body#/id"}},
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
