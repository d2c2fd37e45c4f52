import tomllib

from cryptography import x509

from hikae.simbank import INSTITUTIONS, SimBank


def test_the_catalogue_has_a_file_for_each_institution_and_the_authority(bank: SimBank) -> None:
    names = {path.name for path in bank.catalogue.iterdir()}
    assert names == {"ca.pem", *(f"{one.code}.toml" for one in INSTITUTIONS)}
    authority = x509.load_pem_x509_certificate(bank.ca_file.read_bytes())
    authority.verify_directly_issued_by(authority)


def test_an_entry_says_where_the_bank_is_and_whose_certificates_fit(bank: SimBank) -> None:
    entry = tomllib.loads((bank.catalogue / "9902.toml").read_text(encoding="utf-8"))
    assert entry["sign_in"] == bank.sign_in_url("9902")
    assert entry["hosts"] == [bank.origins["9902"].removeprefix("https://")]
    issuer = bank.customer("ok", "9902").certificate.certificate.issuer
    assert entry["issuers"] == [issuer.rfc4514_string()]
    assert entry["window_days"] == 62
    assert entry["lockout_minutes"] == 0
    assert entry["verified"] == ""
    assert entry["trial"] == {"ca": "ca.pem"}
    assert [field["label"] for field in entry["login"]] == ["ログインパスワード"]
