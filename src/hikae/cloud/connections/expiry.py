"""A certificate as pages show it: whose, until when, and how soon that is."""

from dataclasses import dataclass
from datetime import date, datetime

from hikae.link.messages import CertificateShown
from hikae.model.clock import japan_day

FEW_DAYS = 40
"""From here on the days that are left are counted."""


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """ends_on: its last day in Japan. days_left: only once they are few; negative when over."""

    user_id: str
    ends_on: date
    days_left: int | None


def shown_certificate(certificate: CertificateShown, now: datetime) -> ShownCertificate:
    """What to show of a certificate that was chosen on a PC."""
    ends_on = japan_day(certificate.not_after)
    left = (ends_on - japan_day(now)).days
    return ShownCertificate(certificate.user_id, ends_on, left if left <= FEW_DAYS else None)
