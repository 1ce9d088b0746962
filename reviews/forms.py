from django import forms

from reviews.models import Review


class ReviewForm(forms.Form):
    rating = forms.TypedChoiceField(
        choices=[(stars, stars) for stars in range(1, 6)],
        coerce=int,
        error_messages={"required": "Choose 1 to 5 stars."},
    )
    title = forms.CharField(max_length=100, required=False, label="Headline")
    body = forms.CharField(
        max_length=4000,
        min_length=10,
        label="Your review",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What should others know: quality, fit, how it lasts?",
    )

    @classmethod
    def of(cls, review: Review) -> "ReviewForm":
        return cls(initial={"rating": review.rating, "title": review.title, "body": review.body})
