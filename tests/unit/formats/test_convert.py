"""hikae convert: files in, one file out, or one line about what is wrong."""

import argparse
import json
import os
import threading
from pathlib import Path

import pytest

from hikae.formats.convert import WRITERS, add_arguments, run
from tests.unit.formats.bankfiles import (
    Movement,
    ZenginAccount,
    anser_file,
    anser_row,
    zengin_file,
)


def convert(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.fixture
def zengin(tmp_path: Path) -> Path:
    path = tmp_path / "zengin.txt"
    path.write_bytes(zengin_file(ZenginAccount([Movement(5_000, edi="ABC-1", inquiry=12)])))
    return path


@pytest.fixture
def anser(tmp_path: Path) -> Path:
    path = tmp_path / "anser.csv"
    path.write_bytes(anser_file(anser_row(out="1,157,369", balance="12,631", kind="出金")))
    return path


def test_a_fixed_length_file_becomes_the_json_that_is_promised(
    zengin: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert convert(zengin, "--to", "json") == 0
    written = capsysbinary.readouterr().out
    assert json.loads(written) == [
        {
            "account": {
                "bank_code": "0123",
                "bank_name": "ホクトギンコウ",
                "branch_code": "017",
                "branch_name": "ザオウ",
                "kind": "ordinary",
                "number": "0036041",
                "holder": "カ)ミホンシヨウジ",
            },
            "currency": "JPY",
            "period": {"from": "2026-05-01", "to": "2026-05-10"},
            "opening_balance": 100_000,
            "closing_balance": 105_000,
            "transactions": [
                {
                    "booked_on": "2026-05-03",
                    "value_on": "2026-05-03",
                    "amount": 5_000,
                    "balance": 105_000,
                    "kind": "transfer",
                    "description": "フリコミ",
                    "counterparty": "カ)ヤマダシヨウテン",
                    "bank_reference": "00000012",
                    "edi": "ABC-1",
                }
            ],
        }
    ]
    assert "フリコミ".encode() in written


def test_what_a_csv_does_not_say_is_null(
    anser: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert convert(anser, "--to", "json") == 0
    [statement] = json.loads(capsysbinary.readouterr().out)
    assert statement["period"] is None
    assert statement["account"]["bank_code"] is None
    assert statement["opening_balance"] == 1_170_000
    assert statement["transactions"] == [
        {
            "booked_on": "2026-05-01",
            "value_on": None,
            "amount": -1_157_369,
            "balance": 12_631,
            "kind": None,
            "description": "カ.タカミヤリヨカン",
            "counterparty": None,
            "bank_reference": None,
            "edi": None,
        }
    ]


def test_several_files_become_one_list_in_the_file_that_is_named(
    zengin: Path, anser: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.json"
    output.write_text("before")
    assert convert(zengin, anser, "--to", "json", "-o", output) == 0
    assert [each["account"]["number"] for each in json.loads(output.read_text("utf-8"))] == [
        *("0036041", "0036041"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("anser.csv", "out.json", "zengin.txt"),
    ]


def test_one_unreadable_file_leaves_the_output_untouched_and_is_told_in_one_line(
    zengin: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_bytes(zengin.read_bytes()[:-150])
    output = tmp_path / "out.json"
    output.write_text("before")
    assert convert(zengin, broken, "--to", "json", "-o", output) == 2
    told = capfd.readouterr()
    assert told.err == "broken.txt: record 4: expected 200 bytes, found 50 bytes\n"
    assert told.out == ""
    assert output.read_text() == "before"


def test_a_file_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert convert(tmp_path / "none.csv", "--to", "json") == 2
    assert capfd.readouterr().err == f"{tmp_path}/none.csv: No such file or directory\n"


def test_an_output_that_cannot_be_replaced_leaves_nothing_half_written(
    zengin: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "folder"
    output.mkdir()
    assert convert(zengin, "--to", "json", "-o", output) == 2
    assert capfd.readouterr().err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "zengin.txt"]


def test_only_formats_that_can_be_written_are_offered(
    zengin: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        convert(zengin, "--to", "pdf")
    assert caught.value.code == 2
    assert "beancount, csv, hledger, json, ofx, zengin" in capfd.readouterr().err.replace("'", "")


@pytest.mark.parametrize("to", sorted(WRITERS))
def test_a_file_of_a_bank_becomes_each_format(
    to: str, zengin: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert convert(zengin, "--to", to) == 0
    told = capfdbinary.readouterr()
    assert b"5000" in told.out
    assert told.err == b""


def test_what_is_written_as_zengin_is_the_same_file_of_the_bank(
    zengin: Path, tmp_path: Path
) -> None:
    output = tmp_path / "again.txt"
    assert convert(zengin, "--to", "zengin", "-o", output) == 0
    assert output.read_bytes().replace(b"\r\n", b"") == zengin.read_bytes()


def test_a_file_may_come_through_a_pipe(
    zengin: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(zengin.read_bytes(),))
    writer.start()
    assert convert(pipe, "--to", "json") == 0
    writer.join()
    [statement] = json.loads(capsysbinary.readouterr().out)
    assert statement["closing_balance"] == 105_000


def test_texts_that_a_format_cannot_hold_are_told_and_the_file_is_written(
    anser: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.txt"
    assert convert(anser, "--to", "zengin", "-o", output) == 0
    assert capfd.readouterr().err == "account: 支店名: '蔵王支店' is written as ''\n"
    assert output.read_bytes().count(b"\r\n") == 4


def test_of_very_many_such_texts_some_are_told_and_the_others_counted(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = [anser_row(n, into="1", balance=str(n), description="手数料") for n in range(1, 31)]
    path = tmp_path / "anser.csv"
    path.write_bytes(anser_file(*rows))
    assert convert(path, "--to", "zengin", "-o", tmp_path / "out.txt") == 0
    lines = capfd.readouterr().err.splitlines()
    assert lines[-1] == "31 texts are written otherwise"
    assert len(lines) == 21


@pytest.mark.parametrize("arguments", [[], ["-o", "out"]])
def test_what_a_format_cannot_say_ends_with_one_line_and_nothing_written(
    arguments: list[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("anser.csv")
    file.write_bytes(anser_file(anser_row(into="1,000", balance="")))
    assert convert(file, "--to", "zengin", *arguments) == 2
    told = capfd.readouterr()
    assert told.err == "zengin: expected 取引前残高, found (空白)\n"
    assert told.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["anser.csv"]
