"""Files of banks: how fast they are read, and how much memory a million rows take.

Reading means every transaction of every statement, proven sums included, as an import does it.
Each memory is that of a process of its own, at its peak.
"""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

from hikae.formats import detect
from hikae.formats.records import LENGTH
from tests.benchmarks.figures import Figure
from tests.unit.formats.bankfiles import Movement, ZenginAccount, anser_file, anser_row, put

_ROWS_OF_AN_ACCOUNT, _ACCOUNTS = 499_998, 2
_CSV_ROWS = 200_000
_DIFFERENT, _CUSTOMERS = 5_000, 400
_TURNS = 5
_AS_OF = datetime(2026, 11, 23, tzinfo=UTC)

_PEAK = """
[most] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(most.split()[1]) * 1024 / 1e6)
"""

_READ = f"""
import sys
from pathlib import Path
from time import perf_counter
from tests.benchmarks.files import read
began = perf_counter()
read(Path(sys.argv[1]))
print(perf_counter() - began)
{_PEAK}"""

_CONVERT = f"""
import sys
from hikae.cli import main
if main(sys.argv[1:]):
    sys.exit(1)
{_PEAK}"""


def measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """Figures of 全銀 and of ANSER CSV."""
    large = folder / "zengin.txt"
    records = _write_zengin(large)
    took, memory = _child(_READ, str(large))
    (export,) = _child(_CONVERT, "convert", str(large), "--to", "csv", "-o", f"{large}.csv")
    say(f"{records:,} records of 全銀 read in {took:.1f} s")
    small = folder / "anser.csv"
    _write_anser(small)
    ours, plain = _anser_and_csv(small)
    say(f"{_CSV_ROWS:,} rows of ANSER CSV: {ours:.2f} s, by csv.reader alone {plain:.2f} s")
    return [
        Figure("zengin_records_per_s", records / took, "/s", 100_000, "at least"),
        Figure("zengin_rss_mb", memory, "MB", 150),
        Figure("anser_vs_csv_reader", plain / ours, "times", 0.3, "at least"),
        Figure("export_1m_rss_mb", export, "MB", 100),
    ]


def read(path: Path) -> int:
    """Read every transaction of a file; how many there were."""
    with path.open("rb") as file:
        statements = detect.open_statements(file, path.name, _AS_OF)
        return sum(1 for statement in statements for _ in statement.transactions)


def _anser_and_csv(path: Path) -> tuple[float, float]:
    """Seconds of our reader and of csv.reader, in turns."""
    ours, plain = [], []
    for _ in range(_TURNS):
        began = perf_counter()
        count = read(path)
        ours.append(perf_counter() - began)
        began = perf_counter()
        with path.open(encoding="cp932", newline="") as file:
            rows = sum(1 for _ in csv.reader(file))
        plain.append(perf_counter() - began)
        if count != _CSV_ROWS or rows != _CSV_ROWS + 1:
            raise AssertionError(f"{count} transactions of {rows} rows were read")
    return median(ours), median(plain)


def _child(program: str, *arguments: str) -> list[float]:
    """Run a program in a process of its own; the figures that it prints."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [float(line) for line in done.stdout.split()]


def _write_zengin(path: Path) -> int:
    movements = list(islice(cycle(_movements()), _ROWS_OF_AN_ACCOUNT))
    account = ZenginAccount(movements)
    different = b"".join(map(account.data, _movements()))
    times, rest = divmod(_ROWS_OF_AN_ACCOUNT, _DIFFERENT)
    rows = different * times + different[: rest * LENGTH]
    records = _ACCOUNTS * (_ROWS_OF_AN_ACCOUNT + 2) + 1
    end = bytearray(b"9".ljust(200))
    put(end, 2, 11, records)
    put(end, 12, 16, _ACCOUNTS)
    with path.open("wb") as file:
        for _ in range(_ACCOUNTS):
            file.write(account.header() + rows + account.end())
        file.write(end)
    return records


def _movements() -> list[Movement]:
    """Rows as a busy account has them: few days, some hundred customers, amounts of their own."""
    return [
        Movement(
            yen=1_000 + row * 7_919 % 900_000,
            booked=f"0805{1 + row // 200:02}",
            value=f"0805{1 + row // 200:02}",
            credit=row % 3 > 0,
            kind=(10, 11, 14)[row % 3],
            name=f"ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ {row * 31 % _CUSTOMERS}",
            inquiry=row + 1,
        )
        for row in range(_DIFFERENT)
    ]


def _write_anser(path: Path) -> None:
    with path.open("wb") as file:
        file.write(anser_file())
        file.writelines(_anser_lines())


def _anser_lines() -> Iterator[bytes]:
    balance = 1_000_000
    for number, movement in enumerate(islice(cycle(_movements()), _CSV_ROWS), start=1):
        balance += movement.yen if movement.credit else -movement.yen
        row = anser_row(
            number % 1000,
            booked=f"2026年05月{movement.booked[4:]}日",
            into=f"{movement.yen:,}" if movement.credit else "",
            out="" if movement.credit else f"{movement.yen:,}",
            balance=f"{balance:,}",
            description=movement.name,
        )
        yield ('"' + '","'.join(row) + '"\r\n').encode("cp932")
