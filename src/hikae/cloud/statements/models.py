"""The books: accounts, what is known of each day, every row, and every change to them.

Beside them: where they came from (statements, files), which months are closed, and where rows
went (exports).

Account days, transactions and changes have keys that begin with the organisation, so that
PostgreSQL can be spread over several machines; for the same reason their references to other
tables are not enforced by the database. Texts that the bank did not say are NULL, as in the model.
"""

# ruff: noqa: DJ001

from uuid import uuid4

from django.db import models

from hikae.cloud.people.models import Organisation, User
from hikae.cloud.people.tenancy import TenantEntity, TenantModel
from hikae.model.account import AccountKind
from hikae.model.statement import TransactionKind


class Account(TenantEntity):
    """口座; balance: what the bank last said, in minor units, at `balance_at`.

    pending: JSON of the rows that the bank had not booked yet at `pending_at`, as it last showed
    them; they belong to no day and no balance.
    """

    institution = models.CharField(max_length=4)
    bank_name = models.CharField(max_length=200, blank=True)
    branch_code = models.CharField(max_length=20, blank=True)
    branch_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in AccountKind])
    number = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, default="JPY")
    holder = models.CharField(max_length=200, blank=True)
    balance = models.BigIntegerField(null=True)
    balance_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    pending = models.JSONField(null=True)
    pending_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "organisation",
                    "institution",
                    "branch_code",
                    "kind",
                    "number",
                    "currency",
                ],
                name="one_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.branch_code} {self.kind} {self.number}"


class AccountDay(TenantModel):
    """日: what is kept of one account and day.

    as_of: of the newest complete statement that covered the day, None while only incomplete
    ones touched it.
    digest: of the day's rows as `hikae.model.reconcile.digest` computes it.
    """

    pk = models.CompositePrimaryKey("organisation_id", "account_id", "day")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        Account, models.CASCADE, related_name="days", db_constraint=False, db_index=False
    )
    day = models.DateField()
    rows = models.PositiveIntegerField()
    total = models.BigIntegerField()
    closing = models.BigIntegerField(null=True)
    digest = models.BinaryField(max_length=32)
    as_of = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-day", "-account"], name="days_of_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"


class Wording(TenantModel):
    """言葉: a text that rows of an account carry, description and counterparty, folded.

    id: 128 bits of BLAKE2b over `words`. first, days: on which days, as
    `hikae.cloud.statements.daysets.DaySet` writes them.
    """

    pk = models.CompositePrimaryKey("organisation_id", "account_id", "id")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    id = models.UUIDField(editable=False)
    words = models.TextField()
    first = models.DateField()
    days = models.BinaryField()

    def __str__(self) -> str:
        return self.words


class Transaction(TenantModel):
    """明細: one row of the books.

    position: place within its day in the bank's order. words: description and counterparty,
    folded for searching. seen_at: as in
    `hikae.model.stored.StoredRow`.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    id = models.UUIDField(default=uuid4, editable=False)
    account = models.ForeignKey(
        Account, models.CASCADE, related_name="transactions", db_constraint=False, db_index=False
    )
    booked_on = models.DateField()
    position = models.PositiveIntegerField()
    value_on = models.DateField(null=True)
    amount = models.BigIntegerField()
    balance = models.BigIntegerField(null=True)
    kind = models.CharField(
        max_length=20, null=True, choices=[(k.value, k.value) for k in TransactionKind]
    )
    description = models.TextField(null=True)
    counterparty = models.TextField(null=True)
    bank_reference = models.TextField(null=True)
    edi = models.TextField(null=True)
    words = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "account", "booked_on", "position", "id"],
                name="rows_of_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount}"


class Change(TenantModel):
    """What a statement changed, in the order in which it was applied.

    sequence: number of the event, the last one where several rows were added together: `rows`
    of them, whose identities follow each other from `transaction` on. late: added to a day that
    a complete statement had covered before. before, after: JSON of the row as it was and
    became; what was added is its rows themselves.
    """

    class Kind(models.TextChoices):
        """What happened to the row."""

        ADDED = "added"
        MOVED = "moved"
        CORRECTED = "corrected"
        REMOVED = "removed"

    pk = models.CompositePrimaryKey("organisation_id", "sequence")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    sequence = models.BigIntegerField()
    rows = models.PositiveIntegerField(default=1)
    statement = models.UUIDField()
    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    transaction = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    late = models.BooleanField(default=False)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "transaction"], name="changes_of_transaction")
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class ImportedFile(TenantEntity):
    """A bank's file as a person uploaded it; content: as received, byte for byte.

    got_on: the day on which the person got it from the bank. said: what the person said of it
    that it does not say itself, see `hikae.cloud.statements.imports.owners`. imported_at: None
    while it has only been looked at.
    """

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    got_on = models.DateField()
    said = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    imported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sha256"], name="one_file_a_content")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"


class StatementRecord(TenantEntity):
    """A statement as it was delivered by a PC in a fetch, or found in a file.

    account: None where the account is left out or the statement was refused before it was
    known. channel: as in `hikae.model.statement.Channel`. problem: JSON of the `Problem` that
    refused it. digest: of the whole statement;
    running: rows whose own balance was proven, None where nobody counted.
    """

    class State(models.TextChoices):
        """What became of it."""

        MERGED = "merged"
        LEFT_OUT = "left_out"
        REFUSED = "refused"

    connection = models.UUIDField()
    fetch = models.UUIDField(null=True)
    file = models.ForeignKey(ImportedFile, models.CASCADE, null=True, related_name="statements")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="statements")
    state = models.CharField(max_length=10, choices=State.choices)
    digest = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    complete = models.BooleanField()
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12)
    rows = models.PositiveIntegerField()
    running = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict)
    problem = models.JSONField(null=True)
    delivered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class StatementPart(TenantEntity):
    """A delivered part that waits for the rest; transactions: JSON of the rows."""

    statement = models.UUIDField()
    connection = models.UUIDField()
    number = models.PositiveIntegerField()
    transactions = models.BinaryField()
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "statement", "number"], name="one_part_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.number}"


class Closing(TenantEntity):
    """締め: the days up to `until`, a month's last, are closed; account: None means all."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="closings")
    until = models.DateField()
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "account"], name="one_closing"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(account=None),
                name="one_closing_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id or 'all'} {self.until}"


class Adjustment(TenantEntity):
    """What a statement would change in days that are closed, until a person accepts it.

    first, last: the days concerned. statement: id of the record that it came with. content:
    JSON of the part of the statement that shows these days.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="adjustments")
    statement = models.UUIDField()
    as_of = models.DateTimeField()
    first = models.DateField()
    last = models.DateField()
    content = models.BinaryField()
    held_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.first} {self.last}"


class Export(TenantEntity):
    """出力: a file of rows for another program, from being looked at to being taken back.

    target, format: see `hikae.cloud.statements.exports.targets`. filter: as in the address of
    the page of rows. sequence: of the last change that the rows had seen. accounts: JSON of what
    each account gave. losses: JSON of the first texts that the format could not hold, of
    `loss_count`. refusal: JSON of why there is no file. exported_at: None while it has only been
    looked at.
    """

    target = models.CharField(max_length=20)
    format = models.CharField(max_length=20)
    filter = models.TextField(blank=True)
    only_new = models.BooleanField()
    drafted_at = models.DateTimeField()
    sequence = models.BigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    accounts = models.JSONField(default=list)
    losses = models.JSONField(default=list)
    loss_count = models.PositiveIntegerField(default=0)
    refusal = models.JSONField(null=True)
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    exported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-exported_at"], name="exports_of_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.sha256[:12]}"


class ExportPart(TenantEntity):
    """A part of an export's file; content: compressed by zlib, each part by itself."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "export", "number"], name="one_export_part_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.number}"


class ExportedRow(TenantModel):
    """出力済: a row that went to a program; gone when the export is taken back."""

    pk = models.CompositePrimaryKey("organisation_id", "target", "transaction", "export_id")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    target = models.CharField(max_length=20)
    transaction = models.UUIDField()
    export = models.ForeignKey(
        Export, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return f"{self.target} {self.transaction}"


class BookedAs(TenantEntity):
    """What a program calls an account, and what stands against it, as a person said it last.

    account: None for what holds for all accounts of the organisation; then the other names are
    those of the contra accounts and the tax class.
    """

    target = models.CharField(max_length=20)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    subject = models.CharField(max_length=100, blank=True)
    sub_subject = models.CharField(max_length=100, blank=True)
    receipts = models.CharField(max_length=100, blank=True)
    payments = models.CharField(max_length=100, blank=True)
    tax_class = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "target", "account"], name="booked_as_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "target"],
                condition=models.Q(account=None),
                name="booked_against_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.account_id or 'all'}"
