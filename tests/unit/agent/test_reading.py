"""What a cloud says, read."""

from uuid import UUID

import pytest
from msgspec.json import Decoder

from hikae.agent.reading import UnreadableError, modest, read
from hikae.link.messages import AnyCommand, Delivered, DeviceState, Pause, Refresh, encode
from hikae.model.fetch import Counts
from hikae.model.problems import Problem, ProblemCode

COMMANDS: Decoder[AnyCommand] = Decoder(AnyCommand)


def test_fields_that_nobody_knows_are_left_out() -> None:
    said = b'{"kind": "refresh", "seq": 3, "host": "evil.example", "proxy": {"ca": "x"}}'
    assert read(said, COMMANDS) == Refresh(seq=3)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b'{"kind": "pause", "seq": 1, "on": true, "words": "\xff"}',
        b'{"kind": "pause", "seq": 1, "on": "yes"}',
        b'{"kind": "answer", "seq": 1}',
        b'{"kind": "pause", "seq": 1, "on": true, "words": "' + b"x" * 2001 + b'"}',
        b'{"kind": "refresh", "seq": 1, "x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
def test_what_is_no_message_is_refused_without_its_words(said: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(said, COMMANDS)
    assert len(refused.value.place) < 20
    assert "yes" not in str(refused.value)


def test_texts_come_without_what_could_steer_a_screen() -> None:
    words = "\x1b[2J停止中\u202e です\u3000\n"
    assert read(encode(Pause(seq=1, on=True, words=words)), COMMANDS) == Pause(
        seq=1, on=True, words="[2J停止中 です\u3000"
    )
    state = DeviceState(UUID(int=1), "pending", "株式会社\u0000", UUID(int=2), "人\x07", "AAAA")
    assert read(encode(state), Decoder(DeviceState)).organisation == "株式会社"


def test_counts_that_no_statement_has_are_refused() -> None:
    told = encode(Delivered("0" * 64, Counts(added=77)))
    assert read(told, Decoder(Delivered)).counts.added == 77
    for count in (b"-1", b"1000000000000", b"9" * 40):
        with pytest.raises(UnreadableError):
            read(told.replace(b"77", count), Decoder(Delivered))


def test_a_problem_of_a_cloud_is_cut_to_the_size_of_ours() -> None:
    details: dict[str, str | int] = {f"{number}": "x" * 5000 for number in range(100)}
    told = modest(Problem(ProblemCode.INTERNAL, {"big": 10**40} | details, "y" * 10**6))
    assert len(told.details) < 10
    assert all(len(str(value)) <= 200 for value in told.details.values())
    assert len(told.bank_words) == 2000
