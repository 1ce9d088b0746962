from tests.api.access.table import Rule, members

RULES: list[Rule] = [
    members("GET", "/cart"),
    members("DELETE", "/cart", 204),
    members("POST", "/cart/items", body=lambda world: {"product_id": world.ids["product"]}),
    members("PUT", "/cart/items/{product}", body={"quantity": 2}),
    members("DELETE", "/cart/items/{product}"),
    members("PUT", "/cart/items/{draft}", 404, body={"quantity": 2}),
]
