"""What an operator may set, and what is made of it."""

from pathlib import Path

import pytest

from hikae.cloud.project.configuration import Configuration, ConfigurationError


def test_a_cloud_lives_at_https_or_on_this_computer() -> None:
    assert Configuration.read({"HIKAE_ORIGIN": "https://hikae.example.jp/"}).secure
    assert not Configuration.read({"HIKAE_ORIGIN": "http://127.0.0.1:8000"}).secure
    for origin in ("http://hikae.example.jp", "https://hikae.example.jp/books", "ftp://localhost"):
        with pytest.raises(ConfigurationError):
            Configuration.read({"HIKAE_ORIGIN": origin})


def test_the_secret_key_is_made_once_and_readable_by_its_own_user_only(tmp_path: Path) -> None:
    configuration = Configuration.read({"HIKAE_DATA": str(tmp_path / "data")})
    key = configuration.secret_key()
    assert len(key) >= 50
    assert configuration.secret_key() == key
    (file,) = (tmp_path / "data").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_sqlite_serves_unless_a_database_is_named(tmp_path: Path) -> None:
    plain = Configuration.read({"HIKAE_DATA": str(tmp_path)}).databases()
    assert plain["default"]["NAME"] == str(tmp_path / "hikae.sqlite3")
    both = {
        "HIKAE_DATABASE_URL": "postgresql://worker:p%40ss@db:5433/hikae",
        "HIKAE_DATABASE_OWNER_URL": "postgresql://owner@db:5433/hikae",
    }
    named = Configuration.read(both).databases()
    assert named["default"]["PASSWORD"] == "p@ss"
    assert named["default"]["OPTIONS"]["connect_timeout"] == 10
    assert (named["owner"]["USER"], named["owner"]["PORT"]) == ("owner", "5433")


def test_an_address_that_names_no_database_is_refused_without_its_password() -> None:
    with pytest.raises(ConfigurationError) as refused:
        Configuration.read({"HIKAE_DATABASE_URL": "mysql://a:himitsu@db/x"}).databases()
    assert "himitsu" not in str(refused.value)


def test_the_log_has_two_forms_and_figures_a_token_that_nobody_guesses() -> None:
    token = "kazu-no-kagi-0123456789"
    chosen = Configuration.read({"HIKAE_LOG": "json", "HIKAE_METRICS_TOKEN": token})
    assert (chosen.log, chosen.metrics_token) == ("json", token)
    assert token not in repr(chosen)
    for wrong in ({"HIKAE_LOG": "xml"}, {"HIKAE_METRICS_TOKEN": token[:19]}):
        with pytest.raises(ConfigurationError) as refused:
            Configuration.read(wrong)
        assert token[:19] not in str(refused.value)
