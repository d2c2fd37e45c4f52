"""Making organisations and their first owners, and taking turns in one."""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from hikae.cloud.people.models import Membership, Organisation, Role, User


def lock(organisation_id: UUID) -> None:
    """Wait for one's turn at the numbered rows of an organisation, until the transaction ends.

    Whoever needs the row of a device as well takes that first.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


@transaction.atomic
def create_owner(email: str, organisation: str, password: str | None = None) -> Membership:
    """A person who owns a new organisation; without a password they come by a link only.

    A person who exists already gets one more organisation. Raises django's ValidationError for
    a password that is too weak.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        if password is not None:
            validate_password(password, User(email=email))
        user = User.objects.create_user(email.strip(), password)
    owned = Organisation.objects.create(name=organisation)
    return Membership.objects.create(organisation=owned, user=user, role=Role.OWNER)
