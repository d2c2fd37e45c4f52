from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("statements", "0006_exports")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="rows",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
