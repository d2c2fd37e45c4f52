"""What has ended stays ended, whatever backup the database is restored from."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.core import serializers
from psycopg import sql

from hikae.cloud.connections import logins
from hikae.cloud.connections.models import Connection, SealedLogin
from hikae.cloud.connections.registering import Registration, register_connection
from hikae.cloud.connections.server_keys import LIFETIME, ServerKeys
from hikae.cloud.connections.serving import served_by
from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.correcting import correct_all
from hikae.cloud.devices.endings import Ended, Journal, JournalError, journal
from hikae.cloud.devices.endings.postgresql import PostgresqlStore
from hikae.cloud.devices.endings.store import FileStore
from hikae.cloud.devices.enrolment import (
    EnrolmentRefusedError,
    confirm_device,
    enrol,
    refuse_device,
)
from hikae.cloud.devices.models import Assignment, Device
from hikae.cloud.devices.release import release_device
from hikae.cloud.devices.renewal import renew_keys
from hikae.cloud.people.models import User
from hikae.cloud.project.housekeeping import sweep
from hikae.link.messages import NewKeys, ResealedLogin
from hikae.link.vouching import vouch_for_keys
from hikae.model.secret import Secret
from tests.cloud_agent import public
from tests.fixtures_postgres import PostgresDatabase
from tests.unit.cloud.conftest import NOW, Computer, new_computer

LATER = NOW + timedelta(days=1)


@contextmanager
def restored_afterwards() -> Iterator[None]:
    """Back up what the database says of PCs and logins, and restore that when the block is over."""
    kept = (Device, Assignment, Connection, SealedLogin)
    backup = serializers.serialize("json", [row for kind in kept for row in kind.objects.all()])
    yield
    SealedLogin.objects.all().delete()
    for row in serializers.deserialize("json", backup):
        row.save()


def register(owner: User) -> Connection:
    wish = Registration("0138", {"login_id": Secret("minato"), "password": Secret("himitsu")})
    return register_connection(wish, owner, NOW)


def wish(
    device: Device, old: Computer, new: Computer, *logins: ResealedLogin, origin: str = ""
) -> NewKeys:
    """New keys as their PC asks for them."""
    vouched = vouch_for_keys(
        new.signing,
        sealing=new.sealing.public_key().public_bytes_raw(),
        before=old.signing.public_key().public_bytes_raw(),
        device=device.id,
        origin=origin or settings.HIKAE_ORIGIN,
    )
    return NewKeys(public(new.signing), public(new.sealing), vouched, logins)


def test_a_released_pc_stays_released_in_a_restored_database(owner: User, device: Device) -> None:
    with restored_afterwards():
        release_device(device, actor=owner.email, now=NOW)
    assert Device.objects.get().state == Device.State.CONFIRMED
    assert correct_all(LATER) == 1
    ended = Device.objects.get()
    assert (ended.state, ended.ended_at, ended.ended_by) == ("released", NOW, owner.email)
    assert not Assignment.objects.filter(ended_at=None).exists()
    assert correct_all(LATER) == 0


def test_a_pc_that_was_turned_away_stays_so_in_a_restored_database(
    owner: User, computer: Computer
) -> None:
    waiting = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    with restored_afterwards():
        refuse_device(waiting.id, owner, NOW)
    assert Device.objects.get().state == Device.State.PENDING
    assert correct_all(LATER) == 1
    with pytest.raises(Device.DoesNotExist):
        confirm_device(waiting.id, owner, LATER)


def test_logins_of_a_released_pc_are_gone_from_a_restored_database(
    owner: User, device: Device
) -> None:
    connection = register(owner)
    with restored_afterwards():
        release_device(device, actor=owner.email, now=NOW)
        assert not SealedLogin.objects.exists()
    assert SealedLogin.objects.exists()
    correct_all(LATER)
    assert not SealedLogin.objects.exists()
    connection.refresh_from_db()
    assert connection.device is None


def test_old_keys_stay_revoked_in_a_restored_database_and_their_logins_are_asked_for_again(
    owner: User, device: Device, computer: Computer
) -> None:
    register(owner)
    new = new_computer()
    with restored_afterwards():
        renew_keys(device, wish(device, computer, new), NOW)
    assert correct_all(LATER) == 1
    held = Device.objects.get()
    assert bytes(held.signing) == new.signing.public_key().public_bytes_raw()
    assert bytes(held.sealing) == new.sealing.public_key().public_bytes_raw()
    assert [view.login for view in served_by(held).connections] == [None]


def test_the_same_new_keys_again_change_nothing(
    owner: User, device: Device, computer: Computer
) -> None:
    connection = register(owner)
    new = new_computer()
    login = ResealedLogin(connection.id, connection.login_version, "c2VhbGVk")
    again = renew_keys(device, wish(device, computer, new, login), NOW)
    renew_keys(again, wish(device, computer, new, login), LATER)
    assert [view.login for view in served_by(again).connections] == ["c2VhbGVk"]


def test_a_login_typed_since_is_not_replaced_by_an_older_one(
    owner: User, device: Device, computer: Computer
) -> None:
    connection = register(owner)
    new = new_computer()
    older = ResealedLogin(connection.id, connection.login_version - 1, "b2xk")
    renewed = renew_keys(device, wish(device, computer, new, older), NOW)
    assert [view.login for view in served_by(renewed).connections] == [None]


def another_signer(_: Computer, new: Computer) -> Computer:
    return Computer(new.id, Ed25519PrivateKey.generate(), new.sealing)


def another_sealer(_: Computer, new: Computer) -> Computer:
    return Computer(new.id, new.signing, X25519PrivateKey.generate())


def the_old_one(old: Computer, _: Computer) -> Computer:
    return old


@pytest.mark.parametrize("brought", [another_signer, another_sealer, the_old_one])
def test_keys_are_taken_only_as_their_new_signer_vouched_for_them(
    owner: User,
    device: Device,
    computer: Computer,
    brought: Callable[[Computer, Computer], Computer],
) -> None:
    new = new_computer()
    other = brought(computer, new)
    vouched = wish(device, computer, new).vouched
    sealing = public(other.sealing if other is not computer else new.sealing)
    with pytest.raises(EnrolmentRefusedError):
        renew_keys(device, NewKeys(public(other.signing), sealing, vouched, ()), NOW)
    assert bytes(Device.objects.get().signing) == computer.signing.public_key().public_bytes_raw()


def test_keys_vouched_for_at_another_cloud_are_not_taken(
    owner: User, device: Device, computer: Computer
) -> None:
    elsewhere = wish(device, computer, new_computer(), origin="https://other.example")
    with pytest.raises(EnrolmentRefusedError):
        renew_keys(device, elsewhere, NOW)


def test_a_key_that_was_given_up_never_comes_back(
    owner: User, device: Device, computer: Computer
) -> None:
    new = new_computer()
    renewed = renew_keys(device, wish(device, computer, new), NOW)
    with pytest.raises(EnrolmentRefusedError):
        renew_keys(renewed, wish(device, new, computer), LATER)


def test_keys_of_the_server_do_not_come_back_with_a_backup(owner: User, computer: Computer) -> None:
    connection = register(owner)
    (key,) = ServerKeys.of_settings().folder.glob("*.key")
    secret = key.read_bytes()
    with restored_afterwards():
        sweep(NOW + LIFETIME)
        assert not key.exists()
        assert not SealedLogin.objects.exists()
    # Even a copy of the key, which no backup holds, is neither used nor kept.
    key.write_bytes(secret)
    late = NOW + LIFETIME
    waiting = enrol(computer.wish(issue_auth_key(owner, late).text()), late)
    served = served_by(confirm_device(waiting.id, owner, late))
    assert [(view.id, view.login) for view in served.connections] == [(connection.id, None)]
    sweep(late)
    assert not key.exists()
    assert not SealedLogin.objects.exists()


def test_a_login_is_handed_over_once_and_its_copy_for_the_server_is_gone(
    owner: User, computer: Computer
) -> None:
    register(owner)
    assert SealedLogin.objects.get().holder.startswith("server:")
    waiting = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    assert SealedLogin.objects.get().holder.startswith("server:")
    confirmed = confirm_device(waiting.id, owner, NOW)
    login = SealedLogin.objects.get()
    assert (login.holder, login.expires_at) == (confirmed.holder, None)
    assert logins.forget_expired(NOW + timedelta(days=30)) == 0


# the journal itself


def test_a_line_torn_by_a_power_cut_hides_none_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "endings.jsonl"
    one, two = new_computer().id, new_computer().id
    Journal(FileStore(path)).add(Ended(one, NOW))
    with path.open("ab") as file:
        file.write(b'{"what":"ended","devi')
    Journal(FileStore(path)).add(Ended(two, NOW))
    read = Journal(FileStore(path))
    assert {*read.devices()} == {one, two}


def test_what_another_process_wrote_is_known_at_the_next_look(tmp_path: Path) -> None:
    path = tmp_path / "endings.jsonl"
    mine, theirs = Journal(FileStore(path)), Journal(FileStore(path))
    device = new_computer().id
    assert mine.ended(device) is None
    theirs.add(Ended(device, NOW, by="owner@example.jp"))
    found = mine.ended(device)
    assert found is not None
    assert found.by == "owner@example.jp"


def test_an_older_copy_of_the_journal_makes_nothing_forgotten_that_is_known(tmp_path: Path) -> None:
    path = tmp_path / "endings.jsonl"
    known = Journal(FileStore(path))
    device = new_computer().id
    known.add(Ended(device, NOW))
    path.write_bytes(b"")
    assert known.ended(device) is not None


def test_a_journal_in_a_database_of_its_own_is_shared_by_all_processes(
    postgres: PostgresDatabase,
) -> None:
    url = postgres.make_another(f"{postgres.name}_endings").url
    seconds = iter(range(0, 1000, 11))
    mine = Journal(PostgresqlStore(url, lambda: next(seconds)))
    theirs = Journal(PostgresqlStore(url))
    device = new_computer().id
    assert mine.ended(device) is None
    theirs.add(Ended(device, NOW, by="owner@example.jp"))
    assert mine.ended(device) == theirs.ended(device) == Ended(device, NOW, by="owner@example.jp")
    assert device in {*Journal(PostgresqlStore(url)).devices()}


def test_a_journal_is_tried_out_without_a_trace(postgres: PostgresDatabase) -> None:
    own = postgres.make_another(f"{postgres.name}_tried")
    store = PostgresqlStore(own.url)
    store.try_out()
    assert PostgresqlStore(own.url).news() == []
    reader = f"{postgres.name}_reader"
    with psycopg.connect(own.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(reader)))
    theirs = PostgresqlStore(replace(own, user=reader).url)
    with pytest.raises(JournalError):
        theirs.try_out()
    with pytest.raises(JournalError):
        PostgresqlStore("postgresql://nobody@127.0.0.1:1/nothing").try_out()


def test_a_journal_that_is_out_of_reach_forgets_nothing_and_takes_nothing() -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    with pytest.raises(JournalError):
        Journal(PostgresqlStore(nowhere))
    with pytest.raises(JournalError):
        PostgresqlStore(nowhere).append(b"{}")


def test_the_journal_holds_public_keys_and_no_private_one(
    owner: User, device: Device, computer: Computer
) -> None:
    new = new_computer()
    renew_keys(device, wish(device, computer, new), NOW)
    file = ServerKeys.of_settings().folder / "endings.jsonl"
    (entry,) = (json.loads(line) for line in file.read_text().splitlines() if line)
    assert entry.keys() == {"what", "device", "at", "before", "signing", "sealing"}
    assert journal().revoked(computer.signing.public_key().public_bytes_raw())
    assert file.stat().st_mode & 0o077 == 0
