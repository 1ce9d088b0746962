import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
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
    ]
