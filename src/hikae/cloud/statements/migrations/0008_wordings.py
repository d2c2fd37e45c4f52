import django.db.models.deletion
from django.db import migrations, models

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_row_security"),
        ("statements", "0007_runs_of_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id",
                        "account_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                ("words", models.TextField()),
                ("first", models.DateField()),
                ("days", models.BinaryField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statements.account",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        RowSecurity("Wording"),
        migrations.AlterModelOptions("accountday", {}),
        migrations.AddIndex(
            model_name="accountday",
            index=models.Index(
                fields=["organisation", "-day", "-account"], name="days_of_organisation"
            ),
        ),
        migrations.RemoveIndex(model_name="transaction", name="rows_of_organisation"),
    ]
