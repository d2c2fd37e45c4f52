"""Values that one device can open, for one purpose."""

from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hikae.link import sealing
from hikae.link.sealing import AnswerContext, LoginContext, SealError
from hikae.model.secret import Secret

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ONE, TWO = UUID(int=1), UUID(int=2)
LOGIN = LoginContext(ONE, ONE, "9901", "device", 1)
ANSWER = AnswerContext(ONE, ONE, "device", ONE, ONE)


def test_a_sealed_login_opens_to_the_same_fields() -> None:
    login = {"password": Secret('ひみつ!#"\\'), "user": Secret("")}
    sealed = sealing.seal_login(login, PUBLIC, LOGIN)
    assert sealing.unseal_login(sealed, KEY, LOGIN) == login


@pytest.mark.parametrize(
    "other",
    [
        replace(LOGIN, organisation=TWO),
        replace(LOGIN, connection=TWO),
        replace(LOGIN, institution="9902"),
        replace(LOGIN, holder="another"),
        replace(LOGIN, version=2),
    ],
)
def test_a_login_cannot_be_passed_off_as_that_of_anything_else(other: LoginContext) -> None:
    sealed = sealing.seal_login({"password": Secret("x")}, PUBLIC, LOGIN)
    with pytest.raises(SealError):
        sealing.unseal_login(sealed, KEY, other)


@pytest.mark.parametrize(
    "other",
    [
        replace(ANSWER, fetch=TWO),
        replace(ANSWER, challenge=TWO),
        replace(ANSWER, connection=TWO),
        replace(ANSWER, organisation=TWO),
        replace(ANSWER, holder="another"),
    ],
)
def test_an_old_answer_cannot_be_replayed_to_a_new_question(other: AnswerContext) -> None:
    sealed = sealing.seal(b"123456", PUBLIC, ANSWER)
    assert sealing.unseal(sealed, KEY, ANSWER) == b"123456"
    with pytest.raises(SealError):
        sealing.unseal(sealed, KEY, other)


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
