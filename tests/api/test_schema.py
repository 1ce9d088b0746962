"""The API's description: it is what the code says, it is whole, and what it says of errors is the one shape."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from pymart.api import LINKS, TAGS
from pymart.common.api.schema import RATE
from tests.api.description import OPERATIONS, SCHEMA, validator

ERROR = {"$ref": "#/components/schemas/Error"}
# Tokens cannot be guessed; Razorpay sends what it must.
UNCOUNTED = {"auth_refresh", "orders_webhook"}
# By client IP, over all ways to do it: what is left is not told.
OWN_COUNT = {"auth_login", "auth_register"}

every_operation = pytest.mark.parametrize("name", OPERATIONS)


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What goes in and what comes out, with a name for each."""
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for status, response in operation["responses"].items():
        yield from ((status, content) for content in response.get("content", {}).values())


def refusals(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {status: answer for status, answer in operation["responses"].items() if status >= "4"}


def test_the_committed_schema_is_what_the_code_says():
    GENERATOR_STATS.reset()
    generated = SchemaGenerator().get_schema(request=None, public=True)

    assert not GENERATOR_STATS
    assert json.loads(json.dumps(generated)) == SCHEMA, "run make openapi and look at the difference"
    validate_schema(SCHEMA)
    assert SCHEMA["openapi"].startswith("3.1")


def test_anyone_gets_the_schema(client):
    response = client.get("/api/v1/schema")

    assert response["Content-Type"] == "application/json"
    assert response.json() == SCHEMA


def test_the_names_of_operations_are_used_once():
    names = [operation["operationId"] for operation in OPERATIONS.values()]

    assert len(names) == len(set(names))


@every_operation
def test_each_operation_says_what_it_is(name: str):
    operation = OPERATIONS[name]

    assert operation["summary"]
    assert len(operation["tags"]) == 1
    assert operation["tags"][0] in TAGS
    assert operation["operationId"].replace("_", "").isalpha()


@every_operation
def test_each_request_and_answer_has_an_example(name: str):
    missing = [place for place, content in contents(OPERATIONS[name]) if not content.get("examples")]

    assert not missing


@every_operation
def test_examples_are_of_the_form_that_they_show(name: str):
    for place, content in contents(OPERATIONS[name]):
        for example in content["examples"].values():
            problems = [
                f"{place}: {error.instance_path} {error.message}"
                for error in validator(content["schema"]).iter_errors(example["value"])
            ]
            assert not problems


@every_operation
def test_errors_have_one_shape(name: str):
    for answer in refusals(OPERATIONS[name]).values():
        assert answer["description"]
        assert answer["content"]["application/json"]["schema"] == ERROR


@every_operation
def test_an_examples_status_is_the_one_it_stands_under(name: str):
    for status, answer in refusals(OPERATIONS[name]).items():
        for code, example in answer["content"]["application/json"]["examples"].items():
            value = example["value"]
            assert value["errors"][0]["code"] == code
            assert (value["type"] == "server_error") == (status >= "5")


@every_operation
def test_the_refusals_that_can_happen_are_there(name: str):
    operation, method = OPERATIONS[name], name.split()[0]
    told = operation["responses"].keys()
    who = operation.get("security", [])

    if {"bearer": []} in who:
        assert "401" in told
    if "{" in name:
        assert "404" in told
    if "requestBody" in operation:
        assert {"400", "413", "415"} <= told
    if "/admin/" in name:
        assert {"401", "403"} <= told
        assert who == [{"bearer": []}]
    if method != "GET" and operation["operationId"] not in UNCOUNTED:
        assert {"Retry-After", *RATE} == operation["responses"]["429"]["headers"].keys()


@every_operation
def test_what_answers_say_in_their_heads_is_told(name: str):
    operation = OPERATIONS[name]
    described = SCHEMA["components"]["headers"]
    good = next(answer for status, answer in operation["responses"].items() if status < "3")
    told = good.get("headers", {})

    for header, reference in told.items():
        assert reference == {"$ref": f"#/components/headers/{header}"}
        assert described[header]["description"]
    is_counted = "429" in operation["responses"] and operation["operationId"] not in OWN_COUNT
    assert set(RATE) <= told.keys() if is_counted else not set(RATE) & told.keys()
    takes_key = any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", []))
    assert takes_key == ("Idempotent-Replayed" in told)


def test_parameters_may_be_left_empty():
    for operation in OPERATIONS.values():
        for parameter in operation.get("parameters", []):
            assert parameter.get("allowEmptyValue", False) == (parameter["in"] == "query")


@every_operation
def test_no_request_takes_fields_that_it_does_not_name(name: str):
    for content in OPERATIONS[name].get("requestBody", {}).get("content", {}).values():
        component = SCHEMA["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        assert component.get("additionalProperties") is False or "EventInput" in content["schema"]["$ref"]


def test_links_lead_from_operations_to_operations():
    by_id = {operation["operationId"]: operation for operation in OPERATIONS.values()}

    for source, answers in LINKS.items():
        for status, links in answers.items():
            assert by_id[source]["responses"][status]["links"] == links
            for link in links.values():
                target = by_id[link["operationId"]]
                names = {parameter["name"] for parameter in target.get("parameters", [])}
                assert link.get("parameters", {}).keys() <= names
                assert "requestBody" not in link or "requestBody" in target
