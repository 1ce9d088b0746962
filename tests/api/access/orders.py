from tests.api.access.table import Rule, admins, members

RULES: list[Rule] = [
    members("GET", "/orders"),
    Rule("GET", "/orders/{paid_order}", 401, 200, 404, 200, 404, 200),
    Rule("GET", "/orders/{pending_order}", 401, 200, 404, 200, 404, 200),
    Rule("PATCH", "/orders/{paid_order}/status", 401, 403, 403, 200, 404, 200, body={"status": "processing"}),
    Rule("PATCH", "/orders/{pending_order}/status", 401, 403, 403, 409, 404, 409, body={"status": "processing"}),
    Rule("PATCH", "/orders/{paid_order}/status", 401, 403, 403, 409, 404, 409, body={"status": "cancelled"}),
    Rule("POST", "/orders/{paid_order}/cancel", 401, 200, 404, 403, 404, 200, body={}),
    Rule("POST", "/orders/{pending_order}/cancel", 401, 200, 404, 403, 404, 200, body={"reason": "Changed my mind"}),
    admins("GET", "/admin/orders"),
]
