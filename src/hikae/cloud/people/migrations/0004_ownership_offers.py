import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hikae.cloud.people.table_rules import RowSecurity


class Migration(migrations.Migration):
    dependencies = [("people", "0003_wall_for_the_owner_too")]

    operations = [
        migrations.CreateModel(
            name="OwnershipOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                (
                    "heir",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "owner"), name="one_offer_an_owner"
                    )
                ],
            },
        ),
        RowSecurity("OwnershipOffer"),
    ]
