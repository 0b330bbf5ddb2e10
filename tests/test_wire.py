"""The wire: who waits for whom, and for how long."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from bot import wire as module
from bot.wire import Wire, at_work


@pytest.fixture(autouse=True)
def _one_at_a_time_and_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    monkeypatch.setattr(module, "_LONGEST_TURN", 30)


async def _update(wire: Wire, number: int, said: list[str], sending: Callable[[], Awaitable[object]]) -> None:
    at_work.set(number)
    try:
        await wire.take()
        said.append(f"{number} sends")
        await sending()
        said.append(f"{number} is marked")
    finally:
        wire.let_go()


async def _briefly() -> None:
    await asyncio.sleep(0.01)


async def test_messages_go_one_after_the_other_in_the_order_in_which_they_were_ready() -> None:
    wire, said = Wire(), list[str]()
    await asyncio.gather(*(_update(wire, number, said, _briefly) for number in range(5)))
    assert said == [f"{number} {what}" for number in range(5) for what in ("sends", "is marked")]


async def test_as_many_as_may_go_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    wire, said = Wire(), list[str]()
    await asyncio.gather(*(_update(wire, number, said, _briefly) for number in range(4)))
    sends = [index for index, line in enumerate(said) if line.endswith("sends")]
    assert [said[index] for index in sends] == [f"{number} sends" for number in range(4)]
    assert sends[:2] == [0, 1]
    assert sends[2] > said.index("0 is marked")


async def test_nobody_waits_longer_than_a_turn_for_a_slow_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST_TURN", 0.02)
    wire, said, arrived = Wire(), list[str](), asyncio.Event()
    slow = asyncio.create_task(_update(wire, 1, said, arrived.wait))
    await asyncio.sleep(0)
    began = time.monotonic()
    await asyncio.gather(_update(wire, 2, said, _briefly), _update(wire, 3, said, _briefly))
    assert time.monotonic() - began >= 0.02
    arrived.set()
    await slow  # its turn is over long ago, and nobody else's ends with it
    assert said == ["1 sends", "2 sends", "2 is marked", "3 sends", "3 is marked", "1 is marked"]


async def test_whoever_lets_go_late_ends_no_other_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST_TURN", 0.02)
    wire, said, arrived = Wire(), list[str](), asyncio.Event()
    late = asyncio.create_task(_update(wire, 1, said, arrived.wait))
    await asyncio.sleep(0.03)
    monkeypatch.setattr(module, "_LONGEST_TURN", 30)
    second_arrived = asyncio.Event()
    second = asyncio.create_task(_update(wire, 2, said, second_arrived.wait))
    await asyncio.sleep(0)
    arrived.set()
    await late
    third = asyncio.create_task(_update(wire, 3, said, _briefly))
    await asyncio.sleep(0.02)
    assert said == ["1 sends", "2 sends", "1 is marked"]
    second_arrived.set()
    await asyncio.gather(second, third)
    assert said[3:] == ["2 is marked", "3 sends", "3 is marked"]


async def test_an_update_that_sends_twice_does_not_wait_for_itself() -> None:
    wire = Wire()
    at_work.set(1)
    async with asyncio.timeout(1):
        await wire.take()
        await wire.take()
    wire.let_go()
    wire.let_go()


async def test_a_failure_frees_the_wire() -> None:
    wire, said = Wire(), list[str]()

    async def fail() -> None:
        raise ConnectionError

    failing, other = await asyncio.gather(
        _update(wire, 1, said, fail), _update(wire, 2, said, _briefly), return_exceptions=True
    )
    assert isinstance(failing, ConnectionError)
    assert other is None
    assert said == ["1 sends", "2 sends", "2 is marked"]


async def test_what_is_given_up_while_it_waits_leaves_the_wire_to_others() -> None:
    wire, said = Wire(), list[str]()
    first = asyncio.create_task(_update(wire, 1, said, _briefly))
    await asyncio.sleep(0)
    given_up = asyncio.create_task(_update(wire, 2, said, _briefly))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(first, _update(wire, 3, said, _briefly))
    assert said == ["1 sends", "1 is marked", "3 sends", "3 is marked"]


async def test_of_many_that_wait_one_in_twenty_goes_along() -> None:
    wire, said = Wire(), list[str]()
    await asyncio.gather(*(_update(wire, number, said, _briefly) for number in range(100)))
    sends = [int(line.split()[0]) for line in said if line.endswith("sends")]
    assert sends == [*range(100)]
    under_way = most = 0
    for line in said:
        under_way += 1 if line.endswith("sends") else -1
        most = max(most, under_way)
    assert 3 <= most <= 5
