from django.db import migrations, models
from django.db.models.functions import Length


def count(apps, schema_editor):
    """What was kept before counts from now on."""
    events = apps.get_model("queue_app", "Event").objects.using(schema_editor.connection.alias)
    events.exclude(inputs="", traceback="").update(kept=Length("inputs") + Length("traceback"))


class Migration(migrations.Migration):

    dependencies = [
        ('queue_app', '0003_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='kept',
            field=models.PositiveIntegerField(default=0, db_default=0, editable=False, help_text='Bytes of inputs and traceback.'),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['kept', '-submitted', '-id'], name='blocks_event_kept'),
        ),
    ]
