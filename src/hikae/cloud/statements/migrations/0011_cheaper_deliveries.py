from django.db import migrations, models

from hikae.cloud.people.table_rules import Uncompressed


class Migration(migrations.Migration):
    dependencies = [("statements", "0010_references_within_the_wall")]

    operations = [
        # Rows come oldest first, and an index that grows at its end stays small.
        migrations.RemoveIndex("transaction", "rows_of_account"),
        migrations.AddIndex(
            "transaction",
            models.Index(
                fields=["organisation", "account", "booked_on", "position", "id"],
                name="rows_of_account",
            ),
        ),
        Uncompressed("StatementPart", "transactions"),
    ]
