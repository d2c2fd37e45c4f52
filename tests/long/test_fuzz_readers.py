"""Whatever bytes come, a reader reads them or says why not."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.long.conftest import Say
from tests.unit.formats.test_bankcsv import WHOLE, csv_file
from tests.unit.formats.test_damaged_files import (
    ANSER,
    BALANCES,
    DAMAGED,
    NOTICES,
    OFX,
    RAKUTEN_ROWS,
    ZENGIN,
)
from tests.unit.formats.test_ofx import sgml

INPUTS, ALL_INPUTS = 500_000, 5_000_000
READERS = 7
LARGEST = 4096
SOUND = (ANSER, BALANCES, NOTICES, OFX, RAKUTEN_ROWS, ZENGIN, csv_file(*WHOLE), sgml())


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is made for Linux")
def test_damaged_files_are_read_or_refused_and_nothing_else(
    full: bool, say: Say, tmp_path: Path
) -> None:
    inputs = ALL_INPUTS if full else INPUTS
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, data in enumerate((*SOUND, *DAMAGED.values())):
        for reader in range(READERS):
            if len(data) < LARGEST:
                (corpus / f"{number}-{reader}").write_bytes(bytes([reader]) + data)
    program = Path(__file__).with_name("fuzz_readers.py")
    options = [f"-runs={inputs}", f"-max_len={LARGEST}", "-seed=20261123", "-timeout=10"]
    done = subprocess.run(
        [sys.executable, program, corpus, *options, f"-artifact_prefix={tmp_path}/"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    told = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, told[-4_000:]
    assert f"Done {inputs} runs" in told
    say(f"{inputs:,} inputs to {READERS} readers")
