from django.db import migrations

from hikae.cloud.people.table_rules import AppendOnly, RowSecurity


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        RowSecurity("AuditEntry"),
        AppendOnly("AuditEntry"),
    ]
