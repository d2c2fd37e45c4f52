import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_row_security"),
        ("statements", "0005_wall_for_the_owner_too"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("target", models.CharField(max_length=20)),
                ("format", models.CharField(max_length=20)),
                ("filter", models.TextField(blank=True)),
                ("only_new", models.BooleanField()),
                ("drafted_at", models.DateTimeField()),
                ("sequence", models.BigIntegerField(default=0)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("first", models.DateField(null=True)),
                ("last", models.DateField(null=True)),
                ("accounts", models.JSONField(default=list)),
                ("losses", models.JSONField(default=list)),
                ("loss_count", models.PositiveIntegerField(default=0)),
                ("refusal", models.JSONField(null=True)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.BigIntegerField(default=0)),
                ("exported_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation", "-exported_at"], name="exports_of_organisation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="statements.export",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "export", "number"),
                        name="one_export_part_a_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportedRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id",
                        "target",
                        "transaction",
                        "export_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("target", models.CharField(max_length=20)),
                ("transaction", models.UUIDField()),
                (
                    "export",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statements.export",
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
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="BookedAs",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("target", models.CharField(max_length=20)),
                ("subject", models.CharField(blank=True, max_length=100)),
                ("sub_subject", models.CharField(blank=True, max_length=100)),
                ("receipts", models.CharField(blank=True, max_length=100)),
                ("payments", models.CharField(blank=True, max_length=100)),
                ("tax_class", models.CharField(blank=True, max_length=100)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statements.account",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "target", "account"), name="booked_as_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("account", None)),
                        fields=("organisation", "target"),
                        name="booked_against_once",
                    ),
                ],
            },
        ),
        RowSecurity("Export"),
        RowSecurity("ExportPart"),
        RowSecurity("ExportedRow"),
        RowSecurity("BookedAs"),
    ]
