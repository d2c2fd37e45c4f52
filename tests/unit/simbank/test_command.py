import http.client
import json
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hikae.simbank.__main__ import main


def test_the_command_says_where_it_is_and_ends_when_told_to(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hikae.simbank", "--directory", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        line = http.client.HTTPConnection(urlsplit(ready["control"]).netloc, timeout=10)
        line.request("GET", "/customers")
        assert line.getresponse().status == 200
        line.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert Path(ready["ca"]).exists()
    assert {path.name for path in Path(ready["certificates"]).iterdir()} == set(ready["origins"])


def test_more_ports_than_banks_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--directory", "x", "--ports", "1,2,3,4"])
    assert ended.value.code == 2
    assert "at most 3 ports" in capsys.readouterr().err
