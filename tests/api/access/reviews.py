from tests.api.access.table import Rule, admins, public

OPINION = {"rating": 5, "title": "Shines still", "body": "After a month as on the first day."}

RULES: list[Rule] = [
    public("GET", "/products/{product}/reviews"),
    Rule("POST", "/products/{product}/reviews", 401, 409, 201, 403, 403, 403, body=OPINION),
    Rule("PUT", "/products/{product}/reviews/{review}", 401, 200, 404, 404, 404, 404, body=OPINION),
    Rule("DELETE", "/products/{product}/reviews/{review}", 401, 204, 404, 404, 404, 204),
    Rule("POST", "/reviews/{review}/helpful", 401, 403, 200, 200, 200, 200),
    Rule("POST", "/reviews/{review}/report", 401, 403, 204, 204, 204, 204, body={"reason": "spam"}),
    admins("GET", "/admin/reviews"),
    admins("DELETE", "/admin/reviews/{review}", 204),
]
