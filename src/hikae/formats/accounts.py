"""How files write the kind and the number of an account."""

from hikae.model.account import AccountKind

KIND_WORDS = {
    AccountKind.ORDINARY: "普通",
    AccountKind.CURRENT: "当座",
    AccountKind.TAX: "納税準備",
    AccountKind.SAVINGS: "貯蓄",
    AccountKind.NOTICE: "通知",
    AccountKind.TIME: "定期",
    AccountKind.INSTALMENT: "積立定期",
    AccountKind.OTHER: "その他",
}
_KINDS = {word: kind for kind, word in KIND_WORDS.items()}


def account_kind(word: str) -> AccountKind:
    """The kind that a bank's word means, with or without 預金; OTHER for what is none of them."""
    return _KINDS.get(word.removesuffix("預金"), AccountKind.OTHER)


def account_number(digits: str) -> str:
    """Seven digits or more: padding of wider fields goes, zeros of the number itself stay."""
    return digits.lstrip("0").zfill(7)
