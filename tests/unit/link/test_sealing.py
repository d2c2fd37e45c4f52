"""Values that one device can open, for one purpose."""

import base64
from dataclasses import astuple, fields, replace
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import assume, given
from hypothesis import strategies as st

from hikae.link import sealing
from hikae.link.sealing import AnswerContext, Context, LoginContext, SealError
from hikae.model.secret import Secret

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ONE, TWO = UUID(int=1), UUID(int=2)
LOGIN = LoginContext(ONE, ONE, "9901", "device", 1)
ANSWER = AnswerContext(ONE, ONE, "device", ONE, ONE)
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def test_a_sealed_login_opens_to_the_same_fields() -> None:
    login = {"password": Secret('ひみつ!#"\\'), "user": Secret("")}
    sealed = sealing.seal_login(login, PUBLIC, LOGIN)
    assert sealing.unseal_login(sealed, KEY, LOGIN) == login


def altered(context: Context) -> list[Context]:
    """The context with each of its fields changed in turn."""
    return [replace(context, **{f.name: _other(getattr(context, f.name))}) for f in fields(context)]


def _other(value: Any) -> Any:  # noqa: ANN401 - of the field's own type
    match value:
        case UUID():
            return TWO
        case int():
            return value + 1
        case _:
            return f"{value} "


@pytest.mark.parametrize("other", altered(LOGIN), ids=[f.name for f in fields(LOGIN)])
def test_a_login_cannot_be_passed_off_as_that_of_anything_else(other: LoginContext) -> None:
    sealed = sealing.seal_login({"password": Secret("x")}, PUBLIC, LOGIN)
    with pytest.raises(SealError):
        sealing.unseal_login(sealed, KEY, other)


@pytest.mark.parametrize("other", altered(ANSWER), ids=[f.name for f in fields(ANSWER)])
def test_an_old_answer_cannot_be_replayed_to_a_new_question(other: AnswerContext) -> None:
    sealed = sealing.seal(b"123456", PUBLIC, ANSWER)
    assert sealing.unseal(sealed, KEY, ANSWER) == b"123456"
    with pytest.raises(SealError):
        sealing.unseal(sealed, KEY, other)


@pytest.mark.parametrize("context", [LOGIN, ANSWER])
def test_version_and_purpose_are_bound_with_every_field_and_nothing_else(context: Context) -> None:
    version, purpose, *bound = msgspec.json.decode(context.info())
    assert version == "hikae-seal-1"
    assert purpose == {LoginContext: "login", AnswerContext: "answer"}[type(context)]
    assert bound == [msgspec.to_builtins(value) for value in astuple(context)]
    others = [each.info() for each in altered(context)]
    assert len({context.info(), *others}) == 1 + len(bound)


@pytest.mark.parametrize("place", range(7))
@given(st.text(max_size=40))
def test_whatever_else_stands_in_one_place_of_what_is_bound_opens_nothing(
    place: int, text: str
) -> None:
    bound = msgspec.json.decode(LOGIN.info())
    assume(bound[place] != text)
    bound[place] = text
    sealed = SUITE.encrypt(b"{}", KEY.public_key(), info=msgspec.json.encode(bound))
    with pytest.raises(SealError):
        sealing.unseal(base64.urlsafe_b64encode(sealed).decode().rstrip("="), KEY, LOGIN)


def test_a_login_cannot_be_opened_as_an_answer() -> None:
    sealed = sealing.seal_login({"password": Secret("x")}, PUBLIC, LOGIN)
    with pytest.raises(SealError):
        sealing.unseal(sealed, KEY, ANSWER)


@pytest.mark.parametrize("damaged", ["", "!!", "AAAA", "鍵"])
def test_damaged_text_is_refused_without_quoting_it(damaged: str) -> None:
    with pytest.raises(SealError) as caught:
        sealing.unseal(damaged, KEY, LOGIN)
    assert caught.value.problem.details == {"part": "sealed"}


def test_another_device_cannot_open_it() -> None:
    sealed = sealing.seal(b"x", PUBLIC, ANSWER)
    with pytest.raises(SealError):
        sealing.unseal(sealed, X25519PrivateKey.from_private_bytes(bytes(32)), ANSWER)
