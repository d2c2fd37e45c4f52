"""What a bank's books, its request log and the cloud's database say, for tests to compare."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from uuid import UUID

from demo.household import Bank, Customer
from hikae.banks.families import connector_for
from hikae.banks.labels import fold
from hikae.model.clock import japan_day, system_clock
from tests.fixtures_household import Desk

Row = tuple[date, int, int]
"""Day, amount and balance after."""

WINDOW = {"9901": 93, "9902": 62, "9903": 93}
"""How many days each simulated bank shows."""

SIGNED_OUT = {"ログアウト", "ログオフ"}
_FORBIDDEN = {"txtTradePw", "txtConfirmPw"}
"""取引パスワード and 確認用パスワード, as the simulated banks' forms call them."""

_ORDERS = re.compile(r"(?i)b(fri|sgf|fkf)\d")
"""Screens that move money."""


def in_the_bank(bank: Bank, customer: Customer, window_days: int) -> dict[str, list[Row]]:
    """The true books by account number, as far back as the bank shows them."""
    first = japan_day(system_clock()) - timedelta(days=window_days - 1)
    return {
        account["number"]: [
            (date.fromisoformat(row["booked_on"]), row["amount"], row["balance"])
            for row in account["transactions"]
            if row["booked_on"] >= first.isoformat()
        ]
        for account in bank.ask(f"/books?login={customer.login_id}")
    }


def in_the_cloud(desk: Desk, customer: Customer) -> dict[str, list[Row]]:
    """The rows of a customer's accounts by number, in the cloud's order."""
    numbers = [each["number"] for each in desk.bank.ask(f"/books?login={customer.login_id}")]
    found: dict[str, list[Row]] = {number: [] for number in numbers}
    rows = ask(
        desk,
        "SELECT account.number, row.booked_on, row.amount, row.balance"
        " FROM statements_transaction row JOIN statements_account account"
        " ON account.id = row.account_id WHERE row.organisation_id = ?"
        " ORDER BY row.booked_on, row.position",
        desk.organisation.hex if desk.organisation else "",
    )
    for number, day, amount, balance in rows:
        if number in found:
            found[str(number)].append((date.fromisoformat(str(day)), int(amount), int(balance)))
    return found


def ask(desk: Desk, query: str, *values: str) -> list[tuple[str | int, ...]]:
    """Read from the cloud's database file."""
    address = f"file:{desk.cloud.data / 'hikae.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as database:
        return database.execute(query, values).fetchall()


async def told_in_the_cloud(desk: Desk, fetch: UUID) -> str:
    """The code of the problem with which a fetch has ended, as the cloud hears it."""
    await desk.engine.send_unsent()
    ((problem,),) = ask(desk, "SELECT problem FROM connections_fetch WHERE id = ?", fetch.hex)
    return str(json.loads(str(problem))["code"])


def requests(bank: Bank, customer: Customer) -> int:
    """How many requests of a customer the bank has seen."""
    return len(bank.log(customer))


def signed_out(bank: Bank, customer: Customer) -> bool:
    """Whether the last thing pressed was the way out."""
    pressed = [entry["button"] for entry in bank.log(customer) if entry["button"]]
    return bool(pressed) and pressed[-1] in SIGNED_OUT


def passwords_sent(bank: Bank, customer: Customer) -> int:
    """How often the login password was given."""
    return sum("txtLoginPw" in entry["filled"] for entry in bank.log(customer))


def trespasses(bank: Bank, customer: Customer) -> list[str]:
    """Whatever was pressed, reached or filled in that a dialog which only reads must not."""
    connector = connector_for("bizsol")
    allowed = {fold(words) for words in connector.presses}
    found = []
    for entry in bank.log(customer):
        if entry["button"] and fold(entry["button"]) not in allowed:
            found.append(f"pressed {entry['button']}")
        path = entry["path"].partition("?")[0]
        if _ORDERS.search(path) or not any(
            reach.method == entry["method"]
            and (not reach.words or fold(entry["button"]) in map(fold, reach.words))
            and re.fullmatch(reach.path, path)
            for reach in connector.reaches
        ):
            found.append(f"reached {entry['method']} {path} by {entry['button']}")
        found += [f"filled in {name}" for name in _FORBIDDEN & set(entry["filled"])]
    known = next(e for e in bank.ask("/customers") if e["login_id"] == customer.login_id)
    return found + [f"moved money {order}" for order in known["transfers"]]
