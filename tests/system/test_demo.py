"""The demo, run as a person runs it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from hikae.killpoint import VARIABLE


def run_once(tree: Path, folder: Path, **environment: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, summary and what a person reads, of a demo without windows."""
    done = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=tree,
        env={**os.environ, "ONCE": "1", "TMPDIR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


def test_the_demo_does_the_main_job_and_leaves_nothing_behind(tree: Path, tmp_path: Path) -> None:
    # A real Hikae of this machine must be left alone.
    real = {"HIKAE_DATA": str(tmp_path / "real"), "HIKAE_DATABASE_URL": "postgresql://x@y/z"}
    code, summary, said = run_once(tree, tmp_path, **real)
    assert code == 0, said
    assert summary.pop("transactions") > 0
    assert summary.pop("duration_s") > 0
    assert summary == {
        "ok": True,
        "connections": 3,
        "second_fetch_added": 0,
        "challenges_answered": 1,
    }
    for words in ("取得中", "要追加入力", "取得完了", "新しい明細0件"):
        assert words in said
    assert list(tmp_path.iterdir()) == []


def test_a_demo_in_which_something_dies_says_so_and_keeps_its_records(
    tree: Path, tmp_path: Path
) -> None:
    code, summary, said = run_once(tree, tmp_path, **{VARIABLE: "outbox.write"})
    assert (code, summary) == (1, {"ok": False})
    assert "うまくいきませんでした" in said
    (folder,) = tmp_path.iterdir()
    assert str(folder) in said
    assert (folder / "agent.log").exists()


def test_a_demo_that_is_interrupted_stops_everything(tree: Path, tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "demo"],
        cwd=tree,
        env={**os.environ, "ONCE": "1", "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert demo.stderr is not None
    while "取得中" not in demo.stderr.readline():
        assert demo.poll() is None
    demo.send_signal(signal.SIGINT)
    out, said = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert json.loads(out) == {"ok": False}
    assert "中止しました" in said
