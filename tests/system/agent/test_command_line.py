"""`hikae agent …` as people and programs use it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.household import OWNER_PASSWORD, Agent, Bank, Cloud
from demo.person import Person
from demo.programs import run

EMAIL = "clerk@example.jp"


@pytest.fixture(scope="module")
def pc(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """Return a PC whose engine does not run unless a test starts it."""
    pc = Agent(tmp_path_factory.mktemp("pc"), bank.catalogue)
    yield pc
    pc.stop()


def tell(pc: Agent, *words: str, given: str = "") -> list[dict[str, Any]]:
    """A command as a program gives it; what it says, line by line."""
    done = pc.run(*words, given=given)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def say(pc: Agent, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """A command as a person gives it: no JSON."""
    where = ["--data", str(pc.data), "--certificates", str(pc.certificates)]
    return run(["agent", *where, *words], given=given, environment=pc.environment)


def test_a_pc_that_is_not_enrolled_says_so_in_both_languages(pc: Agent) -> None:
    japanese = say(pc, "status")
    assert (japanese.returncode, japanese.stdout) == (0, "登録されていません。\n")
    english = say(pc, "--language", "en", "status")
    assert english.stdout == "This PC is not enrolled.\n"
    (line,) = tell(pc, "status")
    assert line["kind"] == "status"
    assert line["value"]["device"] is None


def test_what_fails_ends_with_one_and_names_its_code(pc: Agent) -> None:
    failed = say(pc, "connections")
    assert failed.returncode == 1
    assert "(device_released)" in failed.stderr
    as_json = pc.run("connections")
    assert as_json.returncode == 1
    assert json.loads(as_json.stdout)["value"]["code"] == "device_released"


def test_a_key_that_is_none_is_refused_before_anything_is_sent(pc: Agent) -> None:
    refused = say(pc, "enrol", given="hk1.not-a-key\n")
    assert refused.returncode == 1
    assert "(auth_key_wrong)" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_settings_that_cannot_be_read_end_with_two(pc: Agent, tmp_path: Path) -> None:
    folder = tmp_path / "profiles" / "default"
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text('{"keepalive": 0}')
    unusable = run(["agent", "--data", str(tmp_path), "status"], environment=pc.environment)
    assert unusable.returncode == 2
    assert "settings.json" in unusable.stderr
    assert "Traceback" not in unusable.stderr


def test_a_form_of_the_log_that_there_is_not_ends_with_two(pc: Agent) -> None:
    unusable = run(["agent", "status"], environment={**pc.environment, "HIKAE_LOG": "xml"})
    assert unusable.returncode == 2
    assert unusable.stderr == "hikae agent: HIKAE_LOG must be json, or nothing\n"


async def test_the_main_job_from_the_command_line(pc: Agent, bank: Bank, cloud: Cloud) -> None:
    cloud.add_owner(EMAIL, "株式会社コマンド")
    customer = bank.customer("9903", "identical_rows")
    async with Person(cloud.origin) as person:
        await person.sign_in(EMAIL, OWNER_PASSWORD)
        pc.start()
        (device,) = tell(pc, "enrol", "--yes", given=f"{await person.issue_key()}\n")
        await person.confirm_pc(device["value"]["fingerprint"])
        assert say(pc, "fetch").returncode == 1
        await person.register(customer.institution, customer.password)
        (pc.certificates / customer.p12.name).write_bytes(customer.p12.read_bytes())
        tell(pc, "certificates", "--unlock", customer.p12.name, given=customer.p12_password)
    assert customer.login_id in say(pc, "--language", "en", "certificates").stdout
    (enabled,) = tell(pc, "enable", customer.institution)
    assert enabled["value"][0]["enabled"]
    shown = say(pc, "connections").stdout
    assert shown.startswith("✓")
    assert "大川銀行(電子証明書)" in shown
    assert "自動では取得しません。" in say(pc, "schedule").stdout
    assert say(pc, "schedule", "25:00").returncode == 1
    assert "毎日 07:50, 13:00 に取得します。" in say(pc, "schedule", "07:50", "13:00").stdout
    assert "次回 " in say(pc, "connections").stdout
    assert "Every 4 hours." in say(pc, "--language", "en", "schedule", "--every", "4").stdout
    assert tell(pc, "schedule", "--off")[0]["value"]["times"] == []
    assert "次回 " not in say(pc, "connections").stdout
    fetched = say(pc, "fetch", customer.institution)
    assert fetched.returncode == 0
    assert "✓ 取得完了" in fetched.stdout
    *_, last = tell(pc, "fetch")
    assert (last["kind"], last["value"]["state"]) == ("fetch", "done")
    assert last["value"]["counts"]["added"] == 0
    assert say(pc, "enable", "0000").returncode == 1
    assert say(pc, "release").returncode == 1
    assert say(pc, "release", "--yes").returncode == 0
    assert say(pc, "status").stdout == "登録されていません。\n"
