"""An export that is imported as it is changes nothing, whatever a shop's products say."""

import csv
import io

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.csv.writing import columns_of, rows_of
from catalog.models import ProductStatus
from pymart.common.csv import csv_response
from tests.catalog.importing import begin, counts, finished, problems
from tests.catalog.writing import everything
from tests.factories import make_category, make_product, make_seller, make_variant

pytestmark = pytest.mark.django_db

# Anything that the database takes, and often what spreadsheets and this format mind.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
NASTY = st.sampled_from([
    "=1+1", "'=1", "''", " -x ", "\t@", "a|b", "(none)", 'say "hi"', "a,b;c", "two\nlines", "cr\rlf\r\n", "  ", "₹5",
    "0902", "1e5", "साड़ी", "＝1", "\ufeff", "\u2028", "\x85", "\x1c",
])  # fmt: skip
TEXT = WORDS | NASTY
FACTS = st.dictionaries(TEXT, TEXT, max_size=3)
PRODUCT = st.fixed_dictionaries({
    "title": TEXT, "description": TEXT, "brand": TEXT, "attributes": FACTS,
    "tags": st.lists(TEXT, max_size=3), "highlights": st.lists(TEXT, max_size=2),
    "hsn": st.sampled_from(["", "0902", "61091000"]), "gst_rate": st.sampled_from(["0", "0.25", "5", "18", "40"]),
    "status": st.sampled_from(ProductStatus.values),
})  # fmt: skip
VARIANT = st.fixed_dictionaries({
    "name": TEXT, "attributes": FACTS, "price": st.integers(100, 10**9 - 1), "more": st.integers(0, 10**6),
    "stock": st.integers(0, 10**6),
})  # fmt: skip
SHOP = st.lists(
    st.tuples(PRODUCT, st.lists(VARIANT, min_size=1, max_size=3, unique_by=lambda variant: variant["name"])),
    min_size=1,
    max_size=3,
)
SKUS = st.lists(TEXT.map(str.strip).filter(bool), min_size=9, max_size=9, unique=True)  # as services keep them


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(shop=SHOP, skus=SKUS)
def test_an_export_that_comes_back_changes_nothing(shop, skus):
    seller, category = make_seller(), make_category()
    names = iter(skus)
    for facts, variants in shop:
        product = make_product(seller=seller, category=category, price=None, **facts)
        for variant in variants:
            price = variant["price"]
            make_variant(
                product,
                sku=next(names),
                price=f"{price / 100:.2f}",
                mrp=f"{(price + variant['more']) / 100:.2f}",
                **{name: variant[name] for name in ("name", "attributes", "stock")},
            )
    columns = columns_of(seller.pk)
    rows = rows_of(seller.pk, columns)
    response = csv_response(RequestFactory().get("/"), "x.csv", [column.name for column in columns], rows)
    content = response.getvalue()

    before = everything()[0]
    job = finished(begin(seller, content))
    assert (job.status, job.reason, problems(job)) == ("done", "", [])
    assert counts(job) == {"unchanged": sum(len(variants) for _, variants in shop)}
    assert everything()[0] == before


def test_what_was_changed_in_an_export_is_all_that_changes():
    seller = make_seller()
    for number in range(3):
        product = make_product(seller=seller, price=None, title=f"Lamp {number}", tags=["brass"])
        make_variant(product, sku=f"S{number}", price=100, stock=5)
    columns = columns_of(seller.pk)
    rows = [dict(zip((c.name for c in columns), row, strict=True)) for row in rows_of(seller.pk, columns)]
    rows[1]["price"] = "90.00"
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    assert counts(finished(begin(seller, buffer.getvalue().encode()))) == {"unchanged": 2, "updated": 1}
