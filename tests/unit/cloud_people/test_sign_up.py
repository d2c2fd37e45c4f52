"""Making an account, confirming its address, and coming back without the password."""

from datetime import timedelta

import pytest
from django.test import Client

from hikae.cloud.people.models import Membership, User
from hikae.cloud.project.housekeeping import sweep
from tests.fixtures_mail import Mailbox, part
from tests.office import PASSWORD, Office
from tests.unit.cloud_people.conftest import is_in, sign_in

WISH = {
    "organisation": "みなと商店",
    "name": "山田 花子",
    "email": "Hanako@example.jp",
    "password1": PASSWORD,
}


def test_a_person_signs_up_confirms_the_address_and_owns_a_new_organisation(
    open_cloud: Mailbox,
) -> None:
    browser = Client()
    answer = browser.post("/accounts/signup/", WISH)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm/")
    assert not is_in(browser)
    assert "メールアドレスの確認" in open_cloud.last["Subject"]
    assert open_cloud.last["To"] == "hanako@example.jp"
    browser.post(open_cloud.link())
    assert is_in(sign_in("hanako@example.jp"))
    member = Membership.objects.get()
    assert (member.role, member.organisation.name) == ("owner", "みなと商店")
    assert member.user.name == "山田 花子"


def test_nobody_comes_in_before_the_address_is_confirmed(open_cloud: Mailbox) -> None:
    Client().post("/accounts/signup/", WISH)
    assert not is_in(sign_in("hanako@example.jp"))


def test_who_never_confirms_is_forgotten_after_a_week_with_the_books_they_began(
    open_cloud: Mailbox, office: Office
) -> None:
    Client().post("/accounts/signup/", WISH | {"email": "saburo@example.jp"})
    people = User.objects.count()
    sweep(office.now + timedelta(days=6))
    assert User.objects.count() == people
    sweep(office.now + timedelta(days=8))
    assert not User.objects.filter(email="saburo@example.jp").exists()
    assert not Membership.objects.filter(organisation__name="みなと商店").exists()
    assert User.objects.count() == people - 1
    assert Membership.objects.filter(organisation=office.organisation).count() == 3


def test_opening_the_link_alone_confirms_nothing(open_cloud: Mailbox) -> None:
    Client().post("/accounts/signup/", WISH)
    assert Client().get(open_cloud.link()).status_code == 200
    assert not is_in(sign_in("hanako@example.jp"))


def test_a_mail_comes_as_text_and_as_html_in_the_language_of_the_page(
    open_cloud: Mailbox,
) -> None:
    browser = Client(headers={"accept-language": "en"})
    browser.post("/accounts/signup/", WISH)
    assert open_cloud.last["Subject"] == "Hikae: confirm your e-mail address"
    assert open_cloud.last["Auto-Submitted"] == "auto-generated"
    assert '<html lang="en">' in part(open_cloud.last, "html")
    assert User.objects.get().language == "en"


def test_who_is_registered_already_is_told_by_mail_and_nobody_else_learns_it(
    open_cloud: Mailbox, office: Office
) -> None:
    known = Client().post("/accounts/signup/", WISH | {"email": office.owner.email})
    assert "登録済み" in open_cloud.last["Subject"]
    new = Client().post("/accounts/signup/", WISH)
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])


def test_a_cloud_that_is_not_open_takes_nobody(office: Office) -> None:
    page = Client().get("/accounts/signup/")
    assert "招待された方だけ" in page.content.decode()
    people = User.objects.count()
    Client().post("/accounts/signup/", WISH)
    assert User.objects.count() == people


@pytest.mark.parametrize("password", ["12345678", "hanako@example.jp", "kami"])
def test_a_password_that_others_would_guess_is_refused(open_cloud: Mailbox, password: str) -> None:
    answer = Client().post("/accounts/signup/", WISH | {"password1": password})
    assert "errorlist" in answer.content.decode()
    assert not User.objects.exists()


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(
    office: Office, mailbox: Mailbox
) -> None:
    Client().post("/accounts/password/reset/", {"email": office.owner.email})
    link = mailbox.link()
    browser = Client()
    form = browser.get(link)["Location"]
    new = "atarashii-kami-8"
    browser.post(form, {"password1": new, "password2": new})
    assert is_in(sign_in(office.owner, new))
    assert not is_in(sign_in(office.owner))
    assert "このリンクは使えません" in Client().get(link, follow=True).content.decode()


def test_asking_for_a_new_password_tells_nobody_who_is_registered(
    office: Office, mailbox: Mailbox
) -> None:
    answer = Client().post("/accounts/password/reset/", {"email": "nobody@example.jp"})
    assert answer["Location"] == "/accounts/password/reset/sent/"
    assert mailbox.mails == []


def test_the_person_hears_of_a_changed_password(office: Office, open_cloud: Mailbox) -> None:
    browser = sign_in(office.owner)
    new = "atarashii-kami-8"
    wish = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    browser.post("/accounts/password/", wish)
    assert "パスワードが変更されました" in open_cloud.text()
    assert is_in(sign_in(office.owner, new))


def test_who_signs_out_is_led_to_the_sign_in_in_their_own_language(office: Office) -> None:
    office.owner.language = "en"
    office.owner.save()
    browser = sign_in(office.owner)
    answer = browser.post("/accounts/logout/")
    assert (answer.status_code, answer.headers["Content-Language"]) == (302, "en")
    assert not is_in(browser)
