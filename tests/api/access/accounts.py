from accounts.services import issue_tokens
from tests.api.access.table import Rule, admins, members, public
from tests.factories import PASSWORD, make_user


def _log_in(world):
    return {"email": make_user(email="ravi@example.com").email, "password": PASSWORD}


def _refresh(world):
    return {"refresh_token": issue_tokens(world.actors["buyer"]).refresh_token}


RULES: list[Rule] = [
    # A token that does not count is no obstacle on the way to a new one.
    public(
        "POST",
        "/auth/register",
        201,
        inactive=201,
        body={"email": "new@example.com", "password": "mango-tree-42", "full_name": "Ravi Iyer"},
    ),
    public("POST", "/auth/login", inactive=200, body=_log_in),
    public("POST", "/auth/refresh", inactive=200, body=_refresh),
    members("POST", "/auth/logout", 204),
    members("GET", "/auth/me"),
    members("PATCH", "/auth/me", body={"full_name": "Ravi Iyer"}),
    members("GET", "/auth/me/data"),
    # The buyer has an order under way; shops and staff are closed by people.
    Rule("POST", "/auth/me/erase", 401, 409, 204, 409, 409, 409, body={"current_password": PASSWORD}),
    members("GET", "/notifications"),
    members("POST", "/notifications/read"),
    admins("GET", "/admin/users"),
    admins("PATCH", "/admin/users/{buyer}", body={"role": "seller", "is_active": False}),
]
