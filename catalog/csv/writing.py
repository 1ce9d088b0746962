"""Files of products as we send them: the export, the template, and the rows of a file in which something is wrong."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.db import connection

from catalog.csv.columns import BY_NAME, COLUMNS, DOCUMENTED, HANDLE, Categories, Column, Item, attribute, option
from catalog.csv.files import MAX_COLUMNS, layout_of, lines_of
from catalog.limits import ATTRIBUTE_NAME_LENGTH
from catalog.models import Product, ProductImport, Variant

_AT_ONCE = 500  # products
_MOST_OPTIONS = 20
_KEYS = """
SELECT key FROM {table} owner, jsonb_object_keys(owner.attributes) key
WHERE owner.seller_id = %s GROUP BY key ORDER BY count(*) DESC, key
"""


def columns_of(seller_id: int) -> list[Column]:
    """
    Those of a shop's export, with the attributes and options that its products have; the rarest are left out where they
    are too many for one file.
    """
    options = [option(key) for key in _keys(Variant, seller_id)][:_MOST_OPTIONS]
    room = MAX_COLUMNS - len(COLUMNS) - len(options)
    attributes = [attribute(key) for key in _keys(Product, seller_id)][:room]
    return [*COLUMNS, *options, *attributes]


def _keys(model: type[Product | Variant], seller_id: int) -> list[str]:
    """Names of attributes in use, without those that could not be read back from a column's head."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS.format(table=model._meta.db_table), [seller_id])
        keys = [key for (key,) in cursor.fetchall()]
    return [key for key in keys if key == " ".join(key.split()) and 0 < len(key) <= ATTRIBUTE_NAME_LENGTH]


def rows_of(seller_id: int, columns: Sequence[Column], *, status: str = "") -> Iterator[list[str]]:
    """
    One for each variant on offer, product by product; what they share stands in the first. So many products are held in
    memory at a time as one query answers.
    """
    products = Product.objects.filter(seller=seller_id, **({"status": status} if status else {}))
    products = products.defer("search", "keywords").order_by("pk")
    categories = Categories()
    last = 0
    while some := list(products.filter(pk__gt=last)[:_AT_ONCE]):
        last = some[-1].pk
        variants = defaultdict(list)
        offered = Variant.objects.filter(product__in=[product.pk for product in some], is_active=True)
        for variant in offered.order_by("position", "pk"):
            variants[variant.product_id].append(variant)
        for product in some:
            for number, variant in enumerate(variants[product.pk]):
                item = Item(product, variant, categories)
                yield [_shown(column, item, is_first=number == 0) for column in columns]


def _shown(column: Column, item: Item, *, is_first: bool) -> str:
    return column.show(item) if is_first or not column.is_shared or column is HANDLE else ""


def template_rows() -> list[list[str]]:
    """Examples, with categories that there are."""
    paths = sorted(Categories().paths.values(), key=lambda path: -path.count(">"))[:2]  # the deepest tell most
    here = dict(zip(filter(None, BY_NAME["category"].examples), paths, strict=False))
    return [[here.get(cell, cell) for cell in row] for row in zip(*(each.examples for each in DOCUMENTED), strict=True)]


def faulty_rows(job: ProductImport) -> Iterator[list[object]]:
    """First the head, then each row that was not imported, with what is wrong: to be mended and sent again."""
    problems = job.problems.values_list("row", "column", "message").iterator()
    with job.file.open() as stored:
        layout = layout_of(stored.file)
        kept = [column for column in layout.columns if column]
        yield ["row", *(column.name for column in kept), "error"]
        lines = lines_of(stored.file, layout, start=layout.start, row=1)
        for row, those in groupby(problems, key=lambda problem: problem[0]):
            line = next(line for line in lines if line.number == row)
            error = " ".join(f"{column}: {message}" if column else message for _, column, message in those)
            yield [row, *(line.cells.get(column, "") for column in kept), error]
