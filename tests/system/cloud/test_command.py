"""`hikae cloud` as an operator starts it."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.fixtures_cloud import TwoRoles, running_cloud

HIKAE = (sys.executable, "-m", "hikae.cli", "cloud")
PASSWORD = "nagai-nagai-kotoba-9"


def hikae(
    *words: str, given: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HIKAE, *words],
        input=given,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def owner(data: Path, password: str) -> subprocess.CompletedProcess[str]:
    names = ("--email", "owner@example.jp", "--organisation", "みなと商店")
    return hikae("--data", str(data), "create-owner", *names, given=f"{password}\n")


def test_an_owner_is_made_with_a_password_from_standard_input(tmp_path: Path) -> None:
    done = owner(tmp_path, PASSWORD)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(json.loads(done.stdout)) == {"organisation"}
    assert (tmp_path / "hikae.sqlite3").exists()


def test_a_weak_password_makes_no_owner(tmp_path: Path) -> None:
    done = owner(tmp_path, "12345")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_cloud_stops_gracefully(tmp_path: Path) -> None:
    with running_cloud({"HIKAE_DATA": str(tmp_path)}) as server:
        server.process.terminate()
        assert server.process.wait(timeout=30) == 0


def test_a_cloud_serves_pages_and_files_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", *HIKAE[1:], "--port", "0", "--data", str(tmp_path)]
    log = tmp_path / "log"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        for path in ("/accounts/login/", "/static/hikae/style.css"):
            with opener.open(ready["origin"] + path) as answer:
                assert answer.status == 200
                assert answer.read()
        process.terminate()
        assert process.wait(timeout=60) == 0
    assert log.read_text() == ""


def test_the_first_person_signs_in_by_a_link_that_works_once(tmp_path: Path) -> None:
    command = [*HIKAE, "serve", "--port", "0", "--data", str(tmp_path), "--sign-in-link"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
        )
        with opener.open(ready["sign_in"]) as page:
            assert page.url == f"{ready['origin']}/connections/"
        with pytest.raises(urllib.error.HTTPError) as again:
            opener.open(ready["sign_in"])
        assert again.value.code == 404
        again.value.close()
        process.terminate()


def test_a_catalogue_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text("code = 1")
    done = hikae("--data", str(tmp_path), "--catalogue", str(tmp_path), "--port", "0")
    assert done.returncode == 2
    assert "bank.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_role_that_owns_the_tables_is_not_worked_as(tmp_path: Path, two_roles: TwoRoles) -> None:
    environment = {"HIKAE_DATABASE_URL": two_roles.owner_url, "HIKAE_DATA": str(tmp_path)}
    done = hikae("--port", "0", environment=environment)
    assert done.returncode == 2
    assert "HIKAE_DATABASE_OWNER_URL" in done.stderr
    assert "Traceback" not in done.stderr
