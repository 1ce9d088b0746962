import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import issue_tokens
from tests.factories import make_user


@pytest.fixture
def toy(settings) -> None:
    """The endpoints of `tests.api.toy` instead of the shop's."""
    settings.ROOT_URLCONF = "tests.api.toy"


def as_user(user: User) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_tokens(user).access_token}")
    return client


@pytest.fixture
def api() -> APIClient:
    """Of somebody who is not logged in."""
    return APIClient(raise_request_exception=False)


@pytest.fixture
def buyer(db) -> User:
    return make_user()


@pytest.fixture
def buyer_api(buyer: User) -> APIClient:
    return as_user(buyer)
