"""Damaged files: exit code 2, one line that names file and damage, and nothing is written."""

import argparse
import io
import zipfile
from pathlib import Path

import pytest

from hikae.formats.convert import add_arguments, run
from tests.unit.formats.bankfiles import (
    ANSER_HEADINGS,
    Movement,
    Notice,
    ZenginAccount,
    anser_file,
    anser_row,
    balance_records,
    notice_records,
    zengin_file,
)
from tests.unit.formats.test_bankcsv import PAYPAY, RAKUTEN, WHOLE, csv_file
from tests.unit.formats.test_ofx import (
    LAUGHS,
    OUTSIDE,
    SGML_BODY,
    sgml,
    xml,
    xml_row,
    xml_statement,
)

ACCOUNT = ZenginAccount([Movement(5_000), Movement(330, credit=False)])
ZENGIN = zengin_file(ACCOUNT, separator=b"\r\n")
EBCDIC = b"\xf1\xf0\xf3\xf1" + b"\x40" * 196
NOTICES = b"".join(notice_records(Notice(5)))
BALANCES = b"".join(balance_records(5))
ANSER = anser_file(anser_row(1, into="100", balance="100"), anser_row(2, out="1", balance="99"))
RAKUTEN_ROWS = csv_file(RAKUTEN, ("20260701", "5", "5", "x"), ("20260702", "5", "10", "x"))
OFX = xml(xml_statement(xml_row()))


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new, 1)


def put_at(data: bytes, place: int, content: bytes) -> bytes:
    return data[:place] + content + data[place + len(content) :]


def workbook() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return whole.getvalue()


DAMAGED = {
    "empty": b"",
    "one byte": b"1",
    "only line ends": b"\r\n\r\n",
    "only the end mark": b"\x1a",
    "only NULs": b"\x00" * 4_000,
    "only spaces": b" " * 4_000,
    "Excel": workbook(),
    "Excel of old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "PDF": b"%PDF-1.7\n",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff\xe0",
    "gzip": b"\x1f\x8b\x08\x00",
    "UTF-16": "取引日,摘要\r\n".encode("utf-16"),
    "a page": b"<!DOCTYPE html><html><body>timeout</body></html>",
    "a page behind a mark": b"\xef\xbb\xbf\r\n <HTML>",
    "a table without a page": b"<table><tr><td>1</td></tr></table>",
    "prose": "本日の取引はありません\r\n".encode("cp932"),
    "JSON": b'{"error": "session"}',
    "zengin cut inside a record": ZENGIN[:-50],
    "zengin cut behind the header": ZENGIN[:202],
    "zengin without an end record": ZENGIN[:-202],
    "zengin without a trailer": ZENGIN[: 202 * 3] + ZENGIN[202 * 4 :],
    "zengin without a header": ZENGIN[202:],
    "zengin twice": ZENGIN + ZENGIN,
    "zengin with a row lost": ZENGIN[:202] + ZENGIN[202 * 2 :],
    "zengin with a row twice": ZENGIN[: 202 * 2] + ZENGIN[202:],
    "zengin of another kind": put_at(ZENGIN, 1, b"21"),
    "zengin with another sum": put_at(ZENGIN, 202 * 3 + 19, b"1"),
    "zengin with another count": put_at(ZENGIN, 202 * 3 + 6, b"2"),
    "zengin with another balance": put_at(ZENGIN, 202 * 3 + 53, b"1"),
    "zengin with another number of records": put_at(ZENGIN, 202 * 4 + 10, b"7"),
    "zengin with another number of accounts": put_at(ZENGIN, 202 * 4 + 15, b"2"),
    "zengin with a month thirteen": put_at(ZENGIN, 202 + 9, b"081301"),
    "zengin with the year zero": put_at(ZENGIN, 202 + 9, b"000501"),
    "zengin with a day in letters": put_at(ZENGIN, 202 + 9, b"R80501"),
    "zengin without a day": put_at(ZENGIN, 202 + 9, b"      "),
    "zengin with a sign in an amount": put_at(ZENGIN, 202 + 24, b"-"),
    "zengin with a full width digit": put_at(ZENGIN, 202 + 24, "１".encode("cp932")),
    "zengin with half a kanji": put_at(ZENGIN, 202 + 178, b"\x88"),
    "zengin with NULs in an amount": put_at(ZENGIN, 202 + 24, b"\x00\x00"),
    "zengin with another side": put_at(ZENGIN, 202 + 21, b"0"),
    "zengin a byte too wide": changed(ZENGIN, b"\r\n", b"x\r\n"),
    "zengin a byte too narrow": ZENGIN[:100] + ZENGIN[101:],
    "zengin with a blank line inside": changed(ZENGIN, b"\r\n", b"\r\n\r\n"),
    "zengin in UTF-8": ZENGIN.decode("cp932").encode(),
    "zengin with one line of a million": ZENGIN[:202] + b"2" * 1_000_000,
    "zengin without line ends, a byte lost": zengin_file(ACCOUNT)[:-1],
    "zengin without line ends, a byte more": zengin_file(ACCOUNT) + b"9",
    "zengin without an account": put_at(ZENGIN, 63, b" " * 10),
    "zengin whose period ends before it begins": put_at(ZENGIN, 16, b"080401"),
    "EBCDIC that ends behind a header": EBCDIC,
    "notices with another sum": put_at(NOTICES, 400 + 18, b"9"),
    "notices with a day of no month": put_at(NOTICES, 200 + 7, b"089901"),
    "notices without an end": NOTICES[:-200],
    "balances with another count": put_at(BALANCES, 400 + 7, b"9"),
    "balances of loans": put_at(BALANCES, 3, b"2"),
    "balances at 25 o'clock": put_at(BALANCES, 207, b"2500"),
    "anser with a quote left open": ANSER[:-6],
    "anser with a column lost": changed(ANSER, '"振込",'.encode("cp932"), b""),
    "anser with another balance": changed(ANSER, b'"99"', b'"98"'),
    "anser with a row lost": changed(ANSER, b'"002"', b'"003"'),
    "anser with a day in February": changed(
        ANSER, "05月01".encode("cp932"), "02月31".encode("cp932")
    ),
    "anser with a huge field": changed(ANSER, b'"100"', b'"' + b"1" * 200_000 + b'"'),
    "anser with a row without end": ANSER + b",a" * 4_300_000,
    "anser with a quote that is open for megabytes": ANSER + b'"' + b"a\r\n" * 2_900_000,
    "anser with money on both sides": anser_file(anser_row(1, into="1", out="1")),
    "anser with NULs": changed(ANSER, b'"001"', b'"0\x001"'),
    "anser with two encodings": ANSER + '"残高"\r\n'.encode(),
    "anser with bytes of no text": ANSER + b'"\xff\xff"\r\n',
    "anser without a heading": ANSER[ANSER.index(b"\r\n") + 2 :],
    "anser with a heading too few": anser_file(headings=ANSER_HEADINGS[:-1]),
    "anser with an account in words": anser_file(anser_row(1, into="1", account="蔵王支店")),
    "bank CSV with another balance": changed(RAKUTEN_ROWS, b'"10"', b'"11"'),
    "bank CSV with a day in words": changed(RAKUTEN_ROWS, b"20260702", "昨日".encode("cp932")),
    "bank CSV with a column more": changed(RAKUTEN_ROWS, b'"x"\r\n', b'"x","y"\r\n'),
    "bank CSV with a heading twice": csv_file((*PAYPAY, "残高")),
    "bank CSV with headings alone in quotes": b'"' + RAKUTEN_ROWS,
    "rows of types with another total": csv_file(*WHOLE[:2], *WHOLE[3:]),
    "rows of types without an end": csv_file(*WHOLE[:-1]),
    "OFX cut": OFX[:-40],
    "OFX without a body": b"OFXHEADER:100\r\nDATA:OFXSGML\r\n",
    "OFX with entities": LAUGHS.encode(),
    "OFX with outside entities": OUTSIDE.encode(),
    "OFX with an amount in words": changed(OFX, b"5000", b"five"),
    "OFX with half a yen": changed(OFX, b"5000", b"0.5"),
    "OFX with tags crossed": changed(OFX, b"</FITID>", b"</TRNAMT>"),
    "OFX of 1.x cut": sgml(SGML_BODY[:-9]),
    "OFX of 1.x in another encoding": sgml(charset="932").replace(b"CHARSET:932", b"CHARSET:NONE"),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_ends_with_one_line_and_without_output(
    data: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    damaged, output = tmp_path / "damaged.dat", tmp_path / "out.json"
    damaged.write_bytes(data)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args([str(damaged), "--to", "json", "-o", str(output)])) == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err.startswith("damaged.dat: ")
    assert told.err.endswith("\n")
    assert told.err.count("\n") == 1
    assert ": expected " in told.err
    assert len(told.err) < 400
    assert list(tmp_path.iterdir()) == [damaged]
