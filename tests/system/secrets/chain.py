"""The whole life of a PC with secrets in every place where there are any, all logs at their most.

Bank, cloud and agent are processes of their own; the agent goes out through a proxy that wants a
password. What goes wrong on purpose: a wrong bank password, a wrong one-time password, a cloud
whose database is broken, an agent that is aborted in the middle of its work.
"""

import asyncio
import base64
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    load_key_and_certificates,
    serialize_key_and_certificates,
)

from demo.household import OWNER_PASSWORD, Agent, Bank, Cloud, Customer
from demo.person import Person
from demo.story import until_offered
from hikae.agent import settings
from hikae.agent.engine import ChallengeAsked, Engine
from hikae.agent.profile import Profile
from hikae.agent.safe import FileSafe
from hikae.agent.settings import ProxySettings, Settings
from hikae.link import authkey
from hikae.model.challenge import Answer
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from tests.system.secrets.search import Place, files, process
from tests.system.survival.offices import PATIENCE, ended
from tests.unit.transport.proxies import PASSWORD, USER

OWNER = "kanari@example.jp"
WRONG_PASSWORD = "CanaryWrongPw-40b7e1"
WRONG_ANSWER = "CanaryOtp77"
P12_PASSWORD = "CanaryP12-ふくろう-93c"

_LOUD = """
import logging
logging.basicConfig(level=logging.DEBUG)
logging.Logger.setLevel = logging.Handler.setLevel = lambda *_: None
"""
"""Run by Python before a program: whatever it sets afterwards, everything is logged."""


Broken = Callable[[], AbstractContextManager[None]]


@dataclass(slots=True)
class Chain:
    """Who takes part, what must not be seen, and pages that were shown when things went wrong.

    session: the cookie of one who is signed in.
    """

    bank: Bank
    cloud: Cloud
    agent: Agent
    folder: Path
    secrets: dict[str, str | bytes] = field(default_factory=dict)
    session: str = ""
    pages: list[Place] = field(default_factory=list)
    connections: list[UUID] = field(default_factory=list)

    async def live(self, person: Person, broken: Broken) -> None:
        """All of it, one after the other; `broken` is a cloud whose database does not work."""
        self.session = await asyncio.to_thread(session_cookie, self.cloud.origin)
        async with self.agent.engine() as engine:
            await self._enrol(engine, person)
            await self._try_a_wrong_password(engine, person)
            await self._answer_a_challenge(engine, person)
            form = await person.visit("/connections/new/9903")
            form.fill("ログインパスワード", WRONG_PASSWORD)
            with broken():
                page = await form.press("連携登録")
            self.pages.append(Place("error page", page.text.encode()))
            assert page.status == 500
            await engine.renew_keys()
            self._remember_keys("renewed")
        await self._crash()
        async with self.agent.engine() as engine:
            fetch = await self._fetch(engine, self.connections[1], person)
            assert fetch.state is FetchState.DONE

    def places(self) -> Iterator[Place]:
        """Everywhere but in the keyrings, and in the doors that only this user may open."""
        profile = Profile.at(self.agent.data)
        keys, keyring = self.cloud.data / "keys", self.agent.data / "keyring.json"
        banks = self.folder / "banks"  # what a bank knows of its customers is its own
        yield from files(self.folder, but=[keys, keyring, profile.door, banks])
        yield from self.pages
        for program in (self.bank.program, self.cloud.program, self.agent.program):
            assert program is not None
            yield from process(program.pid)

    async def _enrol(self, engine: Engine, person: Person) -> None:
        key = await person.issue_key()
        self.secrets["auth key"] = key.rpartition(".")[2]
        self.secrets["auth key's bytes"] = authkey.parse(key).secret
        state = await engine.enrol(authkey.parse(key))
        await engine.confirm(same=True)
        self._remember_keys("first")
        events = engine.events()
        await person.confirm_pc(state.fingerprint)
        while not (await engine.status()).linked:
            await asyncio.wait_for(anext(events), PATIENCE)

    def _remember_keys(self, which: str) -> None:
        """What stands in the keyring by now: device keys, the key of the files, passwords."""
        kept = msgspec.json.decode(
            (self.agent.data / "keyring.json").read_bytes(), type=dict[str, str]
        )
        for name, text in kept.items():
            label = f"{which} {name.partition('/')[2].partition(':')[0]}"
            self.secrets[label] = text
            if label.endswith((" device", " database")):
                raw = base64.b64decode(text + "==")
                self.secrets |= {f"{label}, half": raw[: len(raw) // 2 or 1], f"{label}, raw": raw}

    async def _try_a_wrong_password(self, engine: Engine, person: Person) -> None:
        customer = self.bank.customer("9901", "ok")
        connection = await self._serve(engine, person, customer, WRONG_PASSWORD)
        fetch = await self._fetch(engine, connection, person)
        assert fetch.problem is not None
        assert fetch.problem.code is ProblemCode.WRONG_PASSWORD

    async def _answer_a_challenge(self, engine: Engine, person: Person) -> None:
        customer = self.bank.customer("9902", "otp")
        connection = await self._serve(engine, person, customer, customer.password)
        self.secrets["bank password"] = customer.password
        fetch = await self._fetch(engine, connection, person, first=WRONG_ANSWER)
        assert (fetch.state, fetch.problem) == (FetchState.DONE, None)

    async def _serve(
        self, engine: Engine, person: Person, customer: Customer, password: str
    ) -> UUID:
        await person.register(customer.institution, password)
        with_password(customer.p12, self.agent.certificates / customer.p12.name, customer)
        await engine.unlock(customer.p12.name, Secret(P12_PASSWORD))
        known = [each.id for each in await engine.connections()]
        (connection,) = [each for each in known if each not in self.connections]
        await engine.enable(connection, on=True)
        self.connections.append(connection)
        return connection

    async def _fetch(
        self, engine: Engine, connection: UUID, person: Person, first: str = ""
    ) -> Fetch:
        """Fetch; a wrong answer `first` is typed on the page, the right one at the PC."""
        events = engine.events()
        (fetch,) = await engine.fetch([connection], Trigger.COMMAND)
        answering = asyncio.create_task(self._answer(engine, person, first))
        try:
            return await ended(engine, events, fetch)
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)

    async def _answer(self, engine: Engine, person: Person, first: str) -> None:
        customer = self.bank.customer("9902", "otp")
        async for event in engine.events():
            if not isinstance(event, ChallengeAsked):
                continue
            if first:
                await until_offered(person)
                await person.answer_challenge(first)
                first = ""
            else:
                right = Answer(Secret(self.bank.one_time_password(customer)))
                await engine.answer(event.id, right)

    async def _crash(self) -> None:
        """Abort the agent; Python writes where each of its threads was."""
        assert self.agent.program is not None
        os.kill(self.agent.program.pid, signal.SIGABRT)
        await asyncio.to_thread(self.agent.program.wait, PATIENCE)
        self.agent.start(loud(self.folder))


def session_cookie(origin: str) -> str:
    """Sign in with a browser whose cookies can be read."""
    cookies = CookieJar()
    direct, kept = ProxyHandler({}), HTTPCookieProcessor(cookies)
    browser = build_opener(direct, kept)
    address = f"{origin}/accounts/login/"
    browser.open(address, timeout=PATIENCE).close()
    token = next(str(each.value) for each in cookies if each.name == "csrftoken")
    form = {"csrfmiddlewaretoken": token, "login": OWNER, "password": OWNER_PASSWORD}
    browser.open(address, urlencode(form).encode(), timeout=PATIENCE).close()
    return next(str(each.value) for each in cookies if each.name == "sessionid")


def with_password(source: Path, target: Path, customer: Customer) -> None:
    """Copy a certificate file, protected by our own password."""
    key, certificate, others = load_key_and_certificates(
        source.read_bytes(), customer.p12_password.encode()
    )
    lock = BestAvailableEncryption(P12_PASSWORD.encode())
    assert key is not None
    target.write_bytes(
        serialize_key_and_certificates(None, key, certificate, others or None, lock)  # type: ignore[arg-type] # of the kinds that banks issue
    )


def loud(folder: Path) -> dict[str, str]:
    """The environment in which a program logs all it can and leaves its scraps in our folder."""
    (folder / "loud").mkdir(exist_ok=True)
    (folder / "scraps").mkdir(exist_ok=True)
    (folder / "loud" / "sitecustomize.py").write_text(_LOUD)
    return {
        "PYTHONPATH": str(folder / "loud"),
        "PYTHONFAULTHANDLER": "1",
        "TMPDIR": str(folder / "scraps"),
    }


@asynccontextmanager
async def chain(
    bank: Bank, cloud: Cloud, folder: Path, proxy_port: int
) -> AsyncIterator[tuple[Chain, Person]]:
    """Start the agent behind its proxy, and sign its owner in."""
    cloud.add_owner(OWNER, "株式会社カナリア")
    agent = Agent(folder, bank.catalogue)
    profile = Profile.at(agent.data)
    proxy = ProxySettings("manual", "http", "127.0.0.1", proxy_port, USER)
    settings.save(profile.settings, Settings(proxy=proxy))
    FileSafe(agent.data / "keyring.json", profile.name).put("proxy", Secret(PASSWORD))
    agent.start(loud(folder))
    made = Chain(bank, cloud, agent, folder)
    made.secrets = {
        "proxy password": PASSWORD,
        "wrong bank password": WRONG_PASSWORD,
        "one-time password": WRONG_ANSWER,
        "PKCS#12 password": P12_PASSWORD,
        "owner's password": OWNER_PASSWORD,
    }
    try:
        async with Person(cloud.origin) as person:
            await person.sign_in(OWNER, OWNER_PASSWORD)
            yield made, person
    finally:
        agent.stop()
