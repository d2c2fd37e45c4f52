from django.db import migrations

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [RowSecurity("HeldPlan")]
