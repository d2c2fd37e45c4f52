"""The office that the pictures show: a registration in every state, and books with a hole."""

from collections.abc import Iterable
from datetime import timedelta

from hikae.cloud.statements.models import Account, Transaction
from hikae.model.clock import japan_day, system_clock
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode
from tests.office import CURRENT, ORDINARY, daily, open_office


def furnish(banks: Iterable[str]) -> dict[str, str]:
    """Open the office with registrations at four banks; the addresses to see, by name."""
    now = system_clock()
    office = open_office(now)
    office.enrol()
    kitamachi, minato, okawa, yamate = (office.register(code) for code in banks)
    for connection, days_left in ((kitamachi, 170), (minato, 27), (okawa, 70), (yamate, 280)):
        office.enable(connection, days_left)
    office.deliver(kitamachi, daily(ORDINARY, now, days=24, back=16))
    office.deliver(kitamachi, daily(ORDINARY, now, days=12, opening=3_966_650))
    office.deliver(kitamachi, daily(CURRENT, now, days=40, opening=480_000))
    office.deliver(minato, daily(ORDINARY, now, days=9, opening=72_310))
    office.close_and_correct(minato)
    file = office.bring("nyushukkin.txt", okawa.institution)
    exported, looked_at = office.export("freee-lines"), office.look("yayoi-journal")
    office.fetch(kitamachi, FetchState.DONE, added=12, minutes_ago=8)
    office.fetch(minato, FetchState.DONE, added=3, minutes_ago=1450)
    asked = office.fetch(minato, FetchState.WAITING)
    prompt = "ワンタイムパスワード生成機に表示されている6桁の数字を入力してください。"
    office.ask(minato, asked, prompt, seconds=300)
    office.fetch(okawa, FetchState.RUNNING, step="新宿支店 当座 0007712", rows=184)
    office.fetch(yamate, FetchState.DONE, added=7, minutes_ago=4400)
    words = "パスワードが誤っています。(BZ0412)"
    wrong = Problem(ProblemCode.WRONG_PASSWORD, bank_words=words)
    office.fetch(yamate, FetchState.FAILED, problem=wrong, minutes_ago=15)
    with office.at_work():
        account = Account.objects.order_by("institution", "branch_code").first()
        row = Transaction.objects.order_by("-amount", "-booked_on").first()
    assert account is not None
    assert row is not None
    since = japan_day(now) - timedelta(days=18)
    return {
        "registered-list": "/connections/",
        "search": "/institutions/",
        "register": "/connections/new/9001",
        "edit": f"/connections/{kitamachi.id}/edit",
        "delete": f"/connections/{kitamachi.id}/delete",
        "challenge": f"/connections/{minato.id}/challenge",
        "challenge-over": f"/connections/{yamate.id}/challenge",
        "device": "/device/",
        "accounts": "/statements/",
        "transactions": f"/statements/transactions?account={account.id}&since={since}",
        "all-transactions": "/statements/transactions",
        "transaction": f"/statements/transactions/{row.id}",
        "proof": f"/statements/accounts/{account.id}",
        "closing": "/statements/closing",
        "balances": "/balances/",
        "files": "/files/",
        "import": f"/files/{file.id}",
        "exports": "/exports/",
        "export-new": f"/exports/new?account={account.id}&way=in",
        "export": f"/exports/{exported.id}",
        "export-names": f"/exports/{looked_at.id}",
        "members": "/people/members",
        "closing-the-books": "/people/closing",
        "security": "/accounts/security/",
        "sessions": "/accounts/security/sessions/",
        "missing": "/nothing",
    }
