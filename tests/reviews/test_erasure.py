"""What somebody wrote, once they have left."""

import pytest

from accounts.services import erase_account
from accounts.signals import personal_data_asked
from reviews.models import Review, ReviewReport, ReviewVersion
from reviews.services import edit_review, remove_review, report_review, write_review
from tests.factories import make_product, make_user

pytestmark = pytest.mark.django_db


def test_what_is_published_stays_and_what_was_taken_back_goes():
    asha, other = make_user(), make_user()
    kept = write_review(author=asha, product=make_product(), rating=4, title="Fine", body="As told.")
    edit_review(review=kept, rating=5, title="Good", body="Better than told.")
    removed = write_review(author=asha, product=make_product(), rating=1, title="Call me", body="9876543210")
    remove_review(review=removed)
    theirs = write_review(author=other, product=make_product(), rating=2, body="Ask Asha.")
    edit_review(review=theirs, rating=3, body="Ask somebody.")
    report_review(review=theirs, user=asha, reason="private", note="That is me.")

    told = dict(pair for _, answer in personal_data_asked.send(None, user=asha) for pair in answer.items())
    assert [(row["rating"], row["body"]) for row in told["edited_reviews"]] == [(4, "As told.")]
    erase_account(user=asha)

    reviews = {review.pk: (review.title, review.body) for review in Review.objects.all()}
    assert reviews == {kept.pk: ("Good", "Better than told."), removed.pk: ("", ""), theirs.pk: ("", "Ask somebody.")}
    assert [version.review for version in ReviewVersion.objects.all()] == [theirs]
    assert [report.note for report in ReviewReport.objects.all()] == [""]
