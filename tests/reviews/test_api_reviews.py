"""Reviews over the API, by HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.services import issue_tokens
from catalog.models import ProductStatus
from orders.models import Order, SellerOrder
from reviews.models import HelpfulVote, Review
from reviews.services import edit_review, remove_review, toggle_helpful, write_review
from tests.factories import make_admin, make_seller, make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db

OPINION = {"rating": 4, "title": "Shines", "body": "Just as it is on the picture."}


@pytest.fixture
def product():
    return make_variant().product


@pytest.fixture
def buyer():
    return make_user(full_name="Meera Nair", email="meera@example.com")


def api(user=None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if user:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_tokens(user).access_token}")
    return client


def reviews_url(product) -> str:
    return f"/api/v1/products/{product.pk}/reviews"


def review(product, rating=4, author=None, **fields) -> Review:
    fields = {"body": "Works as described.", **fields}
    return write_review(author=author or make_user(), product=product, rating=rating, **fields)


def codes(response) -> list[tuple[str, str | None]]:
    return [(error["code"], error["attr"]) for error in response.json()["errors"]]


# --- Writing ------------------------------------------------------------------------------------------------------
def test_a_buyer_writes_a_review(product, buyer):
    response = api(buyer).post(reviews_url(product), OPINION)
    written = Review.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": written.pk,
        "product_id": product.pk,
        **OPINION,
        "author": {"name": "Meera Nair"},
        "verified_purchase": False,
        "helpful_count": 0,
        "voted": False,
        "is_mine": True,
        "created_at": response.json()["created_at"],
        "edited_at": None,
    }
    assert response.json()["created_at"].endswith("+05:30")
    product.refresh_from_db()
    assert (product.rating_average, product.rating_count) == (4, 1)


def test_verified_purchase_is_for_the_shop_to_say(product, buyer):
    order = place(buyer, product.variants.get())
    Order.objects.filter(pk=order.pk).update(payment_status="paid", status="delivered")
    SellerOrder.objects.filter(order=order).update(status="delivered")
    claimed = api(buyer).post(reviews_url(product), {**OPINION, "verified_purchase": True})
    assert codes(claimed) == [("unknown_field", "verified_purchase")]
    assert api(buyer).post(reviews_url(product), OPINION).json()["verified_purchase"] is True


def test_one_review_a_product(product, buyer):
    review(product, author=buyer)
    response = api(buyer).post(reviews_url(product), OPINION)
    assert (response.status_code, codes(response)) == (409, [("already_reviewed", None)])
    assert Review.objects.count() == 1


def test_only_buyers_write_and_not_about_their_own(product, buyer):
    assert api().post(reviews_url(product), OPINION).status_code == 401
    for other in (make_seller().user, make_admin()):
        assert api(other).post(reviews_url(product), OPINION).status_code == 403
    product.seller.user.role = "buyer"
    product.seller.user.save()
    assert codes(api(product.seller.user).post(reviews_url(product), OPINION)) == [("own_product", None)]
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"rating": 0}, ("min_value", "rating")),
        ({"rating": 6}, ("max_value", "rating")),
        ({"rating": "4"}, ("invalid_type", "rating")),
        ({"rating": 4.5}, ("invalid_type", "rating")),
        ({"rating": True}, ("invalid_type", "rating")),
        ({"rating": None}, ("null", "rating")),
        ({"rating": 10**15}, ("max_value", "rating")),
        ({"title": "x" * 101}, ("max_length", "title")),
        ({"title": "nul \0"}, ("null_characters_not_allowed", "title")),
        ({"title": None}, ("null", "title")),
        ({"body": "   too short   "}, ("min_length", "body")),
        ({"body": "x" * 4001}, ("max_length", "body")),
        ({"body": ["a list of words"]}, ("invalid_type", "body")),
        ({"helpful_count": 100}, ("unknown_field", "helpful_count")),
    ],
)
def test_what_makes_no_review(product, buyer, change, wrong):
    response = api(buyer).post(reviews_url(product), OPINION | change)
    assert (response.status_code, codes(response)) == (400, [wrong])
    assert not Review.objects.exists()


def test_a_headline_is_optional_the_rest_is_not(product, buyer):
    assert codes(api(buyer).post(reviews_url(product), {})) == [("required", "rating"), ("required", "body")]
    response = api(buyer).post(reviews_url(product), {"rating": 5, "body": "No headline needed."})
    assert (response.status_code, response.json()["title"]) == (201, "")


def test_what_is_not_on_sale_is_neither_reviewed_nor_listed(product, buyer):
    type(product).objects.filter(pk=product.pk).update(status=ProductStatus.ARCHIVED, is_listed=False)
    assert api(buyer).post(reviews_url(product), OPINION).status_code == 404
    assert api(buyer).get(reviews_url(product)).status_code == 404
    assert api(buyer).post(f"/api/v1/products/{10**30}/reviews", OPINION).status_code == 404


def test_writing_has_its_limit(product, buyer, settings):
    settings.REVIEW_ATTEMPTS = (1, 3600)
    own = review(product, author=buyer)
    response = api(buyer).put(f"{reviews_url(product)}/{own.pk}", OPINION)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 3500


# --- Editing and removing -----------------------------------------------------------------------------------------
def test_the_author_edits(product, buyer):
    own = review(product, 2, author=buyer)
    response = api(buyer).put(f"{reviews_url(product)}/{own.pk}", {"rating": 5, "body": "They replaced it at once."})
    assert response.status_code == 200
    assert (response.json()["rating"], response.json()["title"]) == (5, "")
    assert response.json()["edited_at"]
    assert own.versions.get().rating == 2
    product.refresh_from_db()
    assert product.rating_average == 5


def test_nobody_else_edits(product, buyer):
    written = review(product, author=buyer)
    for other in (make_user(), product.seller.user, make_admin()):
        assert api(other).put(f"{reviews_url(product)}/{written.pk}", OPINION).status_code == 404
    assert api().put(f"{reviews_url(product)}/{written.pk}", OPINION).status_code == 401
    written.refresh_from_db()
    assert written.edited_at is None


def test_a_review_is_found_below_its_own_product_only(product, buyer):
    own, other = review(product, author=buyer), make_variant().product
    assert api(buyer).put(f"{reviews_url(other)}/{own.pk}", OPINION).status_code == 404
    assert api(buyer).delete(f"{reviews_url(other)}/{own.pk}").status_code == 404


def test_the_author_removes_and_may_write_anew(product, buyer):
    own = review(product, author=buyer)
    assert api(buyer).delete(f"{reviews_url(product)}/{own.pk}").status_code == 204
    assert api(buyer).delete(f"{reviews_url(product)}/{own.pk}").status_code == 404
    assert api(buyer).post(reviews_url(product), OPINION).status_code == 201
    assert Review.objects.get(pk=own.pk).removal_reason == "Withdrawn by its author"


def test_staff_remove_and_others_do_not(product):
    written = review(product)
    for other in (make_user(), product.seller.user):
        assert api(other).delete(f"{reviews_url(product)}/{written.pk}").status_code == 404
    assert api(make_admin()).delete(f"{reviews_url(product)}/{written.pk}").status_code == 204
    assert Review.objects.get(pk=written.pk).removal_reason == "Removed by staff"


# --- Reading ------------------------------------------------------------------------------------------------------
def test_anyone_reads_with_a_summary_and_nobody_gets_an_address(product, buyer):
    review(product, 5, author=buyer)
    review(product, 2)
    remove_review(review=review(product, 1))
    response = api().get(reviews_url(product))
    page = response.json()
    assert page["summary"] == {
        "average": 3.5,
        "count": 2,
        "breakdown": {"5": 1, "4": 0, "3": 0, "2": 1, "1": 0},
    }
    assert (page["count"], page["next"], page["previous"]) == (2, None, None)
    assert [(row["rating"], row["voted"], row["is_mine"]) for row in page["results"]] == [
        (2, None, False),
        (5, None, False),
    ]
    assert "@" not in response.content.decode()


def test_a_product_without_reviews(product):
    page = api().get(reviews_url(product)).json()
    assert page["summary"] == {"average": 0, "count": 0, "breakdown": dict.fromkeys("54321", 0)}
    assert page["results"] == []


def test_the_caller_sees_what_is_theirs_and_what_they_voted_for(product, buyer):
    own, other = review(product, author=buyer), review(product)
    toggle_helpful(review=other, user=buyer)
    rows = {row["id"]: row for row in api(buyer).get(reviews_url(product)).json()["results"]}
    assert (rows[own.pk]["is_mine"], rows[own.pk]["voted"]) == (True, False)
    assert (rows[other.pk]["is_mine"], rows[other.pk]["voted"], rows[other.pk]["helpful_count"]) == (False, True, 1)


def test_sorts_and_filters(product):
    ratings = [5, 1, 3, 5]
    rows = [review(product, rating) for rating in ratings]
    toggle_helpful(review=rows[2], user=make_user())
    Review.objects.filter(pk=rows[1].pk).update(is_verified_purchase=True)

    def found(**params) -> list[int]:
        results = api().get(reviews_url(product), params).json()["results"]
        return [[row.pk for row in rows].index(result["id"]) for result in results]

    assert found() == found(sort="newest") == [3, 2, 1, 0]
    assert found(sort="helpful") == [2, 3, 1, 0]
    assert found(sort="rating") == [1, 2, 3, 0]
    assert found(sort="-rating") == [3, 0, 2, 1]
    assert found(rating=5) == [3, 0]
    assert found(verified="true") == [1]
    assert found(colour="red") == [3, 2, 1, 0]


@pytest.mark.parametrize("sort", ["newest", "helpful", "rating", "-rating"])
def test_following_the_links_shows_each_review_once(product, sort):
    for rating in (5, 3, 3, 1, 5, 3, 2):
        review(product, rating)
    client, address, seen, back = api(), f"{reviews_url(product)}?sort={sort}&page_size=2", [], []
    while address:
        page = client.get(address).json()
        seen.append([row["id"] for row in page["results"]])
        assert page["count"] == 7
        address, previous = page["next"], page["previous"]
    while previous:
        page = client.get(previous).json()
        back.append([row["id"] for row in page["results"]])
        previous = page["previous"]
    assert len({pk for page in seen for pk in page}) == 7
    assert back[::-1] == seen[:-1]


@pytest.mark.parametrize(
    "params",
    [
        {"sort": "'; --"},
        {"rating": "0"},
        {"rating": "x"},
        {"verified": "perhaps"},
        {"page": "0"},
        {"page_size": "101"},
        {"cursor": "never-one"},
    ],
)
def test_malformed_parameters_are_named(product, params):
    response = api().get(reviews_url(product), params)
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] == next(iter(params))


def test_past_the_end_there_is_nothing(product):
    review(product)
    assert api().get(reviews_url(product), {"page": 2}).status_code == 404


def test_a_hundred_reviews_take_as_many_queries_as_one(product, buyer):
    def queries(user) -> int:
        client = api(user)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = client.get(reviews_url(product), {"page_size": 100}).json()
        assert len(page["results"]) == product.reviews.count()
        return len(captured)

    review(product)
    one = queries(None), queries(buyer)
    Review.objects.bulk_create(
        Review(product=product, author=author, rating=3, body="Like all the others.")
        for author in (make_user() for _ in range(99))
    )
    assert (queries(None), queries(buyer)) == one
    assert one[0] <= 3


# --- Votes --------------------------------------------------------------------------------------------------------
def test_a_vote_is_given_and_taken_back(product, buyer):
    url = f"/api/v1/reviews/{review(product).pk}/helpful"
    assert api(buyer).post(url).json() == {"helpful_count": 1, "voted": True}
    assert api(make_admin()).post(url).json() == {"helpful_count": 2, "voted": True}
    assert api(buyer).post(url).json() == {"helpful_count": 1, "voted": False}


def test_votes_that_do_not_count(product, buyer):
    own = review(product, author=buyer)
    url = f"/api/v1/reviews/{own.pk}/helpful"
    response = api(buyer).post(url)
    assert (response.status_code, codes(response)) == (403, [("own_review", None)])
    assert api().post(url).status_code == 401
    remove_review(review=own)
    assert api(make_user()).post(url).status_code == 404
    assert not HelpfulVote.objects.exists()


# --- Staff --------------------------------------------------------------------------------------------------------
def test_staff_list_reviews_of_the_whole_shop(product):
    other = make_variant().product
    low, high = review(product, 2), review(other, 5)
    remove_review(review=review(product, 5))
    rows = api(make_admin()).get("/api/v1/admin/reviews").json()["results"]
    assert [row["id"] for row in rows] == [high.pk, low.pk]
    assert rows[0]["product"] == {"id": other.pk, "slug": other.slug, "title": other.title}
    found = api(make_admin()).get("/api/v1/admin/reviews", {"min_rating": 3}).json()
    assert [row["id"] for row in found["results"]] == [high.pk]


def test_staff_remove_by_the_reviews_number(product):
    written = edit_review(review=review(product), rating=1, body="Rude words, many of them.")
    client = api(make_admin())
    assert client.delete(f"/api/v1/admin/reviews/{written.pk}").status_code == 204
    assert client.delete(f"/api/v1/admin/reviews/{written.pk}").status_code == 404
    product.refresh_from_db()
    assert product.rating_count == 0


def test_the_staff_list_takes_as_many_queries_for_a_hundred(product):
    client = api(make_admin())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/api/v1/admin/reviews", {"page_size": 100}).json()
        assert len(page["results"]) == Review.objects.count()
        return len(captured)

    review(product)
    one = queries()
    Review.objects.bulk_create(
        Review(product=make_variant().product, author=author, rating=3, body="Like all the others.")
        for author in (make_user() for _ in range(99))
    )
    assert queries() == one


@pytest.mark.parametrize("method", ["get", "delete"])
def test_the_staffs_reviews_are_for_staff(product, buyer, method):
    url = "/api/v1/admin/reviews" + (f"/{review(product).pk}" if method == "delete" else "")
    assert getattr(api(), method)(url).status_code == 401
    for other in (buyer, product.seller.user):
        assert getattr(api(other), method)(url).status_code == 403
    assert Review.objects.published().count() == (method == "delete")
