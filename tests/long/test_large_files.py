"""Files larger than memory should be: what `hikae convert` holds of them stays small."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long.conftest import Say
from tests.unit.formats.bankfiles import Movement, ZenginAccount, anser_file, anser_row, put

MOST_MEMORY = 150 * 1024
"""KiB of resident memory."""

ROWS_OF_AN_ACCOUNT = 499_999
CSV_ROWS, ALL_CSV_ROWS = 300_000, 1_000_000


MEASURED = """
import sys
from pathlib import Path
from hikae.cli import main

status = main(sys.argv[1:])
[most] = [line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
print(most.split()[1])
sys.exit(status)
"""
"""The command, which then tells its largest resident memory. (rusage would tell its parent's.)"""


def convert(source: Path, target: Path) -> int:
    """Run the command; its largest resident memory, KiB."""
    arguments = ["convert", str(source), "--to", "json", "-o", str(target)]
    command = [sys.executable, "-c", MEASURED, *arguments]
    return int(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def test_a_million_records_are_converted_in_little_memory(tmp_path: Path, say: Say) -> None:
    account = ZenginAccount([Movement(7)] * ROWS_OF_AN_ACCOUNT)
    row = account.data(Movement(7))
    records = 2 * (ROWS_OF_AN_ACCOUNT + 2) + 1
    end = bytearray(b"9".ljust(200))
    put(end, 2, 11, records)
    put(end, 12, 16, 2)
    source, target = tmp_path / "large.txt", tmp_path / "large.json"
    with source.open("wb") as file:
        for _ in range(2):
            file.write(account.header() + row * ROWS_OF_AN_ACCOUNT + account.end())
        file.write(end)
    memory = convert(source, target)
    assert memory < MOST_MEMORY
    say(f"{records:,} records of 全銀 in {memory // 1024} MiB")


@pytest.mark.parametrize("newest_first", [False, True])
def test_rows_of_a_csv_are_put_in_order_in_little_memory(
    newest_first: bool, full: bool, tmp_path: Path, say: Say
) -> None:
    count = ALL_CSV_ROWS if full else CSV_ROWS
    numbers = range(count, 0, -1) if newest_first else range(1, count + 1)
    source, target = tmp_path / "large.csv", tmp_path / "large.json"
    with source.open("wb") as file:
        file.write(anser_file())
        for number in numbers:
            row = anser_row(number % 1000, into="1", balance=str(number))
            file.write(('"' + '","'.join(row) + '"\r\n').encode("cp932"))
    memory = convert(source, target)
    assert memory < MOST_MEMORY
    if not full:
        [statement] = json.loads(target.read_bytes())
        balances = [each["balance"] for each in statement["transactions"]]
        assert balances == list(range(1, count + 1))
    say(f"{count:,} rows of CSV in {memory // 1024} MiB")
