from django.db import migrations

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("statements", "0003_imports_closing_and_pending")]

    operations = [
        RowSecurity("ImportedFile"),
        RowSecurity("Closing"),
        RowSecurity("Adjustment"),
    ]
