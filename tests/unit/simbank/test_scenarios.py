import csv
import http.client
import io
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from hikae.simbank import SimBank
from hikae.simbank.scenarios import DISGUISES, SCENARIOS, Disguise
from tests.unit.simbank.person import Person

Browser = Callable[..., Person]
DAYS = ("2026/10/01", "2026/11/25")


def signed_in(bank: SimBank, browser: Browser, scenario: str, code: str = "9901") -> Person:
    person = browser(bank.customer(scenario, code))
    person.sign_in()
    return person


def first_account(person: Person) -> list[list[str]]:
    person.ask_statements(*DAYS, accounts=1)
    content = person.press("ファイル取得(ANSER形式)").body
    return list(csv.reader(io.StringIO(content.decode("cp932"))))[1:]


def test_every_scenario_has_its_customer_at_every_bank(bank: SimBank) -> None:
    for code, house in bank.houses.items():
        assert set(house.customers) == {f"{name}_{code}" for name in SCENARIOS}


def test_otp_is_asked_after_the_password_and_good_for_one_use(
    bank: SimBank, browser: Browser
) -> None:
    person = signed_in(bank, browser, "otp")
    assert "ワンタイムパスワード認証確認" in person.page.text
    code = person.customer.one_time_password()
    assert "[BTOP001]" in person.press("認証確認", txtOtp=code).text
    assert person.customer.one_time_password() != code


def test_otp_that_is_wrong_three_times_ends_the_visit(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "otp")
    for _ in range(2):
        assert "誤りがあります" in person.press("認証確認", txtOtp="x").text
    assert "規定回数失敗" in person.press("認証確認", txtOtp="x").text


def test_otp_wrong_once_refuses_the_first_entry_and_takes_the_second(
    bank: SimBank, browser: Browser
) -> None:
    person = signed_in(bank, browser, "otp_wrong_once")
    code = person.customer.one_time_password()
    assert "ワンタイムパスワードに誤り" in person.press("認証確認", txtOtp=code).text
    assert "[BTOP001]" in person.press("認証確認", txtOtp=code).text


def test_wrong_password_is_counted_and_locks_at_the_third(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "wrong_password")
    customer = person.customer
    assert "ログインパスワードに誤り" in person.page.text
    assert customer.wrong_passwords == 1
    person.press("ログイン", txtLoginPw=customer.password)
    assert "ご利用を停止" in person.press("ログイン", txtLoginPw=customer.password).text
    again = browser(customer)
    again.reach_password()
    assert "ご利用を停止" in again.press("ログイン", txtLoginPw=customer.accepted_password).text


def test_the_right_password_clears_the_count(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "wrong_password")
    top = person.press("ログイン", txtLoginPw=person.customer.accepted_password)
    assert "[BTOP001]" in top.text
    assert person.customer.wrong_passwords == 0


def test_notice_is_passed_by_next_and_comes_again(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "notice", "9902")
    assert "お知らせ" in person.page.text
    assert "[BTOP001]" in person.press("次へ").text
    assert "サービス休止" in signed_in(bank, browser, "notice", "9902").page.text


def test_notice_must_confirm_is_passed_by_a_tick_alone_and_once(
    bank: SimBank, browser: Browser
) -> None:
    person = signed_in(bank, browser, "notice_must_confirm")
    assert not person.page.has_button("次へ")
    assert "重要なお知らせ" in person.press("確認").text
    assert "[BTOP001]" in person.press("確認", chkRead="1").text
    person.press("ログアウト")
    assert "[BTOP001]" in signed_in(bank, browser, "notice_must_confirm").page.text


def test_signing_out_is_possible_from_a_notice(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "notice_must_confirm")
    assert "ログアウトしました" in person.press("ログアウト").text


def test_identical_rows_differ_in_nothing_but_number_and_balance(
    bank: SimBank, browser: Browser
) -> None:
    rows = first_account(signed_in(bank, browser, "identical_rows"))
    alike = Counter((*row[2:7], *row[8:]) for row in rows)
    assert max(alike.values()) == 3


def test_late_posting_appears_on_a_past_day_at_the_second_sign_in(
    bank: SimBank, browser: Browser
) -> None:
    person = signed_in(bank, browser, "late_posting")
    before = first_account(person)
    person.press("ログアウト")
    after = first_account(signed_in(bank, browser, "late_posting"))
    late = [row for row in after if row[12] == "ｶ)ｵｸﾚｼﾖｳｼﾞ"]
    assert len(after) == len(before) + 1
    assert len(late) == 1
    assert late[0][2] < before[-1][2]


def test_late_posting_appears_when_a_day_has_passed(bank: SimBank) -> None:
    customer = bank.customer("late_posting")
    texts = [row.posting.description for row in customer.truth()[0][1].rows]
    bank.clock.advance(timedelta(days=1))
    later = [row.posting.description for row in customer.truth()[0][1].rows]
    assert (texts.count("ｶ)ｵｸﾚｼﾖｳｼﾞ"), later.count("ｶ)ｵｸﾚｼﾖｳｼﾞ")) == (0, 1)


def test_corrected_row_changes_one_amount_of_the_past(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "corrected_row")
    before = first_account(person)
    person.press("ログアウト")
    after = first_account(signed_in(bank, browser, "corrected_row"))
    changed = [n for n, row in enumerate(before) if row[4:6] != after[n][4:6]]
    assert len(changed) == 1


@pytest.mark.parametrize(
    ("scenario", "title", "button"),
    [
        ("must_change_password", "パスワード期限切れ", "変更する"),
        ("extra_registration", "追加認証回答登録", "登録"),
        ("renewal_notice", "電子証明書更新のお知らせ", "後で"),
    ],
)
def test_interstitials_stand_before_the_top_page(
    bank: SimBank, browser: Browser, scenario: str, title: str, button: str
) -> None:
    page = signed_in(bank, browser, scenario).page
    assert title in page.text
    assert page.has_button(button)


def test_a_new_password_is_the_one_the_bank_accepts_from_then_on(
    bank: SimBank, browser: Browser
) -> None:
    person = signed_in(bank, browser, "must_change_password")
    new = {"txtNewPw": "brandnew", "txtNewPw2": "brandnew"}
    assert "パスワード期限切れ" in person.press("変更する", txtOldPw="x", **new).text
    old = person.customer.accepted_password
    assert "[BTOP001]" in person.press("変更する", txtOldPw=old, **new).text
    assert person.customer.accepted_password == "brandnew"


def test_registering_answers_is_done_once(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "extra_registration")
    assert "回答を入力" in person.press("登録", txtAnswer1="a").text
    answers = {"txtAnswer1": "a", "txtAnswer2": "b", "txtAnswer3": "c"}
    assert "[BTOP001]" in person.press("登録", **answers).text


def test_renewal_notice_is_passed_and_the_top_page_offers_renewal(
    bank: SimBank, browser: Browser
) -> None:
    top = signed_in(bank, browser, "renewal_notice").press("後で")
    assert top.has_button("更新")
    assert not signed_in(bank, browser, "ok").page.has_button("更新")


@pytest.mark.parametrize(
    ("scenario", "words", "status"),
    [
        ("out_of_hours", "ただいまの時間は", 200),
        ("maintenance", "システムメンテナンス", 200),
        ("rate_limited", "大変混み合って", 503),
    ],
)
@pytest.mark.parametrize("code", ["9901", "9902"])
def test_a_closed_bank_says_so_after_the_certificate(
    bank: SimBank, browser: Browser, scenario: str, words: str, status: int, code: str
) -> None:
    page = browser(bank.customer(scenario, code)).reach_password()
    assert words in page.text
    assert page.status == status


def test_locked_refuses_the_right_password(bank: SimBank, browser: Browser) -> None:
    assert "ご利用を停止" in signed_in(bank, browser, "locked").page.text


def test_signed_in_elsewhere_ends_the_visit_at_the_inquiry(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "signed_in_elsewhere")
    person.press("明細照会")
    assert "別のユーザがログインしました" in person.press("入出金明細照会").text


def test_http_500_leaves_the_page_before_it_usable(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "http_500")
    before = person.press("明細照会")
    assert person.press("入出金明細照会").status == 500
    person.page = before
    assert "ログアウトしました" in person.press("ログアウト").text


def test_slow_answers_in_the_end(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "slow")
    assert person.customer.scenario.delay_seconds > 0
    person.press("明細照会")
    assert "口座選択" in person.press("入出金明細照会").text


def test_hang_never_answers(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "hang")
    person.press("明細照会")
    assert person.line.sock is not None
    person.line.sock.settimeout(0.2)
    with pytest.raises(TimeoutError):
        person.press("入出金明細照会")


def test_one_customer_who_hangs_holds_up_nobody_else(bank: SimBank, browser: Browser) -> None:
    hanging = signed_in(bank, browser, "hang")
    form = hanging.press("明細照会").form_with("入出金明細照会")
    body = urlencode({**form.fields, "btnStatement": "x"})
    hanging.line.request("POST", form.action, body, {"Cookie": hanging.cookie})
    bank.log.wait_for(lambda entry: entry.path == form.action)
    assert "[BTOP001]" in signed_in(bank, browser, "ok").page.text


def test_reset_midway_breaks_the_line_in_the_file(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "reset_midway")
    person.ask_statements(*DAYS)
    with pytest.raises(http.client.IncompleteRead):
        person.press("ファイル取得(ANSER形式)")


def test_renamed_labels_speak_another_dialect(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("renamed_labels"))
    page = person.reach_password()
    assert "ログオンパスワード" in page.text
    person.press("ログオン", txtLoginPw=person.customer.password)
    assert "ログオフしました" in person.press("ログオフ").text
    assert bank.log.buttons(person.customer.login_id)[-2:] == ("ログオン", "ログオフ")


def test_changed_page_has_no_known_way_on(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "changed_page")
    person.press("明細照会")
    assert not person.press("入出金明細照会").has_button("照会")


def test_disguised_transfer_moves_money_when_pressed(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "disguised_transfer")
    person.press("明細照会")
    page = person.press("入出金明細照会")
    assert "/rbfri01/" in page.form_with("照会").action
    person.press("照会")
    assert len(person.customer.transfers) == 1


def go_on(person: Person) -> None:
    """Do what the page says, as somebody does who suspects nothing."""
    if person.customer.scenario.disguise is Disguise.NOTICE:
        person.press("次へ")
        return
    person.press("明細照会")
    page = person.press("入出金明細照会")
    if page.moves:
        person.open(page.moves[0])
    elif page.links.get("照会", "").startswith("/"):
        person.open(page.links["照会"])
    elif page.links:
        person.press("実行")  # which is all that the script would do
    elif person.customer.scenario.disguise is Disguise.LOGOUT:
        person.press("ログアウト")
    elif page.has_button("照会"):
        days = {"txtFrom": DAYS[0], "txtTo": DAYS[1]}
        shown = person.press("照会", chkAccount=["0"], rdoMethod="range", **days)
        if shown.has_button("ファイル取得(ANSER形式)"):
            person.press("ファイル取得(ANSER形式)")


@pytest.mark.parametrize("scenario", DISGUISES)
def test_whoever_falls_for_a_disguise_has_paid(
    bank: SimBank, browser: Browser, scenario: str
) -> None:
    customer = bank.customer("disguised_transfer")
    bank.play(customer, scenario)
    person = browser(customer)
    person.sign_in()
    go_on(person)
    assert len(customer.transfers) == 1


def test_truncated_download_ends_in_the_middle(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "truncated_download")
    person.ask_statements(*DAYS)
    content = person.press("ファイル取得(全銀形式)").body
    assert not content.rstrip().startswith(b"9", -200)
    assert len(content) % 202 or content[-202:-201] != b"9"


def test_inconsistent_balance_is_shown_of_a_true_book(bank: SimBank, browser: Browser) -> None:
    person = signed_in(bank, browser, "inconsistent_balance")
    shown = first_account(person)[-1][7].replace(",", "")
    truth = person.customer.truth(date(2026, 10, 1), date(2026, 11, 25))[0][1]
    assert int(shown) == truth.closing + 1


def test_100000_rows_stand_in_one_account(bank: SimBank) -> None:
    yesterday = bank.clock.today() - timedelta(days=1)
    book = bank.customer("100000_rows").truth(last=yesterday)[0][1]
    assert len(book.rows) == 100_000
    assert book.closing == book.rows[-1].balance


def test_blank_page_for_expired_says_nothing(bank: SimBank, browser: Browser) -> None:
    page = browser(bank.customer("blank_page_for_expired", "9902")).reach_password()
    assert (page.status, page.text) == (200, "")
