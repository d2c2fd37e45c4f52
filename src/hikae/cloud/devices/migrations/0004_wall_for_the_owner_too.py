from django.db import migrations

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("devices", "0003_endings_and_used_proofs")]

    operations = [
        RowSecurity("Assignment"),
        RowSecurity("Command"),
    ]
