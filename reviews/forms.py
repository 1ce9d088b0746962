from django import forms

from reviews.models import ReportReason, Review


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


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        label="What is wrong with it?",
        error_messages={"required": "Choose what is wrong with it."},
    )
    note = forms.CharField(
        max_length=500, required=False, label="Anything we should know", widget=forms.Textarea(attrs={"rows": 3})
    )
