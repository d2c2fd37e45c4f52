"""The certificates of a bank's customers, issued and written to a directory.

Every customer gets one; the first also all that can go wrong with certificates: a renewed twin
beside an expired one, not yet valid, revoked, of another authority, of another customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from hikae.simbank.authority import YEAR, Authority, Issued
from hikae.simbank.customer import CertificateFiles, Customer
from hikae.simbank.scenarios import Interstitial

_PASSWORD = "p12-password"  # noqa: S105 - protects fake certificates of a fake bank


def issue(
    customers: Sequence[Customer], authority: Authority, stranger: Authority, directory: Path
) -> None:
    """Issue and write every customer's certificates, valid by the bank's clock of now."""
    directory.mkdir(parents=True, exist_ok=True)
    for customer in customers:
        now = customer.opened_at
        kind = "expired" if customer.scenario.certificate_expired else "valid"
        ending = Interstitial.RENEWAL_NOTICE in customer.scenario.interstitials
        validity = _validity("ending" if ending else kind, now)
        _keep(customer, kind, _client(customer, authority, validity), directory)
    first = customers[0]
    for kind in ("expired", "not_yet_valid", "revoked"):
        _keep(first, kind, _client(first, authority, _validity(kind, first.opened_at)), directory)
    authority.revoke(first.certificates["revoked"].certificate)
    foreign = _client(first, stranger, _validity("valid", first.opened_at))
    _keep(first, "other_authority", foreign, directory)
    if len(customers) > 1:
        first.certificates["other_customer"] = customers[1].certificate


def _validity(kind: str, now: datetime) -> tuple[datetime, datetime]:
    starts = {
        "expired": now - YEAR - timedelta(days=20),
        "not_yet_valid": now + timedelta(days=20),
        "ending": now + timedelta(days=30) - YEAR,
    }
    since = starts.get(kind, now - timedelta(days=30))
    return since, since + YEAR


def _client(customer: Customer, by: Authority, validity: tuple[datetime, datetime]) -> Issued:
    return by.issue_client(customer.login_id, customer.institution.name, *validity)


def _keep(customer: Customer, kind: str, issued: Issued, directory: Path) -> None:
    stem = customer.login_id if kind == "valid" else f"{customer.login_id}.{kind}"
    customer.certificates[kind] = CertificateFiles(
        kind=kind,
        certificate=issued.certificate,
        p12=issued.write_p12(directory / f"{stem}.p12", _PASSWORD),
        old_p12=issued.write_p12(directory / f"{stem}.old.p12", _PASSWORD, old_ciphers=True),
        pem=issued.write_pem(directory / f"{stem}.pem"),
        password=_PASSWORD,
    )
