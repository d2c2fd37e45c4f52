"""Requests on threads: what an application is told, and how its answers go out."""

import asyncio
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from hikae.cloud.project.workers import Workers, Wsgi, environ

_seen: ContextVar[str] = ContextVar("seen", default="")


def scope(headers: Iterable[tuple[bytes, bytes]] = ()) -> dict[str, Any]:
    """A request as an ASGI server tells it."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "PUT",
        "scheme": "http",
        "path": "/明細",
        "query_string": b"a=%E6%98%8E",
        "headers": list(headers),
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50_000),
    }


def answered(application: Wsgi) -> list[Mapping[str, Any]]:
    """What goes out when a request is answered."""
    sent: list[Mapping[str, Any]] = []

    async def send(event: Mapping[str, Any]) -> None:
        sent.append(event)

    workers = Workers(application, threads=1)
    try:
        asyncio.run(workers.answer(scope(), io.BytesIO(), send))
    finally:
        workers.close()
    return sent


def test_path_and_body_arrive_as_pep_3333_has_them() -> None:
    told = environ(scope(), io.BytesIO(b"12345"))
    assert told["PATH_INFO"].encode("latin-1").decode() == "/明細"
    assert told["QUERY_STRING"] == "a=%E6%98%8E"
    assert (told["CONTENT_LENGTH"], told["wsgi.input"].read()) == ("5", b"12345")


def test_a_length_that_a_sender_only_claims_is_not_believed() -> None:
    told = environ(scope([(b"content-length", b"99")]), io.BytesIO(b"12345"))
    assert told["CONTENT_LENGTH"] == "5"


def test_a_header_with_an_underscore_does_not_pass_for_another() -> None:
    headers = [(b"x-forwarded-proto", b"http"), (b"x_forwarded_proto", b"https")]
    assert environ(scope(headers), io.BytesIO())["HTTP_X_FORWARDED_PROTO"] == "http"


def test_headers_that_come_twice_are_joined() -> None:
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]
    told = environ(scope(headers), io.BytesIO())
    assert (told["HTTP_COOKIE"], told["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")


def test_a_short_answer_goes_out_whole() -> None:
    def application(_: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", " a=1")])
        return [b"one ", b"two"]

    head, body = answered(application)
    assert head["status"] == 201
    assert head["headers"] == [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1")]
    assert body == {"type": "http.response.body", "body": b"one two", "more_body": False}


def test_a_long_answer_goes_out_while_it_is_made_and_is_closed_at_its_end() -> None:
    made: list[str] = []

    def pieces() -> Iterator[bytes]:
        try:
            for _ in range(5):
                made.append("piece")
                yield b"x" * 40_000
        finally:
            made.append("closed")

    def application(_: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return pieces()

    _, *bodies = answered(application)
    assert [len(body["body"]) for body in bodies] == [80_000, 80_000, 40_000]
    assert [body["more_body"] for body in bodies] == [True, True, False]
    assert made == [*["piece"] * 5, "closed"]


def test_nothing_that_one_request_sets_is_there_for_the_next() -> None:
    found: list[str] = []

    def application(_: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        found.append(_seen.get())
        _seen.set("by the one before")
        start("204 No Content", [])
        return []

    async def send(_: Mapping[str, Any]) -> None:
        return None

    async def twice() -> None:
        for _ in range(2):
            await workers.answer(scope(), io.BytesIO(), send)

    workers = Workers(application, threads=1)
    try:
        asyncio.run(twice())
    finally:
        workers.close()
    assert found == ["", ""]
