"""ファイル取込 at its pages: what is asked where a file does not say it, and what is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hikae.cloud.statements.models import Account, ImportedFile, Transaction
from hikae.model.clock import japan_day, system_clock
from tests.office import ORDINARY, PASSWORD, Office, daily, open_office
from tests.unit.formats.bankfiles import anser_file, anser_row

ANSER = anser_file(
    anser_row(1, account="本店(001) 普通 1234567", into="500", balance="1,500"),
    anser_row(2, account="本店(001) 普通 1234567", out="200", balance="1,300"),
)


@pytest.fixture
def database() -> str:
    """One database is enough for what pages say."""
    return "sqlite"


@pytest.fixture
def office(books: str) -> Office:
    """People; no registration yet."""
    return open_office(system_clock())


@pytest.fixture
def owner(office: Office) -> Client:
    """The owner's browser."""
    client = Client()
    assert client.login(email=office.owner.email, password=PASSWORD)
    return client


def upload(client: Client, content: bytes, **more: str) -> str:
    """Bring a file; where one lands."""
    said = {"got_on": japan_day(system_clock()).isoformat(), **more}
    file = SimpleUploadedFile("meisai.csv", content)
    answer = client.post("/files/upload", {"file": file, **said}, follow=True)
    return str(answer.content.decode())


def test_a_bank_that_the_file_does_not_name_is_asked_for(office: Office, owner: Client) -> None:
    page = upload(owner, ANSER)
    assert "どの口座の明細ですか" in page
    assert "取り込む</button>" not in page
    with office.at_work():
        there = f"/files/{ImportedFile.objects.get().id}"
    nothing = owner.post(f"{there}/owner", {}, follow=True).content.decode()
    assert "金融機関を選んでください。" in nothing
    answered = owner.post(f"{there}/owner", {"institution": "0138"}, follow=True).content.decode()
    assert "どの口座の明細ですか" not in answered
    owner.post(f"{there}/take")
    with office.at_work():
        assert Account.objects.get().institution == "0138"
        assert Transaction.objects.count() == 2


def test_a_bank_that_is_in_no_list_is_given_by_its_code(office: Office, owner: Client) -> None:
    upload(owner, ANSER)
    with office.at_work():
        there = f"/files/{ImportedFile.objects.get().id}"
    wrong = owner.post(f"{there}/owner", {"code": "12"}, follow=True).content.decode()
    assert "4桁の数字を入力してください。" in wrong
    owner.post(f"{there}/owner", {"code": "7777"})
    owner.post(f"{there}/take")
    with office.at_work():
        assert Account.objects.get().institution == "7777"
    assert "7777" in owner.get("/connections/").content.decode()


def test_a_file_brought_from_a_card_belongs_to_its_institution(
    office: Office, owner: Client
) -> None:
    page = upload(owner, ANSER, institution="0138")
    assert "どの口座の明細ですか" not in page
    assert "横浜銀行" in page


def test_a_file_for_a_known_account_asks_nothing(office: Office, owner: Client) -> None:
    office.enrol()
    office.deliver(office.register("0138"), daily(ORDINARY, office.now, days=3))
    assert "どの口座の明細ですか" not in upload(owner, ANSER)


def test_a_day_before_the_newest_row_is_refused_at_its_field(office: Office, owner: Client) -> None:
    page = upload(owner, ANSER, got_on="2026-04-30")
    assert "その日かそのあとの日にしてください。" in page
    with office.at_work():
        assert not ImportedFile.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 500, b"PK\x03\x04", b"<html>", b"a,b\r\n1,2\r\n"]
)
def test_what_is_no_bank_file_is_refused_in_words(
    office: Office, owner: Client, content: bytes
) -> None:
    page = upload(owner, content)
    assert "unreadable_file" in page or "ファイルが空です。" in page
    with office.at_work():
        assert not ImportedFile.objects.exists()


def test_the_name_of_a_file_steers_neither_page_nor_header(office: Office, owner: Client) -> None:
    file = SimpleUploadedFile('x"\r\nSet-Cookie: a=b\u202e<b>.csv', ANSER)
    owner.post("/files/upload", {"file": file, "got_on": "2026-11-23"})
    with office.at_work():
        kept = ImportedFile.objects.get()
    assert "<b>" not in owner.get("/files/").content.decode().split("<main")[1].split("</main")[0]
    answer = owner.get(f"/files/{kept.id}/content")
    assert answer.content == ANSER
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment")


RAKUTEN = "取引日,入出金(円),取引後残高(円),入出金内容\r\n20261102,500,1500,フリコミ\r\n".encode(
    "cp932"
)


def test_an_account_that_the_file_does_not_name_is_asked_for_and_may_be_a_new_one(
    office: Office, owner: Client
) -> None:
    page = upload(owner, RAKUTEN)
    assert "どの口座の明細ですか" in page
    with office.at_work():
        there = f"/files/{ImportedFile.objects.get().id}"
    said = {"institution": "0138", "kind": "ordinary"}
    lacking = owner.post(f"{there}/owner", said, follow=True).content.decode()
    assert "口座番号を入力してください。" in lacking
    owner.post(f"{there}/owner", {**said, "branch_code": "001", "number": "1234567"})
    owner.post(f"{there}/take")
    with office.at_work():
        account = Account.objects.get()
    assert (account.institution, account.branch_code) == ("0138", "001")
    assert (account.number, account.balance) == ("1234567", 1_500)


def test_an_account_that_the_file_does_not_name_may_be_chosen_among_those_known(
    office: Office, owner: Client
) -> None:
    office.enrol()
    office.deliver(office.register("0138"), daily(ORDINARY, office.now, days=3))
    upload(owner, RAKUTEN)
    with office.at_work():
        there = f"/files/{ImportedFile.objects.get().id}"
        account = Account.objects.get()
    owner.post(f"{there}/owner", {"account": str(account.id), "kind": "ordinary"})
    owner.post(f"{there}/take")
    with office.at_work():
        assert Account.objects.count() == 1
        assert Transaction.objects.filter(account=account, amount=500).exists()


def test_a_bank_that_only_the_directory_knows_is_filled_by_files(
    office: Office, owner: Client
) -> None:
    form = owner.get("/files/?institution=1344").content.decode()
    assert "城南信用金庫のファイルを取り込みます。" in form
    looked_at = upload(owner, ANSER, institution="1344")
    assert "どの口座の明細ですか" not in looked_at
    with office.at_work():
        file = ImportedFile.objects.get()
    owner.post(f"/files/{file.id}/take")
    with office.at_work():
        assert Account.objects.get().institution == "1344"
    listed = owner.get("/connections/").content.decode()
    assert "城南信用金庫" in listed
    assert "ファイル取込のみ" in listed


def test_a_file_without_a_number_keeps_the_bank_that_was_chosen(
    office: Office, owner: Client
) -> None:
    asked = upload(owner, RAKUTEN, institution="1344")
    assert '<option value="1344" selected>城南信用金庫</option>' in asked
