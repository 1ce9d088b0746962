import django.contrib.postgres.fields
from django.db import migrations, models, transaction

from catalog.search import colours

BATCH = 1000
# Locked first: what is read of the variants is then as new as the product.
LOCK = "SELECT id FROM catalog_product WHERE id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE"
FILL = """
UPDATE catalog_product AS filled SET options = said.options
FROM (
    SELECT product.id, ARRAY(
        SELECT name FROM (
            SELECT 'size:' || lower(btrim(split_part(value, '(', 1)))
            FROM catalog_variant variant, jsonb_each_text(variant.attributes) AS fact(name, value)
            WHERE variant.product_id = product.id AND variant.is_active AND lower(fact.name) = 'size'
          UNION
            SELECT 'colour:' || name
            FROM unnest(%(colours)s::text[], %(are_clear)s::boolean[]) AS colour(name, is_clear)
            WHERE position(' ' || name || ' ' IN said.colours) > 0
                OR is_clear AND position(' ' || name || ' ' IN said.title) > 0
        ) AS option(name) ORDER BY name COLLATE "C"
    ) AS options
    FROM catalog_product product CROSS JOIN LATERAL (
        SELECT ' ' || regexp_replace(lower(string_agg(value, ' · ')), %(apart)s, ' ', 'g') || ' ' AS colours,
            regexp_replace(' ' || regexp_replace(
                lower(concat_ws(' · ', product.title, array_to_string(product.tags, ' · '))), %(apart)s, ' ', 'g'
            ) || ' ', %(other_things)s, '', 'g') AS title
        FROM (
            SELECT product.attributes
          UNION ALL
            SELECT attributes FROM catalog_variant variant WHERE variant.product_id = product.id AND variant.is_active
        ) AS described, jsonb_each_text(described.attributes) AS fact(name, value)
        WHERE lower(fact.name) IN ('colour', 'color', 'colours', 'colors')
    ) said
    WHERE product.id = ANY(%(ids)s)
) AS said
WHERE filled.id = said.id AND filled.options <> said.options
"""


def fill(apps, schema_editor):
    """A batch at a time: the shop is open, and no row is locked for longer than its batch takes."""
    last = 0
    while True:
        with transaction.atomic(schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
            cursor.execute(LOCK, [last, BATCH])
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                return
            cursor.execute(FILL, {"ids": ids, **colours.in_statements()})
        last = ids[-1]


class Migration(migrations.Migration):
    atomic = False  # a column with a default is there at once; its values come batch by batch

    dependencies = [
        ("catalog", "0011_words_by_sound"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="options",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                db_default=[],
                default=list,
                editable=False,
                help_text="size:xl, colour:navy",
                size=None,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
