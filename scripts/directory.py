"""The directory of banks and branches, from the lists that the package zengin-code publishes.

`python -m scripts.directory` writes it anew. The lists shorten names and leave 銀行 out; the
directory has them as a bank's customers know them.
"""

import gzip
import sys
import unicodedata
from collections.abc import Iterator

from zengin_code import Bank

from hikae.catalogue.directory import DATA

_WHOLE = (
    (
        "信漁連",
        "シンギヨレン",
        "信用漁業協同組合連合会",
        "シンヨウギヨギヨウキヨウドウクミアイレンゴウカイ",
    ),
    (
        "信連",
        "シンレン",
        "信用農業協同組合連合会",
        "シンヨウノウギヨウキヨウドウクミアイレンゴウカイ",
    ),
    ("農協", "ノウキヨウ", "農業協同組合", "ノウギヨウキヨウドウクミアイ"),
    ("漁協", "ギヨキヨウ", "漁業協同組合", "ギヨギヨウキヨウドウクミアイ"),
    ("信金", "シンキン", "信用金庫", "シンヨウキンコ"),
    ("信組", "シンクミ", "信用組合", "シンヨウクミアイ"),
    ("労金", "ロウキン", "労働金庫", "ロウドウキンコ"),
)
"""Ends of names as the lists shorten them, and as they are."""


def main() -> int:
    """Write the directory and say how much is in it."""
    size = DATA.write_bytes(packed())
    branches = sum(len(bank.branches) for bank in Bank.all.values())
    print(f"{len(Bank.all)} banks, {branches} branches, {size:,} bytes")
    return 0


def packed() -> bytes:
    """Return the directory as it is shipped; the same lists make the same bytes."""
    return gzip.compress("\n".join(_lines()).encode(), mtime=0)


def _lines() -> Iterator[str]:
    """A line for each bank, followed by those of its branches, which begin with a tab."""
    for code, bank in sorted(Bank.all.items()):
        yield "\t".join((code, *_whole(code, _plain(bank.name), _kana(bank.kana))))
        for number, branch in sorted(bank.branches.items()):
            yield "\t".join(("", number, _plain(branch.name), _kana(branch.kana)))


def _whole(code: str, name: str, kana: str) -> tuple[str, str]:
    for short, short_kana, end, end_kana in _WHOLE:
        if name.endswith(short) and kana.endswith(short_kana):
            return name.removesuffix(short) + end, kana.removesuffix(short_kana) + end_kana
    if _is_bank(code):
        return f"{name}銀行", f"{kana}ギンコウ"
    return name, kana


def _is_bank(code: str) -> bool:
    """Whether the name goes with 銀行, as the domestic ones do; those from abroad vary."""
    domestic = code < "0200" or "0288" <= code < "0400" or "0501" <= code < "0600"
    return domestic or code == "9900"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _kana(text: str) -> str:
    return _plain(text).replace("-", "ー")


if __name__ == "__main__":
    sys.exit(main())
