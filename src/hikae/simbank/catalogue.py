"""The catalogue directory that tells others where the simulated banks are.

One TOML file for each institution and the authority of their servers, all paths relative to the
directory; nothing in it is called verified.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from hikae.simbank.institution import Institution

CA_FILE = "ca.pem"


def write(directory: Path, bank: Institution, origin: str, sign_in_path: str, issuer: str) -> Path:
    """Write one institution's file; return its path."""
    host = origin.removeprefix("https://")
    day = json.dumps("00:00-24:00")
    text = f"""\
code = {_quoted(bank.code)}
name = {_quoted(bank.name)}
kana = {_quoted(bank.kana)}
romaji = {_quoted(bank.romaji)}
family = "bizsol"
certificate = true
sign_in = {_quoted(origin + sign_in_path)}
hosts = [{_quoted(host)}]
issuers = [{_quoted(issuer)}]
window_days = {bank.window_days}
lockout_minutes = {bank.lockout / timedelta(minutes=1)}
challenge = "sometimes"
verified = ""
contact = {_quoted(origin + "/contact")}
renewal = {_quoted(origin + "/renewal")}

[[login]]
name = "password"
label = "ログインパスワード"
hint = "半角英数字6文字以上12文字以内"
where = "電子証明書でログインするときに入力するパスワードです。"
secret = true

[hours]
weekday = {day}
saturday = {day}
holiday = {day}

[trial]
ca = {_quoted(CA_FILE)}
"""
    path = directory / f"{bank.code}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)
