"""Every Problem has words in both languages."""

import re
from datetime import UTC, datetime

import pytest

from hikae.model.language import Language
from hikae.model.problem_texts import ENTRIES, needs_of, render, retry_of, texts
from hikae.model.problems import Needs, Problem, ProblemCode, Retry
from hikae.model.wordings.entry import ProblemTexts

JA, EN = Language.JAPANESE, Language.ENGLISH

CODES = re.findall(
    r"\w+",
    """
auth_key_wrong auth_key_used auth_key_expired device_exists wrong_password account_locked
certificate_missing certificate_expired certificate_not_yet_valid certificate_rejected
certificate_mismatch key_denied key_unreadable card_missing pin_wrong challenge_waiting
challenge_wrong challenge_timeout notice_pending password_change_required registration_required
signed_in_elsewhere out_of_hours maintenance rate_limited site_changed bank_unreachable
bank_tls_failed bank_untrusted proxy_unreachable proxy_not_a_proxy proxy_login proxy_refused
cloud_unreachable cloud_rejected device_offline device_released plan_required institution_paused
connection_stopped statement_inconsistent statement_gap unreadable_file disk_full clock_wrong
cancelled agent_outdated update_refused keyring_unavailable internal
""",
)

OPTIONAL = re.compile(r"⟨([^|⟩]*)\|?[^⟩]*⟩")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(template: ProblemTexts) -> set[str]:
    joined = template.title + template.message + template.remedy
    return set(PLACEHOLDER.findall(joined))


def whole(rendered: ProblemTexts) -> str:
    return rendered.message + rendered.remedy


def test_the_list_of_codes_is_closed() -> None:
    assert [code.value for code in ProblemCode] == CODES


def test_every_code_has_an_entry_and_nothing_else_has() -> None:
    assert set(ENTRIES) == set(ProblemCode)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("code", ProblemCode)
def test_every_code_says_title_message_and_remedy_without_details(
    code: ProblemCode, language: Language
) -> None:
    said = texts(code, language)
    for text in (said.title, said.message, said.remedy):
        assert text
        assert text == text.strip()
        assert not set("⟨⟩|{}") & set(text)
        assert "  " not in text
    assert said.message.endswith("。" if language is JA else ".")
    assert said.remedy.endswith("。" if language is JA else ".")


@pytest.mark.parametrize("code", ProblemCode)
def test_both_languages_know_the_same_details(code: ProblemCode) -> None:
    entry = ENTRIES[code]
    assert placeholders(entry.ja) == placeholders(entry.en)


@pytest.mark.parametrize("code", ProblemCode)
def test_every_detail_stands_in_a_part_that_can_be_left_out(code: ProblemCode) -> None:
    for template in (ENTRIES[code].ja, ENTRIES[code].en):
        for text in (template.title, template.message, template.remedy):
            assert not PLACEHOLDER.search(OPTIONAL.sub("", text))


@pytest.mark.parametrize("code", ProblemCode)
def test_japanese_texts_have_no_latin_jargon(code: ProblemCode) -> None:
    said = texts(code, JA)
    words = set(re.findall(r"[A-Za-z]+", said.title + said.message + said.remedy))
    assert words <= {"Hikae", "Windows", "Proxy", "IC", "ID"}


def test_what_waits_for_a_person_is_never_tried_again_by_itself_at_the_bank() -> None:
    for code in ("wrong_password", "account_locked", "certificate_rejected", "pin_wrong"):
        assert retry_of(ProblemCode(code)) is Retry.NEVER
        assert needs_of(ProblemCode(code)) is Needs.PERSON


def test_what_is_not_tried_again_by_itself_says_who_must_act() -> None:
    waiting_for_nobody = {
        code
        for code in ProblemCode
        if retry_of(code) is Retry.NEVER and needs_of(code) is Needs.NOBODY
    }
    assert waiting_for_nobody == {ProblemCode.CANCELLED}


@pytest.mark.parametrize(
    ("code", "details", "said"),
    [
        (
            "challenge_waiting",
            {"minutes": 4},
            "銀行が追加認証を求めています(残り4分)。[追加認証を入力]を押してください。",
        ),
        (
            "challenge_timeout",
            {},
            "入力の時間が過ぎました。お手元に準備して[もう一度始める]を押してください。",
        ),
        (
            "device_offline",
            {"device": "KEIRI-01"},
            "パソコン KEIRI-01 につながりません。電源を入れ、Hikaeを起動してください。",
        ),
        (
            "wrong_password",
            {},
            (
                "銀行がパスワードを受け付けませんでした。ロックを防ぐため自動取得を止めています。"
                "[ログイン情報を直す]を押してください。"
            ),
        ),
        (
            "certificate_expired",
            {},
            (
                "電子証明書の期限が切れています。"
                "銀行で再発行を受け、[一覧を読み直す]を押してください。"
            ),
        ),
        (
            "site_changed",
            {},
            (
                "銀行の画面が変わったため、取得を止めました。"
                "対応までは[ファイル取込]をお使いください。"
            ),
        ),
        (
            "statement_gap",
            {"first": "2026-10-03", "last": "2026-10-05", "until": "2026-12-04"},
            "10月3日〜5日の明細がありません。12月4日までに[再取得]を押してください。",
        ),
    ],
)
def test_what_people_read_everywhere_alike(
    code: str, details: dict[str, str | int], said: str
) -> None:
    assert whole(render(Problem(ProblemCode(code), details), JA)) == said


def test_a_missing_detail_leaves_a_whole_sentence() -> None:
    assert texts(ProblemCode.STATEMENT_GAP, JA).message == "一部の日の明細がありません。"
    assert texts(ProblemCode.DEVICE_OFFLINE, EN).message == "The PC cannot be reached."


def test_an_empty_detail_counts_as_missing() -> None:
    problem = Problem(ProblemCode.DEVICE_OFFLINE, {"device": ""})
    assert render(problem, EN).message == "The PC cannot be reached."


def test_a_detail_is_never_read_as_a_placeholder() -> None:
    hostile = "{minutes} ⟨{device}|x⟩ {0.__class__}"
    problem = Problem(ProblemCode.DEVICE_OFFLINE, {"device": hostile, "minutes": 1})
    assert render(problem, EN).message == f"The PC {hostile} cannot be reached."


def test_amounts_are_grouped_and_names_are_not() -> None:
    problem = Problem(
        ProblemCode.STATEMENT_INCONSISTENT, {"row": 12, "expected": -1234567, "found": 1000}
    )
    assert render(problem, EN).message == (
        "The balances of the statement do not agree (row 12), so it was not stored. "
        "Calculated -1,234,567 yen, stated 1,000 yen."
    )


def test_a_moment_to_retry_is_said_in_japans_time() -> None:
    opens = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    problem = Problem(ProblemCode.OUT_OF_HOURS, retry_at=opens)
    assert render(problem, JA).remedy == "2026年11月24日(火) 7:00から自動で取得します。"
    assert render(problem, EN).remedy == (
        "It is fetched by itself from Tue 24 November 2026, 7:00."
    )
