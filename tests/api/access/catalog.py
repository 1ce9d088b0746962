from tests.api.access.table import Rule, public

RULES: list[Rule] = [
    public("GET", "/products"),
    public("GET", "/products/suggest"),
    Rule("GET", "/products/my", 401, 403, 403, 200, 200, 200),
    public("GET", "/products/{product_slug}"),
    Rule("GET", "/products/{draft_slug}", 404, 404, 404, 200, 404, 200),
    public("GET", "/categories"),
    public("GET", "/categories/{category_slug}"),
]
