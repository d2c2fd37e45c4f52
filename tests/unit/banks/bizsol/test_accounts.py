"""Accounts are read however a screen arranges them."""

import pytest

from hikae.banks.bizsol.accounts import read_account
from hikae.model.account import AccountKind


@pytest.mark.parametrize(
    ("text", "branch", "code", "kind", "number"),
    [
        ("蔵王支店(017) 普通 0036041", "蔵王支店", "017", AccountKind.ORDINARY, "0036041"),
        (
            "蔵王支店（０１７）　普通　００３６０４１",
            "蔵王支店",
            "017",
            AccountKind.ORDINARY,
            "0036041",
        ),
        (
            "本店営業部 100 当座預金 1234567 ヤマダ(カ",
            "本店営業部",
            "100",
            AccountKind.CURRENT,
            "1234567",
        ),
        ("本店 貯蓄 7654321", "本店", None, AccountKind.SAVINGS, "7654321"),
        ("納税準備 7654321", None, None, AccountKind.TAX, "7654321"),
    ],
)
def test_an_account_is_found_in_a_text(
    text: str, branch: str | None, code: str | None, kind: AccountKind, number: str
) -> None:
    account = read_account(text)
    assert account is not None
    found = (account.branch_name, account.branch_code, account.kind, account.number)
    assert found == (branch, code, kind, number)


@pytest.mark.parametrize("text", ["日付範囲指定", "普通", "2026年11月24日", "普通 12345", ""])
def test_another_text_is_no_account(text: str) -> None:
    assert read_account(text) is None
