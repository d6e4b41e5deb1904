import demos._guest_book.models
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As others shall read it', max_length=60)),
                ('room', models.CharField(choices=[('garden', 'Garden room'), ('tower', 'Tower room'), ('suite', 'Suite')], default='garden', max_length=10)),
                ('nights', models.PositiveSmallIntegerField(default=1, help_text='1 to 90', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)])),
                ('left', models.DateField(default=demos._guest_book.models.today, verbose_name='departure')),
                ('text', models.TextField(max_length=500, verbose_name='what you liked')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('name', 'left'), name='one_entry', violation_error_message='This guest has written already.')],
            },
        ),
    ]
