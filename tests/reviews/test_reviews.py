from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from orders.models import Order, SellerOrder
from reviews.models import Review
from reviews.services import (
    AlreadyReviewed,
    OwnProduct,
    OwnReview,
    edit_review,
    remove_review,
    toggle_helpful,
    write_review,
)
from tests.factories import make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return make_variant().product


def review(product, rating=4, author=None, **fields):
    return write_review(
        author=author or make_user(), product=product, rating=rating, body="Works as described.", **fields
    )


def rating_of(product):
    product.refresh_from_db()
    return product.rating_average, product.rating_count


def test_the_products_rating_follows_every_change(product):
    first, second = review(product, 5), review(product, 2)
    assert rating_of(product) == (Decimal("3.50"), 2)
    edit_review(review=second, rating=4, body="Better after a week.")
    assert rating_of(product) == (Decimal("4.50"), 2)
    remove_review(review=first)
    assert rating_of(product) == (Decimal("4.00"), 1)
    remove_review(review=second)
    assert rating_of(product) == (Decimal("0.00"), 0)


def test_one_review_for_each_product_and_person(product):
    author = make_user()
    own = review(product, author=author)
    with pytest.raises(AlreadyReviewed):
        review(product, author=author)
    remove_review(review=own)
    review(product, author=author)
    assert rating_of(product)[1] == 1


def test_what_the_database_refuses_for_another_reason_is_no_second_review(product):
    with pytest.raises(IntegrityError):
        review(product, rating=7)


def test_editing_keeps_what_was_said_before(product):
    edited = edit_review(review=review(product, 2, title="Bad"), rating=5, title="Good", body="They replaced it.")
    assert edited.edited_at
    assert [(version.rating, version.title) for version in edited.versions.all()] == [(2, "Bad")]


def test_saving_without_a_change_is_no_edit(product):
    same = review(product, 2, title="Bad")
    edit_review(review=same, rating=2, title="Bad", body=same.body)
    assert same.edited_at is None
    assert not same.versions.exists()


def test_verified_is_who_got_it_delivered(product):
    buyer = make_user()
    order = place(buyer, product.variants.get())
    assert not review(product, author=make_user()).is_verified_purchase
    Order.objects.filter(pk=order.pk).update(payment_status="paid", status="delivered")
    SellerOrder.objects.filter(order=order).update(status="delivered")
    assert review(product, author=buyer).is_verified_purchase


def test_sellers_do_not_review_what_they_sell(product):
    with pytest.raises(OwnProduct):
        review(product, author=product.seller.user)


@pytest.mark.parametrize("rating", [0, 6])
def test_the_database_refuses_other_ratings(product, rating):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(product=product, author=make_user(), rating=rating, body="x")


def test_a_vote_is_given_and_taken_back(product):
    voted, user = review(product), make_user()
    assert toggle_helpful(review=voted, user=user)
    assert voted.helpful_count == 1
    assert not toggle_helpful(review=voted, user=user)
    assert voted.helpful_count == 0
    with pytest.raises(OwnReview):
        toggle_helpful(review=voted, user=voted.author)


def test_the_page_shows_filters_and_sorts(client, product):
    for rating, title in [(5, "Lovely"), (1, "Broken"), (3, "Fair")]:
        review(product, rating, title=title)
    url = reverse("reviews:list", args=[product.pk])
    page = client.get(url, {"sort": "rating"}).content.decode()
    assert page.index("Broken") < page.index("Fair") < page.index("Lovely")
    assert "Lovely" not in client.get(url, {"rating": "1"}).content.decode()
    assert "No review fits" in client.get(url, {"verified": "1"}).content.decode()
    assert client.get(url, {"rating": "x", "sort": "'; --", "page": "10000000000"}).status_code == 200


def test_htmx_gets_the_fragment_alone(client, product):
    review(product)
    response = client.get(
        reverse("reviews:list", args=[product.pk]), headers={"HX-Request": "true", "HX-Target": "product-reviews"}
    )
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("count", [1, 9])
def test_the_list_asks_the_same_few_questions_for_any_number(client, product, count, django_assert_max_num_queries):
    for _ in range(count):
        review(product)
    client.force_login(make_user())
    with django_assert_max_num_queries(10):
        client.get(
            reverse("reviews:list", args=[product.pk]), headers={"HX-Request": "true", "HX-Target": "product-reviews"}
        )


def test_writing_by_form(client, product):
    client.force_login(make_user())
    url = reverse("reviews:write", args=[product.pk])
    refused = client.post(url, {"rating": "", "body": "short", "title": "Kept"})
    assert refused.status_code == 422
    assert "Choose 1 to 5 stars." in refused.content.decode()
    assert 'value="Kept"' in refused.content.decode()
    assert client.post(url, {"rating": "5", "body": "Just what I wanted."}).status_code == 302
    assert client.post(url, {"rating": "3", "body": "It broke after a week."}).status_code == 302
    assert Review.objects.get().edited_at


def test_the_order_says_what_its_link_to_the_review_leads_to(client, product):
    buyer = make_user()
    other = make_variant(title="Clay Cup")
    order = place(buyer, product.variants.get(), other)
    review(product, author=make_user())
    own = review(product, author=buyer)
    client.force_login(buyer)
    assert "your review" not in client.get(order.get_absolute_url()).content.decode()
    SellerOrder.objects.filter(order=order).update(status="delivered")
    page = client.get(order.get_absolute_url()).content.decode()
    assert f'{reverse("reviews:write", args=[product.pk])}">Edit your review<' in page
    assert f'{reverse("reviews:write", args=[other.product_id])}">Write a review<' in page
    remove_review(review=own)
    assert "Edit your review" not in client.get(order.get_absolute_url()).content.decode()


def test_a_foreign_review_cannot_be_deleted(client, product):
    review(product)
    client.force_login(make_user())
    assert client.post(reverse("reviews:delete", args=[product.pk])).status_code == 404
    assert Review.objects.published().exists()


def test_what_is_written_is_shown_as_text(client, product):
    write_review(author=make_user(), product=product, rating=1, body="<script>alert(1)</script> is all it says")
    page = client.get(reverse("reviews:list", args=[product.pk])).content.decode()
    assert "<script>alert" not in page
