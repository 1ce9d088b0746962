"""What the search keeps beside the products."""

from django.contrib.postgres.indexes import OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.functions import Now


class SearchOutbox(models.Model):
    """
    A product whose document in the search index may be old: written in the transaction that changed the product,
    deleted once the index has it. There may be several of one product, which is cheaper than to look for one first.
    """

    MAX_ATTEMPTS = 5  # after which a row that the index refuses is kept aside, for people

    id = models.BigAutoField(primary_key=True)
    product_id = models.BigIntegerField()  # it may be gone
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    error = models.TextField(blank=True, db_default="")

    class Meta:
        verbose_name = "waiting index update"

    def __str__(self) -> str:
        return f"{self.product_id}"


class SearchSynonym(models.Model):
    """A line as `catalog/search/synonyms.txt` has them, written by staff."""

    line = models.CharField(
        max_length=300,
        unique=True,
        help_text="Words that mean the same: “brinjal, baingan, eggplant”. Or one way, the right side found instead "
        "of the left: “mobail => mobile”. Shoppers' searches know it within a minute.",
    )
    note = models.CharField(max_length=200, blank=True, help_text="Why; only staff see it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["line"]
        verbose_name = "synonym"

    def __str__(self) -> str:
        return self.line

    def clean(self) -> None:
        if not self.line:  # which the form has said already
            return
        left, arrow, right = self.line.partition("=>")
        sides = [[part for part in side.split(",") if part.strip()] for side in (left, right)]
        if "#" in self.line or "=>" in right or not sides[0] or (not sides[1] if arrow else len(sides[0]) < 2):
            raise ValidationError({"line": "Write “word, other word” or “word => what is meant”."})


class SearchLog(models.Model):
    """
    What was searched for and found, and which result was opened first; nothing of who searched. `catalog.search_log`
    writes it, some seconds later, and forgets it after a while.
    """

    MAX_QUERY = 100

    id = models.BigIntegerField(primary_key=True)  # drawn by chance: the page of results carries it, and tells nothing
    query = models.CharField(max_length=MAX_QUERY)
    results = models.PositiveIntegerField()
    engine = models.CharField(max_length=13)
    milliseconds = models.PositiveIntegerField()
    relaxed = models.CharField(max_length=10, blank=True, help_text="How a text that found too little was read anew.")
    clicked_position = models.PositiveSmallIntegerField("opened", null=True, help_text="1 is the first result.")
    created_at = models.DateTimeField("searched at")

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name, verbose_name_plural = "search", "searches"
        indexes = [
            models.Index("created_at", "id", name="catalog_searchlog_latest"),
            models.Index(OpClass(F("query"), name="varchar_pattern_ops"), name="catalog_searchlog_query"),
        ]

    def __str__(self) -> str:
        return self.query


class PastQuery(models.Model):
    """A text that was searched for again and again, with success: the search box proposes it. Made out of the log."""

    text = models.CharField(max_length=SearchLog.MAX_QUERY, primary_key=True)
    searches = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "past queries"

    def __str__(self) -> str:
        return self.text
