"""How files write the kind and the number of an account."""

from hikae.model.account import AccountKind

_KINDS = {
    "普通": AccountKind.ORDINARY,
    "当座": AccountKind.CURRENT,
    "納税準備": AccountKind.TAX,
    "貯蓄": AccountKind.SAVINGS,
    "通知": AccountKind.NOTICE,
    "定期": AccountKind.TIME,
    "積立定期": AccountKind.INSTALMENT,
}


def account_kind(word: str) -> AccountKind:
    """The kind that a bank's word means, with or without 預金; OTHER for what is none of them."""
    return _KINDS.get(word.removesuffix("預金"), AccountKind.OTHER)


def account_number(digits: str) -> str:
    """Seven digits or more: padding of wider fields goes, zeros of the number itself stay."""
    return digits.lstrip("0").zfill(7)
