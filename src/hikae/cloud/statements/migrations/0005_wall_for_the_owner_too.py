from django.db import migrations

from hikae.cloud.people.table_rules import OwnReference, RowSecurity


class Migration(migrations.Migration):
    dependencies = [("statements", "0004_row_security")]

    operations = [
        migrations.AlterModelOptions("accountday", {"base_manager_name": "objects"}),
        OwnReference("StatementRecord", "account"),
        OwnReference("StatementRecord", "file"),
        OwnReference("Closing", "account"),
        OwnReference("Adjustment", "account"),
        RowSecurity("Account"),
        RowSecurity("AccountDay"),
        RowSecurity("Transaction"),
        RowSecurity("Change"),
        RowSecurity("StatementRecord"),
        RowSecurity("StatementPart"),
        RowSecurity("ImportedFile"),
        RowSecurity("Closing"),
        RowSecurity("Adjustment"),
    ]
