"""The place of processes and workers in the admin: no table, but permissions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('queue_app', '0006_flags'),
    ]

    operations = [
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'process or worker',
                'verbose_name_plural': 'processes and workers',
                'permissions': (('control_worker', 'Can drain and end processes and workers'),),
                'managed': False,
                'default_permissions': ('view',),
            },
        ),
    ]
