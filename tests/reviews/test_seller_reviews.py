"""What a seller reads about their products."""

import pytest
from django.urls import reverse

from reviews.services import remove_review, write_review
from tests.factories import make_product, make_seller, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("seller-reviews:list")


@pytest.fixture
def seller(client):
    seller = make_seller()
    client.force_login(seller.user)
    return seller


def review(product, rating=4, body="Works as described."):
    return write_review(author=make_user(), product=product, rating=rating, title="", body=body)


def shown(client, **query) -> list[str]:
    return [row.body for row in client.get(LIST, query).context["page"]]


def test_a_seller_reads_the_published_reviews_of_their_own_products(client, seller):
    mine, other, foreign = make_product(seller=seller), make_product(seller=seller), make_product()
    review(mine, 5, "It shines for hours.")
    review(other, 2, "It broke on day two.")
    review(foreign, 1, "Somebody else’s.")
    gone = review(mine, 1, "Rude words about us.")
    remove_review(review=gone, reason="Rude")
    assert shown(client) == ["It broke on day two.", "It shines for hours."]
    assert shown(client, rating=2) == ["It broke on day two."]
    assert shown(client, rating=3) == []
    assert mine.get_absolute_url() in client.get(LIST).content.decode()
    assert [row.count for row in client.get(LIST).context["stars"]] == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("text", ["\x00", "6", "-1", "x", "1 or 1"])
def test_whatever_is_asked_is_answered(client, seller, text):
    review(make_product(seller=seller))
    assert len(shown(client, rating=text, page=text)) == 1


def test_htmx_gets_the_list_alone_and_an_empty_one_says_so(client, seller):
    page = client.get(LIST, headers={"HX-Request": "true", "HX-Target": "seller-reviews"}).content.decode()
    assert page.strip().startswith('<div class="stack" id="seller-reviews"')
    assert "No reviews yet" in page


def test_the_page_costs_the_same_for_one_and_for_twenty_reviews(client, seller, django_assert_max_num_queries):
    for count in (1, 20):
        for _ in range(count):
            review(make_product(seller=seller))
        client.get(LIST)
        with django_assert_max_num_queries(7):
            client.get(LIST)


def test_the_dashboard_asks_for_the_newest_few(client, seller):
    for number in range(6):
        review(make_product(seller=seller), body=f"Opinion {number}.")
    part = client.get(LIST, headers={"HX-Request": "true", "HX-Target": "latest-reviews"}).content.decode()
    assert 'id="latest-reviews"' in part
    assert [number for number in range(6) if f"Opinion {number}." in part] == [2, 3, 4, 5]
    assert "<html" not in part
