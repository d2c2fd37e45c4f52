import uuid

import django.db.models.deletion
from django.db import migrations, models

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0002_row_security"),
        ("people", "0002_row_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="ended_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="device",
            name="ended_for",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.CreateModel(
            name="UsedProof",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("nonce", models.CharField(max_length=16)),
                ("used_at", models.DateTimeField(db_index=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="devices.device",
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
                    models.UniqueConstraint(fields=("device", "nonce"), name="one_use_a_proof")
                ],
            },
        ),
        RowSecurity("UsedProof"),
    ]
