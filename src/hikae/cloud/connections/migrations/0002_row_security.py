from django.db import migrations

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("connections", "0001_initial")]

    operations = [
        RowSecurity("Connection"),
        RowSecurity("ConnectionAccount"),
        RowSecurity("SealedLogin"),
        RowSecurity("Fetch"),
        RowSecurity("Challenge"),
    ]
