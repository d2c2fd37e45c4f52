from django.db import migrations

from hikae.cloud.people.table_rules import OwnReference, RowSecurity


class Migration(migrations.Migration):
    dependencies = [("connections", "0002_row_security")]

    operations = [
        OwnReference("ConnectionAccount", "connection"),
        OwnReference("ConnectionAccount", "account"),
        OwnReference("SealedLogin", "connection"),
        OwnReference("Fetch", "connection"),
        OwnReference("Challenge", "connection"),
        OwnReference("Challenge", "fetch"),
        RowSecurity("Connection"),
        RowSecurity("ConnectionAccount"),
        RowSecurity("SealedLogin"),
        RowSecurity("Fetch"),
        RowSecurity("Challenge"),
    ]
