"""What the command line prints: words for people, or JSON lines for programs."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import IO, Any

import msgspec

from hikae.agent.engine import (
    CertificateList,
    ChallengeAsked,
    ConnectionState,
    Event,
    FetchChanged,
    LinkChanged,
    RefusedStatement,
    Reminded,
    Status,
    Warned,
)
from hikae.agent.timetable import Plan
from hikae.link.delivery import account_label
from hikae.link.messages import DeviceState
from hikae.model.fetch import Fetch, FetchState
from hikae.model.language import Language
from hikae.model.problem_texts import render
from hikae.model.problems import Problem, ProblemCode
from hikae.model.time_words import moment_words, period_words

_STATES = {
    FetchState.QUEUED: ("… 待機中", "… queued"),
    FetchState.RUNNING: ("↻ 取得中", "↻ fetching"),
    FetchState.WAITING: ("! 要追加入力", "! waiting for you"),
    FetchState.DONE: ("✓ 取得完了", "✓ done"),
    FetchState.FAILED: ("× 失敗", "× failed"),
    FetchState.SKIPPED: ("– 見送り", "– skipped"),
}


class Console:
    """One stream, one language, one form."""

    def __init__(
        self, stream: IO[str], errors: IO[str], language: Language, *, as_json: bool
    ) -> None:
        """Print to `stream`, Problems for people to `errors`."""
        self._stream = stream
        self._errors = errors
        self._language = language
        self._json = as_json

    def words(self, japanese: str, english: str) -> str:
        """The words in the person's language."""
        return japanese if self._language is Language.JAPANESE else english

    def problem(self, problem: Problem) -> None:
        """A Problem: title, what happened, what to do, the code to quote."""
        if self._json:
            self._object("problem", problem)
            return
        texts = render(problem, self._language)
        quoted = f"「{problem.bank_words}」\n" if problem.bank_words else ""
        text = f"{texts.title} ({problem.code})\n{texts.message}\n{quoted}{texts.remedy}"
        self._errors.write(f"{text}\n")
        self._errors.flush()

    def device(self, origin: str, state: DeviceState) -> None:
        """What an enrolment has to be compared with."""
        if self._json:
            self._object("device", state, origin=origin)
            return
        labels = self.words("接続先 事業者 利用者 指紋", "Cloud Organisation Person Fingerprint")
        values = (origin, state.organisation, state.person, state.fingerprint)
        for label, value in zip(labels.split(), values, strict=True):
            self._line(f"{label}: {value}")
        self._line(
            self.words(
                "クラウドの画面に同じ指紋が出ていることを確かめ、そちらでも確認してください。",
                "See that the cloud's page shows the same fingerprint, and confirm it there too.",
            )
        )

    def certificates(self, found: CertificateList) -> None:
        """Certificates, and files that could not be opened."""
        if self._json:
            self._object("certificates", found)
            return
        for certificate in found.certificates:
            until = moment_words(certificate.not_after, self._language)
            limit = self.words(f"{until}まで", f"until {until}")
            self._line(f"{certificate.thumbprint}  {certificate.user_id}  {limit}")
        for unreadable in found.unreadable:
            title = render(unreadable.problem, self._language).title
            self._line(f"{unreadable.name}: {title} ({unreadable.problem.code})")
        if not found.certificates and not found.unreadable:
            self._line(self.words("電子証明書がありません。", "There are no certificates."))

    def connections(self, connections: Sequence[ConnectionState]) -> None:
        """One line a connection, and why it cannot be used."""
        if self._json:
            self._object("connections", connections)
            return
        for each in connections:
            mark = "✓" if each.enabled and not each.stopped else "–"
            chosen = each.certificate.user_id if each.certificate else ""
            self._line(f"{mark} {str(each.id)[:8]}  {each.title}  {chosen}")
            if each.next_fetch_at is not None:
                at = moment_words(each.next_fetch_at, self._language)
                self._line("  " + self.words(f"次回 {at}", f"next {at}"))
            if each.problem is not None:
                texts = render(each.problem, self._language)
                self._line(f"  {texts.title} ({each.problem.code}): {texts.remedy}")
        if not connections:
            empty = "連携はまだありません。クラウドの新規登録で登録してください。"
            self._line(self.words(empty, "No connections yet; register one in the cloud."))

    def plan(self, plan: Plan) -> None:
        """When connections are fetched by themselves."""
        if self._json:
            self._object("plan", plan)
        elif plan.every:
            hours = plan.every
            self._line(self.words(f"{hours}時間ごとに取得します。", f"Every {hours} hours."))
        elif plan.times:
            times = ", ".join(plan.times)
            self._line(self.words(f"毎日 {times} に取得します。", f"Every day at {times}."))
        else:
            self._line(self.words("自動では取得しません。", "Never by itself."))

    def status(self, status: Status) -> None:
        """How things stand."""
        if self._json:
            self._object("status", status)
            return
        if status.untold:
            later = "登録の解除は、つながったときにクラウドへ知らせます。"
            self._line(self.words(later, "The cloud hears of the release when it can be reached."))
        if status.device is None:
            self._line(self.words("登録されていません。", "This PC is not enrolled."))
            if status.ended is not None:
                self.problem(status.ended)
            return
        linked = (
            self.words("つながっています", "linked")
            if status.linked
            else self.words("つながっていません", "not linked")
        )
        self._line(
            f"{status.device.organisation}  {status.origin}  {status.device.state}  {linked}"
        )
        if status.refused_messages:
            refused = Problem(ProblemCode.CLOUD_REJECTED, {"refused": status.refused_messages})
            self._line(render(refused, self._language).message)
        if status.unsent:
            count = status.unsent
            self._line(
                self.words(f"未送信の明細が{count}件あります。", f"{count} statements not sent.")
            )

        if status.refused_statements:
            count = status.refused_statements
            japanese = f"クラウドが受け付けなかった明細が{count}件あります。"
            how = self.words("確かめるには", "To see them")
            words = self.words(japanese, f"The cloud did not take {count} statements.")
            self._line(f"{words} {how}: hikae agent refused")

    def refused(self, statements: Sequence[RefusedStatement]) -> None:
        """What the cloud will not take, and what can be done."""
        if self._json:
            self._object("refused", statements)
            return
        for each in statements:
            period = "" if each.period is None else period_words(each.period, self._language)
            rows = self.words(f"明細{each.rows}件", f"{each.rows} rows")
            self._line("  ".join(filter(None, (account_label(each.account), period, rows))))
            texts = render(each.problem, self._language)
            self._line(f"  {texts.title} ({each.problem.code}): {texts.remedy}")
        if not statements:
            none = "クラウドが受け付けなかった明細はありません。"
            self._line(self.words(none, "The cloud has taken every statement."))

    def set_aside(self, files: Sequence[str]) -> None:
        """Where statements were put that the cloud will not take."""
        if self._json:
            self._object("set_aside", files)
            return
        for file in files:
            self._line(file)

    def renewed(self, state: DeviceState) -> None:
        """New keys, which a page shows by their fingerprint."""
        if self._json:
            self._object("device", state)
            return
        words = self.words("新しい鍵に替えました。指紋", "This PC has new keys. Fingerprint")
        self._line(f"{words}: {state.fingerprint}")

    def left_behind(self, unsent: int) -> None:
        """What would be lost by a release, and how it is not."""
        if unsent and not self._json:
            japanese = f"未送信の明細が{unsent}件あります。解除すると、このパソコンから消えます。"
            english = f"{unsent} statements are not sent. A release erases them from this PC."
            self._line(self.words(japanese, english))

    def nothing_to_fetch(self) -> None:
        """No connection is switched on."""
        if not self._json:
            empty = "取得を有効にした連携がありません。"
            self._line(self.words(empty, "No connection is switched on."))

    def progress(self, title: str, fetch: Fetch) -> None:
        """Where a fetch stands."""
        if self._json:
            self._object("fetch", fetch, title=title)
            return
        state = self.words(*_STATES[fetch.state])
        rows = self.words(f"明細{fetch.rows}件", f"{fetch.rows} rows") if fetch.rows else ""
        if fetch.state is FetchState.DONE:
            added = fetch.counts.added
            rows = self.words(f"新しい明細{added}件", f"{added} new transactions")
        self._line("  ".join(filter(None, (title, state, fetch.step, rows))))
        if fetch.problem is not None:
            self.problem(fetch.problem)

    def challenge(self, title: str, asked: ChallengeAsked) -> None:
        """What a bank asks for."""
        if self._json:
            self._object("challenge", asked, title=title)
            return
        asks = self.words("銀行が追加認証を求めています", "The bank asks for more")
        self._line(f"{title}  {asks} [{asked.code}]")
        if asked.again:
            self._line(f"「{asked.again}」")
        self._line(asked.prompt)

    async def follow(self, events: AsyncIterator[Event]) -> None:
        """Print what happens, for ever."""
        async for event in events:
            if self._json:
                self._object(type(event).__name__, event)
            elif isinstance(event, FetchChanged):
                self.progress(str(event.fetch.connection)[:8], event.fetch)
            elif isinstance(event, LinkChanged):
                up, down = ("つながりました", "linked"), ("切れました", "link lost")
                self._line(self.words(*(up if event.linked else down)))
            elif isinstance(event, Reminded):
                of = str(event.connection)[:8]
                now = f"{of}  取得の時刻です。`hikae agent fetch {of}` で始めてください。"
                self._line(self.words(now, f"{of}  It is time: hikae agent fetch {of}"))
            elif isinstance(event, Warned):
                self.problem(event.problem)

    def _object(self, kind: str, value: object, **more: str) -> None:
        data: Any = msgspec.to_builtins(value)
        self._line(json.dumps({"kind": kind, "value": data, **more}, ensure_ascii=False))

    def _line(self, text: str) -> None:
        print(text, file=self._stream, flush=True)
