"""Requests that only the device itself can have made."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hikae.link import proof
from hikae.link.proof import ProofError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DEVICE = UUID("018f4a1e-0000-7000-8000-000000000001")
NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
URL = "https://cloud.example/agent/v1/commands?after=3"


def signed(method: str = "PUT", url: str = URL, body: bytes = b"{}") -> dict[str, str]:
    headers = proof.sign(KEY, DEVICE, method, url, body, NOW)
    return {name.lower(): value for name, value in headers.items()}


def check(
    headers: dict[str, str],
    *,
    method: str = "PUT",
    url: str = URL,
    body: bytes = b"{}",
    now: datetime = NOW,
    key: Ed25519PrivateKey = KEY,
) -> None:
    claim = proof.read(headers)
    proof.verify(
        claim, key.public_key(), method=method, url=url, headers=headers, body=body, now=now
    )


def test_a_request_as_it_was_signed_is_accepted_and_names_its_device() -> None:
    headers = signed()
    check(headers)
    assert proof.read(headers).device == DEVICE


@pytest.mark.parametrize(
    "url",
    [
        "https://cloud.example/agent/v1/commands?after=4",
        "https://cloud.example/agent/v1/device?after=3",
        "https://other.example/agent/v1/commands?after=3",
        "http://cloud.example/agent/v1/commands?after=3",
        "https://cloud.example:444/agent/v1/commands?after=3",
    ],
)
def test_a_proof_holds_for_one_origin_path_and_query_only(url: str) -> None:
    with pytest.raises(ProofError):
        check(signed(), url=url)


def test_the_same_request_is_proven_anew_each_time() -> None:
    first, second = signed(), signed()
    assert proof.read(first).nonce != proof.read(second).nonce
    first["signature-input"] = second["signature-input"]
    with pytest.raises(ProofError):
        check(first)


def test_a_proof_can_be_believed_no_longer_than_its_nonce_is_remembered() -> None:
    earliest, latest = NOW - proof.TOLERANCE, NOW + proof.TOLERANCE
    for moment in (earliest, latest):
        check(signed(), now=moment)
    assert latest - earliest <= proof.MEMORABLE
    with pytest.raises(ProofError):
        check(signed(), now=earliest + proof.MEMORABLE + timedelta(seconds=1))


def test_a_proof_holds_for_one_method_only() -> None:
    with pytest.raises(ProofError):
        check(signed(), method="DELETE")


def test_a_changed_body_is_refused_even_with_a_fitting_digest() -> None:
    headers = signed()
    with pytest.raises(ProofError):
        check(headers, body=b"{ }")
    headers["content-digest"] = signed(body=b"{ }")["content-digest"]
    with pytest.raises(ProofError):
        check(headers, body=b"{ }")


def test_the_key_of_another_device_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(ProofError):
        check(signed(), key=other)


def test_five_minutes_of_clock_difference_pass_and_more_is_told_with_its_size() -> None:
    check(signed(), now=NOW + proof.TOLERANCE)
    with pytest.raises(ProofError) as caught:
        check(signed(), now=NOW + timedelta(hours=2))
    assert caught.value.problem.code == "clock_wrong"
    assert caught.value.problem.details["seconds"] == -7200


def test_a_proof_that_covers_fewer_parts_is_refused() -> None:
    headers = signed()
    headers["signature-input"] = headers["signature-input"].replace(' "@query"', "")
    with pytest.raises(ProofError):
        check(headers)


@pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest"])
def test_a_request_without_its_proof_is_refused(name: str) -> None:
    headers = signed()
    del headers[name]
    with pytest.raises(ProofError):
        check(headers)


def test_the_signed_text_is_the_signature_base_of_rfc_9421() -> None:
    headers = signed(method="post", url="https://Cloud.example/a", body=b"")
    params = headers["signature-input"].removeprefix("hikae=")
    expected = "\n".join(
        [
            '"@method": POST',
            '"@scheme": https',
            '"@authority": cloud.example',
            '"@path": /a',
            '"@query": ?',
            f'"content-digest": {headers["content-digest"]}',
            f'"@signature-params": {params}',
        ]
    )
    signature = base64.b64decode(headers["signature"].removeprefix("hikae=:").rstrip(":"))
    KEY.public_key().verify(signature, expected.encode())


def test_a_fingerprint_depends_on_both_keys_and_reads_as_four_groups() -> None:
    first = proof.fingerprint(b"a" * 32, b"b" * 32)
    assert first != proof.fingerprint(b"a" * 32, b"c" * 32)
    assert first != proof.fingerprint(b"c" * 32, b"b" * 32)
    assert [len(group) for group in first.split("-")] == [4, 4, 4, 4]
