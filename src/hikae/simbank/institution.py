"""The simulated institutions as data: names, branches, and how each one's site differs.

Knows no pages and no customers. Every name and code is fictional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Demand = Literal["host", "path"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of a bank: three-digit code, name, and its name in half-width kana."""

    code: str
    name: str
    kana: str


@dataclass(frozen=True, slots=True)
class Institution:
    """One simulated bank.

    `demand` says where the client certificate is asked for: on the whole host, or only on the path
    behind 電子証明書ログイン. `lockout` is how long a user who left without ログアウト is kept
    out; with zero a second sign-in ends the first one instead. `days_in_parts` asks for year, month
    and day in three fields. guess: it, `idle`, `lockout` and `page_rows`; no bank publishes them.
    """

    code: str
    name: str
    kana: str
    half_kana: str
    romaji: str
    latin: str
    demand: Demand
    branches: tuple[Branch, ...]
    image_buttons: bool = False
    days_in_parts: bool = False
    full_width_brackets: bool = True
    separated_records: bool = True
    window_days: int = 93
    page_rows: int = 50
    password_tries: int = 3
    idle: timedelta = timedelta(minutes=10)
    lockout: timedelta = timedelta(minutes=10)

    @property
    def issuer_name(self) -> str:
        """The common name of the authority that issues its customers' certificates."""
        return f"{self.latin} Client CA"


KITAMACHI = Institution(
    code="9901",
    name="北町銀行",
    kana="キタマチギンコウ",
    half_kana="ｷﾀﾏﾁ",
    romaji="kitamachi ginkou",
    latin="Kitamachi Bank",
    demand="host",
    branches=(
        Branch("001", "本店営業部", "ﾎﾝﾃﾝ"),
        Branch("017", "蔵前支店", "ｸﾗﾏｴ"),
        Branch("108", "港南支店", "ｺｳﾅﾝ"),
    ),
)

MINATOHAMA = Institution(
    code="9902",
    name="みなと浜信用金庫",
    kana="ミナトハマシンヨウキンコ",
    half_kana="ﾐﾅﾄﾊﾏｼﾝｷﾝ",
    romaji="minatohama shinyou kinko",
    latin="Minatohama Shinkin",
    demand="path",
    branches=(
        Branch("001", "本店", "ﾎﾝﾃﾝ"),
        Branch("005", "浜通支店", "ﾊﾏﾄﾞｵﾘ"),
        Branch("023", "灯台前支店", "ﾄｳﾀﾞｲﾏｴ"),
    ),
    image_buttons=True,
    window_days=62,
    page_rows=20,
    lockout=timedelta(0),
)

OKAWA = Institution(
    code="9903",
    name="大川銀行",
    kana="オオカワギンコウ",
    half_kana="ｵｵｶﾜ",
    romaji="ookawa ginkou",
    latin="Okawa Bank",
    demand="host",
    branches=(
        Branch("100", "本店営業部", "ﾎﾝﾃﾝ"),
        Branch("121", "川端支店", "ｶﾜﾊﾞﾀ"),
        Branch("204", "橋詰支店", "ﾊｼﾂﾞﾒ"),
    ),
    image_buttons=True,
    days_in_parts=True,
    full_width_brackets=False,
    separated_records=False,
    lockout=timedelta(minutes=5),
)

INSTITUTIONS = (KITAMACHI, MINATOHAMA, OKAWA)
