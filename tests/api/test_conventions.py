"""What holds for every endpoint, tried on endpoints that do nothing else."""

import pytest

from tests.api.conftest import as_user
from tests.factories import make_user

pytestmark = [pytest.mark.usefixtures("toy"), pytest.mark.django_db]
GOOD = {"name": "Asha", "count": 3, "wanted": True, "price": "1299.00", "phone": "9876543210", "ids": [1, 2]}


def wrong(response) -> list[tuple[str, str]]:
    """Which fields are wrong, and how."""
    assert response.status_code == 400
    assert response.json()["type"] == "validation_error"
    return [(error["attr"], error["code"]) for error in response.json()["errors"]]


def test_good_input_arrives_as_what_it_means(api):
    answer = api.post("/api/v1/echo", GOOD).json()

    assert answer == {**GOOD, "phone": "+919876543210"}


def test_every_answer_says_how_long_it_is(api):
    for answer in (api.post("/api/v1/echo", GOOD), api.post("/api/v1/echo", {"count": -1}), api.get("/api/v1/nothing")):
        assert answer.headers["Content-Length"] == str(len(answer.content))


def test_json_has_one_kind_of_numbers(api):
    assert api.post("/api/v1/echo", {**GOOD, "count": 2.0}).json()["count"] == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 7), ("name", True), ("name", ["a"]), ("count", "3"), ("count", 3.5), ("count", True),
        ("wanted", "true"), ("wanted", 1), ("price", 12), ("price", 12.5), ("ids", ["1"]), ("ids", [True]),
        ("ids", "1"), ("lines", {"sku": "A"}), ("lines", "A"), ("phone", 9876543210),
    ],
)  # fmt: skip
def test_values_of_another_type_are_refused(api, field, value):
    attr, code = wrong(api.post("/api/v1/echo", {field: value}))[0]

    assert attr.startswith(field)
    assert code in {"invalid_type", "not_a_list", "invalid"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "   "), ("name", "x" * 21), ("name", f"{'x' * 20} "),
        ("name", "a\0b"), ("name", None), ("count", -1), ("price", "-1.00"),
        ("price", "1e3"), ("price", "NaN"), ("price", "1.001"), ("price", "12345678901.00"), ("price", "١٢"),
        ("price", "1.00\n"), ("phone", "12345"), ("phone", "+4915112345678"), ("pincode", "012345"),
        ("phone", " 9876543210"), ("phone", "9876543210\n"), ("pincode", "५६००२५"), ("pincode", "560001 "),
    ],
)  # fmt: skip
def test_values_that_mean_nothing_are_refused(api, field, value):
    assert [attr for attr, _ in wrong(api.post("/api/v1/echo", {field: value}))] == [field]


def test_unknown_fields_are_refused_at_every_depth(api):
    assert wrong(api.post("/api/v1/echo", {"role": "admin"})) == [("role", "unknown_field")]
    assert wrong(api.post("/api/v1/echo", {"lines": [{"sku": "A", "price": "0.01"}]})) == [
        ("lines.0.price", "unknown_field")
    ]


def test_unknown_parameters_are_ignored_and_malformed_ones_refused(api):
    assert api.get("/api/v1/echo?utm_source=mail&count=2&wanted=true&ids=1&ids=2").json() == {
        "count": 2,
        "wanted": True,
        "ids": [1, 2],
    }
    assert wrong(api.get("/api/v1/echo?count=two")) == [("count", "invalid")]
    assert wrong(api.get("/api/v1/echo?name=%00")) == [("name", "null_characters_not_allowed")]


def test_an_empty_parameter_is_as_good_as_none(api):
    assert api.get("/api/v1/echo?name=&count=&wanted=&price=&ids=").json() == {}
    assert wrong(api.get("/api/v1/echo?ids=&ids=1")) == [("ids.0", "invalid")]


@pytest.mark.parametrize(
    ("field", "value", "attr", "detail"),
    [
        ("ids", 5, "ids", "Must be a list."),
        ("ids", {"a": 1}, "ids", "Must be a list."),
        ("ids", ["a"], "ids", "Must be an integer."),
        ("lines", 5, "lines", "Must be a list."),
        ("lines", [5], "lines.0", "Must be an object."),
    ],
)
def test_what_has_another_shape_is_told_in_plain_words(api, field, value, attr, detail):
    error = api.post("/api/v1/echo", {field: value}).json()["errors"][0]

    assert (error["attr"], error["detail"]) == (attr, detail)


@pytest.mark.parametrize("body", ["[]", "7", '"x"', "null", '[{"name": "Asha"}]'])
def test_a_body_that_is_no_object_is_told_so(api, body):
    answer = api.generic("POST", "/api/v1/echo", body, content_type="application/json").json()

    assert answer["errors"] == [{"code": "invalid", "detail": "The body must be a JSON object.", "attr": None}]


def test_a_form_is_parsed_and_what_it_lacks_is_not_false(api):
    answer = api.post("/api/v1/echo", {"count": "3", "ids": ["1", "2"]}, format="multipart")

    assert answer.json() == {"count": 3, "ids": [1, 2]}


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "7", '"x"', "null", '{"name": NaN}', '{"name": "\\ud800"}', "\0", "{}{}"]
)
def test_what_is_no_json_object_is_refused(api, body):
    response = api.generic("POST", "/api/v1/echo", body, content_type="application/json")

    assert response.status_code == (200 if body == "" else 400)
    if body:
        assert response.json()["errors"][0]["code"] in {"parse_error", "invalid", "null"}


def test_a_huge_body_is_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.API_MAX_UPLOAD = 1000, 2000

    for response in (
        api.post("/api/v1/echo", {"name": "x" * 2000}),
        api.post("/api/v1/echo", {"name": "x" * 3000}, format="multipart"),
    ):
        assert response.status_code == 413
        assert response.json() == {
            "type": "client_error",
            "errors": [{"code": "too_large", "detail": "The request is too large.", "attr": None}],
        }


def test_another_media_type_is_415(api):
    response = api.generic("POST", "/api/v1/echo", "a=1", content_type="application/x-www-form-urlencoded")

    assert (response.status_code, response.json()["errors"][0]["code"]) == (415, "unsupported_media_type")


def test_another_method_is_405_and_says_which_there_are(api):
    response = api.delete("/api/v1/echo")

    assert (response.status_code, response["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")
    assert response.json()["errors"][0]["code"] == "method_not_allowed"


def test_a_refusal_names_everything_at_once(api):
    response = api.post("/api/v1/refusing")

    assert response.status_code == 409
    assert response.json() == {
        "type": "client_error",
        "errors": [
            {"code": "short", "detail": "Only 1 lamp left.", "attr": "lines.0"},
            {"code": "short", "detail": "Only 2 pots left.", "attr": "lines.1"},
        ],
    }


def test_an_address_that_does_not_exist_is_a_404_in_json(api):
    response = api.get("/api/v1/nothing")

    assert (response.status_code, response["Content-Type"]) == (404, "application/json")
    assert response.json()["errors"][0]["code"] == "not_found"


@pytest.mark.parametrize("path", ["broken", "plain"])
def test_a_bug_is_a_500_in_the_same_shape_and_tells_nothing(api, path, caplog):
    response = api.get(f"/api/v1/{path}")

    assert (response.status_code, response.json()["type"]) == (500, "server_error")
    assert b"bug" not in response.content
    assert "RuntimeError" in caplog.text


def test_roles_are_told_apart_from_strangers(api, buyer_api):
    stranger = api.get("/api/v1/sellers")
    assert (stranger.status_code, stranger["WWW-Authenticate"]) == (401, "Bearer")
    assert stranger.json()["errors"] == [{"code": "not_authenticated", "detail": "Log in first.", "attr": None}]
    assert buyer_api.get("/api/v1/sellers").status_code == 403
    for role in ("seller", "admin"):
        assert as_user(make_user(role=role, is_staff=role == "admin")).get("/api/v1/sellers").status_code == 200


def test_every_answer_repeats_a_sane_request_id(api):
    assert api.get("/api/v1/echo", headers={"X-Request-ID": "phone-12345"})["X-Request-ID"] == "phone-12345"
    assert len(api.get("/api/v1/nothing", headers={"X-Request-ID": "a b"})["X-Request-ID"]) == 32


def test_the_api_has_no_session_and_no_html_of_its_own(api, buyer):
    api.force_login(buyer)  # a session, which a browser would send along

    response = api.get("/api/v1/sellers")

    assert response.status_code == 401
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    assert "Content-Security-Policy" not in response


def test_writes_are_counted_and_the_rate_is_told(api, settings):
    settings.API_THROTTLES = {"write": (2, 60)}
    first, _, third = (api.post("/api/v1/echo", {}) for _ in range(3))

    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert (third.status_code, third["RateLimit-Remaining"]) == (429, "0")
    assert 0 < int(third["Retry-After"]) <= 60
    assert third.json()["errors"][0]["code"] == "throttled"
    assert api.get("/api/v1/echo").status_code == 200


def test_only_listed_origins_may_call_from_a_browser(api, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    settings.MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *settings.MIDDLEWARE]

    allowed = api.options(
        "/api/v1/echo", headers={"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    )
    assert allowed["Access-Control-Allow-Origin"] == "https://app.example"
    assert "idempotency-key" in allowed["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in api.get("/api/v1/echo", headers={"Origin": "https://other.example"})


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/products", "/api/v1/products/nul%00l", "/api/"])
def test_an_address_that_there_is_not_is_told_in_json_while_developing_too(api, settings, path):
    settings.ROOT_URLCONF, settings.DEBUG = "pymart.urls", True

    for method in (api.get, api.post, api.delete):
        response = method(path)
        assert (response.status_code, response["Content-Type"]) == (404, "application/json")
        assert response.json()["errors"] == [{"code": "not_found", "detail": "Not found.", "attr": None}]
