from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # the shop is open

    dependencies = [
        ("catalog", "0012_options"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=GinIndex(fields=["options"], name="catalog_product_options"),
        ),
    ]
