"""Clients of the API, and what they read in its answers."""

from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import issue_tokens


def app(user: User | None = None) -> APIClient:
    """As the app of this user calls, or of somebody who is not logged in."""
    client = APIClient(raise_request_exception=False)
    if user:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_tokens(user).access_token}")
    return client


def errors(response) -> list[tuple[str | None, str]]:
    """What is wrong with which field."""
    return [(error["attr"], error["code"]) for error in response.json()["errors"]]


def refusal(response) -> tuple[int, str]:
    """The status and the code of the one error."""
    [error] = response.json()["errors"]
    return response.status_code, error["code"]
