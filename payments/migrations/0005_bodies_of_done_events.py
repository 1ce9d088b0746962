from django.db import migrations, models

BATCH = 1000


def empty(apps, schema_editor):
    """A batch at a time: webhooks come in meanwhile."""
    events = apps.get_model("payments", "WebhookEvent").objects.using(schema_editor.connection.alias)
    done = events.exclude(processed_at=None).exclude(body="").order_by("pk")
    last = 0
    while batch := list(done.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        events.filter(pk__in=batch).update(body="")
        last = batch[-1]


class Migration(migrations.Migration):
    atomic = False  # each batch is a transaction of its own

    dependencies = [
        ("payments", "0004_refunds_in_parts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="webhookevent",
            name="body",
            field=models.TextField(
                blank=True, help_text="Emptied once it is worked off, since it names the buyer."
            ),
        ),
        migrations.RunPython(empty, migrations.RunPython.noop, elidable=True),
    ]
