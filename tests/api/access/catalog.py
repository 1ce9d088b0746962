from tests.api.access.table import Rule, admins, public

PRODUCT = {"title": "Lamp", "description": "Of brass.", "category": "lamps", "price": "600.00", "stock": 1}
CHANGE = {"title": "Lamp", "stock": 3}
STATUS = {"status": "archived"}
CATEGORY = {"name": "Lights"}

RULES: list[Rule] = [
    public("GET", "/products"),
    public("GET", "/products/suggest"),
    Rule("GET", "/products/my", 401, 403, 403, 200, 200, 200),
    public("GET", "/products/{product_slug}"),
    Rule("GET", "/products/{draft_slug}", 404, 404, 404, 200, 404, 200),
    public("GET", "/categories"),
    public("GET", "/categories/{category_slug}"),
    Rule("POST", "/products", 401, 403, 403, 201, 201, 403, body=PRODUCT),  # staff name a shop
    Rule("POST", "/products", 401, 403, 403, 201, 201, 403, body=PRODUCT, multipart=True),
    Rule("PUT", "/products/{product}", 401, 403, 403, 200, 403, 200, body=PRODUCT),
    Rule("PATCH", "/products/{product}", 401, 403, 403, 200, 403, 200, body=CHANGE),
    Rule("PATCH", "/products/{draft}", 401, 403, 403, 200, 404, 200, body=CHANGE),
    Rule("PATCH", "/products/{product}/status", 401, 403, 403, 200, 403, 200, body=STATUS),
    Rule("PATCH", "/products/{draft}/status", 401, 403, 403, 200, 404, 200, body=STATUS),
    Rule("DELETE", "/products/{product}", 401, 403, 403, 204, 403, 204),
    Rule("DELETE", "/products/{draft}", 401, 403, 403, 204, 404, 204),
    admins("POST", "/categories", 201, body=CATEGORY),
    admins("PUT", "/categories/{category}", body=CATEGORY),
    admins("DELETE", "/categories/{empty_category}", 204),
    admins("DELETE", "/categories/{category}", 409),
    admins("GET", "/admin/products"),
    admins("PATCH", "/admin/products/{product}/status", body=STATUS),
]
