"""Who reports a review has staff look at it."""

import pytest

from pymart.common.models import AuditEntry
from reviews.models import Review, ReviewReport
from reviews.services import OwnReviewReported, remove_review, report_review, settle_reports, write_review
from tests.factories import make_admin, make_product, make_user

pytestmark = pytest.mark.django_db

REVIEWS = "/admin/reviews/review/"


@pytest.fixture
def review() -> Review:
    return write_review(author=make_user(), product=make_product(), rating=1, body="Call me at 98765 43210.")


def open_reports(review) -> int:
    review.refresh_from_db()
    return review.open_reports


def test_a_report_is_counted_once_a_person(review):
    first, second = make_user(), make_user()
    report_review(review=review, user=first, reason="private", note="A telephone number")
    report_review(review=review, user=first, reason="spam")
    assert open_reports(review) == 1
    report_review(review=review, user=second, reason="spam")
    assert open_reports(review) == 2
    assert set(review.reports.values_list("reason", "note")) == {("private", "A telephone number"), ("spam", "")}


def test_ones_own_is_edited_not_reported(review):
    with pytest.raises(OwnReviewReported):
        report_review(review=review, user=review.author, reason="spam")
    assert open_reports(review) == 0


def test_what_staff_have_settled_does_not_wait_again_for_the_same_person(review):
    user = make_user()
    report_review(review=review, user=user, reason="spam")
    settle_reports(review=review)
    report_review(review=review, user=user, reason="spam")
    assert open_reports(review) == 0
    report_review(review=review, user=make_user(), reason="spam")
    assert open_reports(review) == 1


def test_what_is_removed_waits_no_longer(review):
    report_review(review=review, user=make_user(), reason="spam")
    remove_review(review=review, reason="Advertising")
    assert open_reports(review) == 0
    report_review(review=review, user=make_user(), reason="spam")  # from a page that was still open
    assert open_reports(review) == 0


def test_reporting_by_form(client, review):
    url = f"/reviews/{review.pk}/report/"
    assert client.get(url).status_code == 302
    client.force_login(make_user())
    assert review.body in client.get(url).content.decode()
    assert "Choose what is wrong with it." in client.post(url).content.decode()
    assert client.post(url, {"reason": "rude"}).status_code == 422
    assert not ReviewReport.objects.exists()
    answer = client.post(url, {"reason": "private", "note": "A telephone number"}, follow=True)
    assert "we will look at this review" in answer.content.decode()
    assert open_reports(review) == 1


def test_there_is_a_limit(client, review, settings):
    settings.REVIEW_ATTEMPTS = (1, 3600)
    client.force_login(make_user())
    url = f"/reviews/{review.pk}/report/"
    assert client.post(url, {"reason": "spam"}).status_code == 302
    assert client.post(url, {"reason": "spam"}).status_code == 422


def test_the_author_is_not_offered_a_report(client, review):
    url, link = f"/p/{review.product_id}/reviews/", f"/reviews/{review.pk}/report/"
    assert link in client.get(url).content.decode()
    client.force_login(review.author)
    assert link not in client.get(url).content.decode()


def test_staff_see_what_is_reported_and_why_and_keep_it(client, review):
    write_review(author=make_user(), product=review.product, rating=5, body="Shines as on the first day.")
    report_review(review=review, user=make_user(), reason="private", note="A telephone number")
    client.force_login(make_admin())
    assert [row.pk for row in client.get(REVIEWS, {"reported": "1"}).context["cl"].result_list] == [review.pk]
    page = client.get(f"{REVIEWS}{review.pk}/change/").content.decode()
    assert "Private details of somebody" in page
    assert "A telephone number" in page
    client.post(REVIEWS, {"_button": f"settle {review.pk}"})
    assert open_reports(review) == 0
    assert AuditEntry.objects.get().action == "settle reports"
    assert Review.objects.published().filter(pk=review.pk).exists()
