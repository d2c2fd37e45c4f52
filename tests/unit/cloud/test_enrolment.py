"""From a 認証キー to a confirmed PC, and its release."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hikae.cloud.connections.fetching import request_fetch
from hikae.cloud.connections.models import Connection, SealedLogin
from hikae.cloud.connections.problem_record import read_problem
from hikae.cloud.connections.serving import served_by
from hikae.cloud.devices import commands
from hikae.cloud.devices.auth_keys import LIFETIME, AuthKeyRefusedError, issue_auth_key
from hikae.cloud.devices.enrolment import (
    EnrolmentRefusedError,
    confirm_device,
    enrol,
    refuse_device,
)
from hikae.cloud.devices.models import AuthKey, Device
from hikae.cloud.devices.release import release_device
from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.link.messages import Refresh, Release
from hikae.link.proof import fingerprint
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from tests.unit.cloud.conftest import NOW, Computer, new_computer


def test_a_key_enrols_one_device_that_waits_for_its_confirmation(
    owner: User, computer: Computer
) -> None:
    device = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    assert device.state == Device.State.PENDING
    assert device.person == owner
    assert device.fingerprint == fingerprint(
        computer.signing.public_key().public_bytes_raw(),
        computer.sealing.public_key().public_bytes_raw(),
    )


def test_only_the_hash_of_a_key_is_kept(owner: User) -> None:
    key = issue_auth_key(owner, NOW)
    row = AuthKey.objects.values().get()
    assert row["hash"] == key.hash()
    assert all(key.secret.hex() not in str(value) for value in row.values())


def test_the_same_device_may_enrol_again_and_gets_the_same_answer(
    owner: User, computer: Computer
) -> None:
    wish = computer.wish(issue_auth_key(owner, NOW).text())
    assert enrol(wish, NOW) == enrol(wish, NOW + LIFETIME)
    assert Device.objects.count() == 1


def test_a_device_cannot_come_back_with_other_keys(owner: User, computer: Computer) -> None:
    key = issue_auth_key(owner, NOW).text()
    enrol(computer.wish(key), NOW)
    other = replace(computer, signing=Ed25519PrivateKey.generate())
    with pytest.raises(EnrolmentRefusedError):
        enrol(other.wish(key), NOW)


def test_a_used_key_enrols_no_other_device(owner: User, computer: Computer) -> None:
    key = issue_auth_key(owner, NOW).text()
    enrol(computer.wish(key), NOW)
    with pytest.raises(AuthKeyRefusedError) as refused:
        enrol(new_computer().wish(key), NOW)
    assert refused.value.problem.code is ProblemCode.AUTH_KEY_USED


def test_a_key_expires_after_a_quarter_of_an_hour(owner: User, computer: Computer) -> None:
    key = issue_auth_key(owner, NOW).text()
    with pytest.raises(AuthKeyRefusedError) as refused:
        enrol(computer.wish(key), NOW + timedelta(minutes=15))
    assert refused.value.problem.code is ProblemCode.AUTH_KEY_EXPIRED


def test_a_new_key_takes_the_place_of_an_unused_one(owner: User, computer: Computer) -> None:
    earlier = issue_auth_key(owner, NOW).text()
    later = issue_auth_key(owner, NOW).text()
    with pytest.raises(AuthKeyRefusedError) as refused:
        enrol(computer.wish(earlier), NOW)
    assert refused.value.problem.code is ProblemCode.AUTH_KEY_EXPIRED
    assert enrol(computer.wish(later), NOW).state == Device.State.PENDING


def test_a_second_pc_is_refused_with_the_name_of_the_first_and_uses_no_key_up(
    owner: User, device: Device
) -> None:
    key = issue_auth_key(owner, NOW).text()
    with pytest.raises(EnrolmentRefusedError) as refused:
        enrol(new_computer().wish(key), NOW)
    assert refused.value.problem.code is ProblemCode.DEVICE_EXISTS
    assert refused.value.problem.details == {"device": "KEIRI-01"}
    assert AuthKey.objects.filter(used_at=None, withdrawn_at=None).count() == 1


def test_a_pc_that_nobody_confirmed_gives_way_to_the_next(owner: User, computer: Computer) -> None:
    first = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    enrol(new_computer().wish(issue_auth_key(owner, NOW).text()), NOW)
    first.refresh_from_db()
    assert first.state == Device.State.REFUSED


def test_only_the_person_who_issued_the_key_confirms(owner: User, computer: Computer) -> None:
    device = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    stranger = User.objects.create_user("stranger@example.jp")
    with pytest.raises(Device.DoesNotExist):
        confirm_device(device.id, stranger, NOW)
    with pytest.raises(Device.DoesNotExist):
        refuse_device(device.id, stranger, NOW)


def test_confirming_tells_the_pc_to_read_its_connections(device: Device) -> None:
    assert device.state == Device.State.CONFIRMED
    assert commands.after(device.id, 0) == (Refresh(seq=1),)


def test_a_refused_pc_serves_nothing(owner: User, computer: Computer) -> None:
    device = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    refuse_device(device.id, owner, NOW)
    with pytest.raises(Device.DoesNotExist):
        confirm_device(device.id, owner, NOW)


def test_a_released_pc_is_told_and_holds_nothing_any_more(owner: User, device: Device) -> None:
    release_device(device, actor=owner.email, now=NOW)
    device.refresh_from_db()
    assert device.state == Device.State.RELEASED
    assert commands.after(device.id, 1) == (Release(seq=2, by=owner.email),)
    assert served_by(device).connections == ()
    assert not SealedLogin.objects.exists()
    assert audit.first_broken() is None


def test_fetches_of_a_released_pc_end_and_their_questions_with_them(
    owner: User, device: Device
) -> None:
    connection = Connection.objects.create(
        organisation=device.organisation,
        institution="9901",
        device=device,
        registered_by=owner,
        registered_at=NOW,
    )
    fetch = request_fetch(connection.id, owner, NOW)
    release_device(device, actor=owner.email, now=NOW)
    fetch.refresh_from_db()
    assert (fetch.state, fetch.ended_at) == (FetchState.FAILED, NOW)
    problem = read_problem(fetch.problem)
    assert problem is not None
    assert problem.code is ProblemCode.DEVICE_RELEASED


def test_after_a_release_the_person_may_enrol_another_pc(owner: User, device: Device) -> None:
    release_device(device, actor=owner.email, now=NOW)
    enrolled = enrol(new_computer().wish(issue_auth_key(owner, NOW).text()), NOW)
    assert enrolled.state == Device.State.PENDING


def test_kept_commands_are_forgotten_and_numbers_go_on(owner: User, device: Device) -> None:
    commands.acknowledge(device.id, 1)
    assert commands.after(device.id, 0) == ()
    commands.refresh(device.id, NOW)
    assert commands.after(device.id, 0) == (Refresh(seq=2),)
