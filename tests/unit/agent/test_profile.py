"""What a profile keeps on the disk: its lock, its settings, its secrets."""

import stat
from pathlib import Path
from uuid import UUID

import pytest

from hikae.agent import keys, settings
from hikae.agent.keys import DeviceKeys
from hikae.agent.profile import Profile, ProfileInUseError
from hikae.agent.safe import FileSafe, SafeError, open_safe
from hikae.agent.settings import ProxySettings, Settings, SettingsError
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret


def test_a_profile_belongs_to_one_engine_at_a_time(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path)
    lock = profile.lock()
    with pytest.raises(ProfileInUseError):
        profile.lock()
    Profile.at(tmp_path, "second").lock().release()
    lock.release()
    profile.lock().release()


def test_a_profiles_folder_is_its_users_own(tmp_path: Path) -> None:
    assert stat.S_IMODE(Profile.at(tmp_path).directory.stat().st_mode) == 0o700


def test_settings_come_back_as_they_were_kept_and_are_the_defaults_without_a_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "settings.json"
    assert settings.load(path) == Settings()
    chosen = Settings(ProxySettings("manual", "socks5", "proxy", 1080, "tanaka"), keepalive=60)
    settings.save(path, chosen)
    assert settings.load(path) == chosen
    assert [each.name for each in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"keepalive": 1}', "keepalive"),
        ('{"proxy": {"kind": "magic"}}', "proxy.kind"),
        ("{", ""),
    ],
)
def test_settings_that_cannot_be_read_name_the_place(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    with pytest.raises(SettingsError) as refused:
        settings.load(path)
    assert refused.value.problem.code is ProblemCode.UNREADABLE_FILE
    assert place in str(refused.value.problem.details["place"])


def test_a_secret_is_kept_for_its_profile_only_and_its_user_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keyring.json"
    safe = open_safe({"HIKAE_KEYRING": f"file:{path}"}, "default")
    safe.put("proxy", Secret("開けゴマ"))
    kept = safe.get("proxy")
    assert kept is not None
    assert kept.reveal() == "開けゴマ"
    assert FileSafe(path, "second").get("proxy") is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    safe.forget("proxy")
    safe.forget("proxy")
    assert safe.get("proxy") is None


def test_a_damaged_safe_is_told_without_quoting_it(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    path.write_text('{"default/proxy": "geheim"')
    with pytest.raises(SafeError) as refused:
        FileSafe(path, "default").get("proxy")
    assert refused.value.problem.code is ProblemCode.KEYRING_UNAVAILABLE
    assert "geheim" not in str(refused.value)


def test_device_keys_come_back_as_they_were_made_and_are_missed_when_lost(tmp_path: Path) -> None:
    safe = FileSafe(tmp_path / "keyring.json", "default")
    device, made = UUID(int=9), DeviceKeys.make()
    keys.keep(safe, device, made)
    assert keys.recall(safe, device).fingerprint == made.fingerprint
    keys.forget(safe, device)
    with pytest.raises(SafeError) as lost:
        keys.recall(safe, device)
    assert lost.value.problem.details == {"reason": "missing"}
