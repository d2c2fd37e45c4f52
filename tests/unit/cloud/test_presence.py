"""Which links are open, as both databases remember it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from hikae.cloud.agent_api import link_records as records
from hikae.cloud.devices import commands
from hikae.cloud.devices.models import Command, Device, DevicePresence
from hikae.cloud.devices.presence import is_on, links_alive, links_closed, links_opened
from hikae.cloud.devices.proofs import use
from hikae.link.messages import CancelFetch, Refresh, encode
from hikae.link.proof import Proof, ProofError
from hikae.model.clock import system_clock
from tests.unit.cloud.conftest import NOW

LATER = NOW + timedelta(seconds=30)


def test_a_pc_is_on_from_the_opening_of_its_link_to_the_closing(device: Device) -> None:
    link = uuid4()
    links_opened({device.id: link}, NOW)
    assert is_on(device, NOW)
    links_closed({link: device.id}, LATER)
    assert not is_on(device, LATER)


def test_the_closing_of_a_replaced_link_does_not_turn_the_pc_off(device: Device) -> None:
    older, newer = uuid4(), uuid4()
    links_opened({device.id: older}, NOW)
    links_opened({device.id: newer}, NOW)
    links_closed({older: device.id}, LATER)
    assert is_on(device, LATER)
    assert DevicePresence.objects.get().link == newer


def test_only_the_newest_link_of_a_pc_counts_as_alive(device: Device) -> None:
    older, newer = uuid4(), uuid4()
    links_opened({device.id: older}, NOW)
    links_opened({device.id: newer}, NOW)
    assert links_alive({older: device.id, newer: device.id}, LATER) == {newer}
    assert DevicePresence.objects.get().last_seen == LATER


def test_a_link_that_was_replaced_or_has_more_to_tell_is_looked_after(device: Device) -> None:
    older, newer = uuid4(), uuid4()
    links_opened({device.id: older}, NOW)
    links_opened({device.id: newer}, NOW)
    told = Device.objects.get().commanded
    assert records.to_be_looked_after({newer: (device.id, told)}) == set()
    assert records.to_be_looked_after({older: (device.id, told)}) == {older}
    commands.refresh(device.id, NOW)
    assert records.to_be_looked_after({newer: (device.id, told)}) == {newer}


def test_opening_a_link_tells_the_number_of_the_last_command(device: Device) -> None:
    commands.refresh(device.id, NOW)
    opened = records.Attended(device.id, uuid4(), is_open=True)
    assert records.attended([opened]) == {device.id: Device.objects.get().commanded}


def test_what_an_agent_keeps_is_forgotten_and_nothing_after_it(device: Device) -> None:
    for _ in range(3):
        commands.refresh(device.id, NOW)
    linked = records.LinkedDevice(device.id, device.organisation_id)
    newest = Device.objects.get().commanded
    records.kept([records.Kept(linked, newest - 1), records.Kept(linked, newest - 2)])
    assert [row.sequence for row in Command.objects.all()] == [newest]


def test_a_wake_up_brings_the_command_as_its_row_has_it() -> None:
    for command in (Refresh(seq=7), CancelFetch(seq=8, fetch=uuid4())):
        assert commands.brought(encode(command)) == command


def test_a_proof_is_used_up_once(device: Device) -> None:
    proof = Proof(device.id, NOW, "n" * 16, "", b"")
    use(proof, system_clock())
    with pytest.raises(ProofError):
        use(proof, system_clock())
