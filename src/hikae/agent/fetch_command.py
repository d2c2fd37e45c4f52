"""`hikae agent fetch`: start, show progress, ask what the bank asks, wait for the end."""

import asyncio
import getpass
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from hikae.agent.console import Console
from hikae.agent.engine import ChallengeAsked, Engine, EngineError, FetchChanged
from hikae.model.challenge import Answer
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret


async def fetch_and_wait(engine: Engine, connections: Sequence[UUID], console: Console) -> bool:
    """Fetch these connections (all enabled ones, if none); whether all ended as done."""
    events = engine.events()
    titles = {each.id: each.title for each in await engine.connections()}
    watch = _Watch(console, titles, set(await engine.fetch(connections, Trigger.COMMAND)))
    if not watch.running:
        console.nothing_to_fetch()
    for fetch_id in list(watch.running):
        fetch = await engine.fetch_state(fetch_id)
        if fetch is not None and fetch.state.final:  # skipped before anybody could listen
            watch.moved(fetch)
    answering: set[asyncio.Task[None]] = set()
    while watch.running and (event := await anext(events, None)):
        if isinstance(event, FetchChanged):
            watch.moved(event.fetch)
        elif isinstance(event, ChallengeAsked) and event.fetch in watch.running:
            console.challenge(titles.get(event.connection, ""), event)
            if sys.stdin.isatty():
                answering.add(asyncio.create_task(_answer(engine, event, console)))
    for task in answering:
        task.cancel()
    if watch.running:
        raise EngineError(Problem(ProblemCode.INTERNAL, details={"part": "engine"}))
    return bool(watch.ended) and all(fetch.state is FetchState.DONE for fetch in watch.ended)


@dataclass(slots=True)
class _Watch:
    """The fetches that were started here."""

    console: Console
    titles: Mapping[UUID, str]
    running: set[UUID]
    ended: list[Fetch] = field(default_factory=list)

    def moved(self, fetch: Fetch) -> None:
        if fetch.id not in self.running:
            return
        self.console.progress(self.titles.get(fetch.connection, ""), fetch)
        if fetch.state.final:
            self.running.discard(fetch.id)
            self.ended.append(fetch)


async def _answer(engine: Engine, asked: ChallengeAsked, console: Console) -> None:
    prompt = console.words("答え(画面に出ません): ", "Answer (not shown): ")
    text = await asyncio.to_thread(getpass.getpass, prompt)
    try:
        await engine.answer(asked.id, Answer(Secret(text.strip())))
    except ProblemError as error:
        console.problem(error.problem)
