import pytest

from pymart.common.models import AuditEntry
from reviews.models import Review
from reviews.services import write_review
from tests.factories import make_admin, make_product, make_user

pytestmark = pytest.mark.django_db

REVIEWS = "/admin/reviews/review/"


@pytest.fixture
def reviews(client) -> list[Review]:
    client.force_login(make_admin())
    product = make_product(title="Steel bottle")
    return [write_review(author=make_user(), product=product, rating=stars, body="As told.") for stars in (1, 3, 5)]


def listed(client, **query):
    return [review.rating for review in client.get(REVIEWS, query).context["cl"].result_list]


def test_reviews_are_filtered_by_stars_and_by_at_least_so_many(client, reviews):
    assert listed(client) == [5, 3, 1]
    assert listed(client, min_rating=3) == [5, 3]
    assert listed(client, rating=3) == [3]
    assert listed(client, min_rating="three") == [5, 3, 1]


@pytest.mark.parametrize(("q", "found"), [("bottle steel", 3), ("kettle", 0), ("7' OR 1=1 \\", 0), ("\0", 3)])
def test_reviews_are_found_by_their_product(client, reviews, q, found):
    assert len(listed(client, q=q)) == found


def test_removing_takes_a_reason_and_the_stars_with_it(client, reviews):
    bad = reviews[0]
    chosen = {"action": "remove", "_selected_action": [bad.pk]}
    assert "Reason" in client.post(REVIEWS, chosen).content.decode()
    assert Review.objects.published().count() == 3
    client.post(REVIEWS, {**chosen, "confirmed": "1", "reason": "Names a private person"})
    bad.refresh_from_db()
    bad.product.refresh_from_db()
    assert bad.removal_reason == "Names a private person"
    assert (bad.product.rating_count, bad.product.rating_average) == (2, 4)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("remove", "Names a private person")


def test_what_reviews_say_has_no_form(client, reviews):
    assert client.post(f"{REVIEWS}{reviews[0].pk}/change/", {"body": "Nice"}).status_code == 403
