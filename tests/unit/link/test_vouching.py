"""What a device says by its signature apart from requests: its next keys, and its leave."""

from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hikae.link.vouching import farewell_holds, keys_vouched_for, sign_farewell, vouch_for_keys
from tests.unit.link.test_proof import DEVICE, KEY
from tests.unit.link.test_sealing import TWO

ORIGIN = "https://cloud.example"
SEALING, BEFORE = b"s" * 32, b"b" * 32
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def said() -> str:
    return vouch_for_keys(KEY, sealing=SEALING, before=BEFORE, device=DEVICE, origin=ORIGIN)


def holds(
    signature: str,
    *,
    signing: Ed25519PrivateKey = KEY,
    sealing: bytes = SEALING,
    before: bytes = BEFORE,
    device: UUID = DEVICE,
    origin: str = ORIGIN,
) -> bool:
    return keys_vouched_for(
        signature,
        signing=raw(signing),
        sealing=sealing,
        before=before,
        device=device,
        origin=origin,
    )


def test_new_keys_hold_as_they_were_vouched_for() -> None:
    assert holds(said())


def test_they_hold_for_these_keys_this_device_and_this_cloud_only() -> None:
    assert not holds(said(), signing=OTHER)
    assert not holds(said(), sealing=b"t" * 32)
    assert not holds(said(), before=b"c" * 32)
    assert not holds(said(), device=TWO)
    assert not holds(said(), origin="https://other.example")


def test_a_farewell_holds_for_its_device_and_its_cloud_only() -> None:
    bye = sign_farewell(KEY, DEVICE, ORIGIN)
    assert farewell_holds(bye, raw(KEY), DEVICE, ORIGIN)
    assert not farewell_holds(bye, raw(OTHER), DEVICE, ORIGIN)
    assert not farewell_holds(bye, raw(KEY), TWO, ORIGIN)
    assert not farewell_holds(bye, raw(KEY), DEVICE, "https://other.example")


@pytest.mark.parametrize("text", ["", "AAAA", "!" * 86, "é"])
def test_what_is_no_signature_holds_for_nothing(text: str) -> None:
    assert not farewell_holds(text, raw(KEY), DEVICE, ORIGIN)


def test_a_farewell_vouches_for_no_keys() -> None:
    assert not holds(sign_farewell(KEY, DEVICE, ORIGIN))
