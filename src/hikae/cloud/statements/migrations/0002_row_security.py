from django.db import migrations

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial")]

    operations = [
        RowSecurity("Account"),
        RowSecurity("AccountDay"),
        RowSecurity("Transaction"),
        RowSecurity("Change"),
        RowSecurity("StatementRecord"),
        RowSecurity("StatementPart"),
    ]
