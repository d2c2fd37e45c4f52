"""A bank account as a statement names it."""

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """Kind of a deposit account (預金種目)."""

    ORDINARY = "ordinary"  # 普通
    CURRENT = "current"  # 当座
    TAX = "tax"  # 納税準備
    SAVINGS = "savings"  # 貯蓄
    NOTICE = "notice"  # 通知
    TIME = "time"  # 定期
    INSTALMENT = "instalment"  # 積立定期
    OTHER = "other"  # その他


@dataclass(frozen=True, slots=True)
class Account:
    """One account (口座).

    bank_code: four digits of the unified bank code, None where a source does not say it.
    branch_code: three digits, None where a source does not say it.
    number: seven digits or more, as text, leading zeros kept.
    currency: ISO 4217 code; amounts of the account are in its minor units.
    """

    branch_code: str | None
    kind: AccountKind
    number: str
    bank_code: str | None = None
    bank_name: str | None = None
    branch_name: str | None = None
    holder: str | None = None
    currency: str = "JPY"

    @property
    def key(self) -> tuple[str, AccountKind, str, str]:
        """What tells two accounts of one bank apart: branch, kind, number, currency."""
        return (self.branch_code or "", self.kind, self.number, self.currency)
