"""The search for secrets is worth something: what is planted is found."""

import base64
import gzip
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.system.secrets.search import Place, files, find, process

SECRET = "ひみつ-CANARY-7f3a"
KEY = bytes(range(64, 96))

WRITTEN: dict[str, Callable[[str], bytes]] = {
    "plain": lambda secret: secret.encode(),
    "cp932": lambda secret: secret.encode("cp932"),
    "UTF-16": lambda secret: secret.encode("utf-16"),
    "hex": lambda secret: secret.encode().hex().encode(),
    "form": lambda secret: quote(secret).encode(),
    "form in cp932": lambda secret: quote(secret.encode("cp932")).encode(),
    "repr": lambda secret: repr(secret.encode()).encode(),
    "basic": lambda secret: base64.b64encode(f"tanaka:{secret}".encode()),
    "basic, one more": lambda secret: base64.b64encode(f"tanaka1:{secret}:".encode()),
    "basic, two more": lambda secret: base64.b64encode(f"tanaka12:{secret}::".encode()),
    "base64url of UTF-16": lambda secret: base64.urlsafe_b64encode(secret.encode("utf-16-le")),
    "JSON": lambda secret: ascii(secret)[1:-1].encode(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_secret_is_found_in_whatever_form_it_was_written(form: str) -> None:
    place = Place("log", b"before " + WRITTEN[form](SECRET) + b" after")
    assert {each.secret for each in find([place], {"password": SECRET})} == {"password"}
    other = Place("log", b"before " + WRITTEN[form]("ひみつ-ANOTHER-91bc") + b" after")
    assert find([other], {"password": SECRET}) == []


def test_a_secret_is_found_in_a_database_that_is_open_and_in_a_packed_file(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE t (x)")
        database.execute("INSERT INTO t VALUES (?)", (KEY,))
        database.commit()
        (tmp_path / "b.gz").write_bytes(gzip.compress(SECRET.encode()))
        (tmp_path / "keyring.json").write_bytes(KEY)
        places = list(files(tmp_path, but=[tmp_path / "keyring.json"]))
        found = find(places, {"key": KEY, "password": SECRET})
    assert {(Path(each.place).name, each.secret) for each in found} == {
        ("a.sqlite-wal", "key"),
        ("b.gz unpacked", "password"),
    }


def test_a_secret_is_found_in_arguments_and_environment_of_a_process() -> None:
    program = [sys.executable, "-c", "print(flush=True); input()", SECRET]
    pipe, environment = subprocess.PIPE, {"KEY": KEY.hex()}
    with subprocess.Popen(program, stdin=pipe, stdout=pipe, env=environment) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"\n"  # it runs
        found = find(process(child.pid), {"key": KEY, "password": SECRET})
        child.communicate(b"\n")
    assert {(each.place.rpartition("/")[2], each.secret) for each in found} == {
        ("cmdline", "password"),
        ("environ", "key"),
    }
