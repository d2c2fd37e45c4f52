"""What a catalogue file may say, and what is refused with its file and key."""

from pathlib import Path

import pytest

from hikae.catalogue.catalogue import CatalogueError, load_catalogue, read_institution

TRIAL_BANK = """
code = "9901"
name = "北町銀行"
kana = "キタマチギンコウ"
romaji = "kitamachi ginkou"
family = "bizsol"
sign_in = "https://localhost:8443/9901c/login.do"
hosts = ["localhost:8443"]

[[login]]
name = "password"
label = "ログインパスワード"

[trial]
ca = "ca.pem"
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_text("an authority")
    (tmp_path / "9901.toml").write_text(TRIAL_BANK, encoding="utf-8")
    return tmp_path


def rewritten(directory: Path, before: str, after: str) -> Path:
    assert before in TRIAL_BANK
    (directory / "9901.toml").write_text(TRIAL_BANK.replace(before, after), encoding="utf-8")
    return directory


def test_every_shipped_institution_can_be_read_and_none_claims_to_be_verified() -> None:
    institutions = load_catalogue().institutions
    assert len(institutions) >= 8
    assert {each.verified for each in institutions} == {""}
    assert all(each.trial is None for each in institutions)


def test_a_shipped_institution_is_named_for_a_certificate_only_where_its_address_is_known() -> None:
    for institution in load_catalogue().institutions:
        assert institution.certificate == bool(institution.sign_in)
        assert institution.title.endswith("(電子証明書)") == bool(institution.sign_in)


def test_a_local_institution_is_found_with_the_absolute_path_of_its_authority(
    directory: Path,
) -> None:
    found = load_catalogue(directory).find("9901")
    assert found is not None
    assert found.trial is not None
    assert found.trial.ca == str(directory.resolve() / "ca.pem")


def test_an_unknown_code_finds_nothing() -> None:
    assert load_catalogue().find("0000") is None


def test_institutions_are_in_the_order_of_their_kana(directory: Path) -> None:
    kana = [each.kana for each in load_catalogue(directory).institutions]
    assert kana == sorted(kana)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('code = "9901"', 'code = "99O1"', "code"),
        ('code = "9901"', "code = 9901", "code"),
        ('romaji = "', 'romanji = "', "romanji"),
        ('label = "', 'lable = "', "login[0].lable"),
        ('label = "ログインパスワード"', "label = 1", "login[0].label"),
        ('hosts = ["localhost:8443"]', 'hosts = ["localhost"]', "hosts[0]"),
        ('hosts = ["localhost:8443"]', 'hosts = ["localhost:1"]', "sign_in"),
        ('sign_in = "https:', 'sign_in = "http:', "sign_in"),
        ('ca = "ca.pem"', 'ca = "../ca.pem"', "trial.ca"),
        ('ca = "ca.pem"', 'ca = "/etc/hostname"', "trial.ca"),
        ('ca = "ca.pem"', 'ca = "missing.pem"', "trial.ca"),
        ("[trial]", '[hours]\nweekday = "8時から"\n[trial]', "hours.weekday"),
        ('family = "bizsol"', 'family = "bizsol"\nwindow_days = 0', "window_days"),
        ('family = "bizsol"', 'family = "bizsol"\nchallenge = "daily"', "challenge"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_file_and_key(
    directory: Path, before: str, after: str, key: str
) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(rewritten(directory, before, after))
    assert (caught.value.file, caught.value.key) == ("9901.toml", key)


def test_a_local_institution_must_be_marked_for_trial(directory: Path) -> None:
    with pytest.raises(CatalogueError, match="marked for trial"):
        load_catalogue(rewritten(directory, '[trial]\nca = "ca.pem"', ""))


@pytest.mark.parametrize("host", ["bank.example", "192.168.0.4", "localhost.example"])
def test_a_local_institution_may_not_point_beyond_this_computer(directory: Path, host: str) -> None:
    with pytest.raises(CatalogueError, match="this computer"):
        load_catalogue(rewritten(directory, "localhost", host))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_local_institution_may_be_on_any_loopback_address(directory: Path, host: str) -> None:
    assert load_catalogue(rewritten(directory, "localhost", host)).find("9901")


def test_a_local_file_cannot_stand_in_for_a_shipped_bank(directory: Path) -> None:
    with pytest.raises(CatalogueError, match="already"):
        load_catalogue(rewritten(directory, 'code = "9901"', 'code = "0138"'))


def test_a_file_that_is_not_toml_is_refused_by_name(directory: Path) -> None:
    (directory / "9902.toml").write_text("code = ", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"9902\.toml: not TOML"):
        load_catalogue(directory)


def test_a_bank_without_certificate_sign_in_needs_no_address() -> None:
    text = TRIAL_BANK.replace('sign_in = "https://localhost:8443/9901c/login.do"', 'sign_in = ""')
    text = text.replace('family = "bizsol"', 'family = "bizsol"\ncertificate = false')
    assert not read_institution("x.toml", text).certificate
    with pytest.raises(CatalogueError, match="sign_in"):
        read_institution("x.toml", text.replace("certificate = false", "certificate = true"))
