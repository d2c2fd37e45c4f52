from django.db import migrations

from hikae.cloud.people.table_rules import ErasedWithOrganisation, RowSecurity


class Migration(migrations.Migration):
    dependencies = [("people", "0002_row_security")]

    operations = [
        RowSecurity("AuditEntry"),
        ErasedWithOrganisation("AuditEntry"),
    ]
