"""Kinds of banks: how names end, and how people shorten that.

A name is looked for as it is, with its end shortened, and without it.
"""

from dataclasses import dataclass

from hikae.catalogue.spelling import folded, reading


@dataclass(frozen=True, slots=True)
class Kind:
    """end: of a name; short: what people write instead; before: what they put before the rest."""

    end: str
    end_kana: str
    short: str = ""
    short_kana: str = ""
    before: str = ""


KINDS = (
    Kind(
        "信用漁業協同組合連合会",
        "シンヨウギヨギヨウキヨウドウクミアイレンゴウカイ",
        "信漁連",
        "シンギヨレン",
        "JF",
    ),
    Kind(
        "信用農業協同組合連合会",
        "シンヨウノウギヨウキヨウドウクミアイレンゴウカイ",
        "信連",
        "シンレン",
        "JA",
    ),
    Kind("農業協同組合", "ノウギヨウキヨウドウクミアイ", "農協", "ノウキヨウ", "JA"),
    Kind("漁業協同組合", "ギヨギヨウキヨウドウクミアイ", "漁協", "ギヨキヨウ", "JF"),
    Kind("信用金庫", "シンヨウキンコ", "信金", "シンキン"),
    Kind("信用組合", "シンヨウクミアイ", "信組", "シンクミ"),
    Kind("労働金庫", "ロウドウキンコ", "労金", "ロウキン"),
    Kind("銀行", "ギンコウ"),
)
"""The longer ends first."""


def names(name: str, kana: str) -> tuple[frozenset[str], frozenset[str]]:
    """All folded names of a bank, and all its readings.

    One whose name ends in nothing known, as those from abroad, is a 銀行 all the same to people.
    """
    for kind in KINDS:
        if name.endswith(kind.end):
            bare, bare_kana = name.removesuffix(kind.end), _without(kana, kind.end_kana)
            written = {name, bare, bare + kind.short, kind.before + bare}
            read = {kana, bare_kana, bare_kana + kind.short_kana}
            break
    else:
        written, read = {name, f"{name}銀行"}, {kana, f"{kana}ギンコウ"}
    return frozenset(map(folded, written)), frozenset(map(reading, read))


def _without(kana: str, end: str) -> str:
    """Kana without its end, where small kana may be written large or not."""
    return kana[: -len(end)] if folded(kana).endswith(end) else kana
