"""Waking links: what a wake-up brings, and from where."""

import asyncio
from uuid import uuid4

from hikae.cloud.devices.switchboard import Switchboard, heard, switchboard
from hikae.link.messages import Refresh, encode


async def test_a_wake_up_brings_its_command_to_the_links_of_its_device_only() -> None:
    board, device, other = Switchboard(), uuid4(), uuid4()
    woken: list[tuple[str, bytes]] = []
    board.plug(device, uuid4(), lambda command: woken.append(("device", command)))
    board.plug(other, uuid4(), lambda command: woken.append(("other", command)))
    board.wake(device, b"{}")
    assert woken == [("device", b"{}")]


async def test_a_thread_wakes_links_on_their_own_loop() -> None:
    board, device = Switchboard(), uuid4()
    woken: asyncio.Queue[bytes] = asyncio.Queue()
    board.plug(device, uuid4(), woken.put_nowait)
    await asyncio.to_thread(board.wake_from_thread, device, b"{}")
    assert await asyncio.wait_for(woken.get(), 60) == b"{}"


async def test_who_has_unplugged_is_not_woken_whatever_became_of_the_loop() -> None:
    board, device, link = Switchboard(), uuid4(), uuid4()
    woken: list[bytes] = []

    async def stay_for_a_moment() -> None:
        board.plug(device, link, woken.append)
        board.unplug(device, link)

    await asyncio.to_thread(asyncio.run, stay_for_a_moment())
    board.wake(device, b"")
    board.wake_from_thread(device, b"")
    assert woken == []
    assert board.links == 0


async def test_a_notice_of_postgresql_is_a_device_and_perhaps_a_command() -> None:
    device, link, command = uuid4(), uuid4(), encode(Refresh(seq=3))
    woken: list[bytes] = []
    switchboard().plug(device, link, woken.append)
    try:
        heard(f"{device} {command.decode()}")
        heard(str(device))
    finally:
        switchboard().unplug(device, link)
    assert woken == [command, b""]
