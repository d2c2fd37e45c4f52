from django.db import migrations

from hikae.cloud.people.table_rules import OwnReference


class Migration(migrations.Migration):
    dependencies = [("statements", "0009_note_wordings")]

    operations = [
        OwnReference("ExportPart", "export"),
        OwnReference("BookedAs", "account"),
    ]
