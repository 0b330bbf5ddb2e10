"""The lanes: order within a chat, chats side by side, a slowed person apart, and an end in time."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot import lanes as module
from bot.ending import Ending
from bot.errors import EndingError, PostponedError
from bot.inbox import Body, Received
from bot.lanes import Lanes
from tests.processes import PATIENCE


def message(number: int, chat: int = 1, person: int = 1, *, is_safe: bool = True) -> Received:
    body: Body = {"update_id": number, "message": {"chat": {"id": chat}, "from": {"id": person}}}
    return Received(number, body, is_safe)


class Work:
    """What is done for an update: noted at its begin and its end; a test holds some back."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.held: dict[int, asyncio.Event] = {}
        self.postponed: dict[int, list[float]] = {}
        self.bodies: dict[int, Body | None] = {}

    async def see_through(self, update: Received) -> None:
        number = update.update_id
        self.begun.append(number)
        self.bodies[number] = update.body
        if self.postponed.get(number):
            raise PostponedError(self.postponed[number].pop(0))
        if number in self.held:
            await self.held[number].wait()
        self.done.append(number)

    def hold(self, *numbers: int) -> None:
        self.held |= {number: asyncio.Event() for number in numbers}


async def finished(lanes: Lanes) -> None:
    async with asyncio.timeout(PATIENCE):
        while lanes._tasks:
            await asyncio.wait(lanes._tasks)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_in_a_chat_one_update_waits_for_the_other_and_chats_do_not() -> None:
    work = Work()
    work.hold(1)
    lanes = Lanes(work.see_through, Ending())
    for update in (message(1), message(2), message(3, chat=2), message(4), message(5, chat=2)):
        lanes.put(update)
    await settled()
    assert (work.done, lanes.waiting) == ([3, 5], 3)
    work.held[1].set()
    await finished(lanes)
    assert (work.done, lanes.waiting) == ([3, 5, 1, 2, 4], 0)


BODIES: list[Body] = [
    {"edited_message": {"chat": {"id": 1}}},
    {"my_chat_member": {"chat": {"id": 1}, "from": {"id": 5}}},
]


@pytest.mark.parametrize("body", BODIES)
async def test_what_happens_in_a_chat_waits_for_its_messages(body: Body) -> None:
    work = Work()
    work.hold(1)
    lanes = Lanes(work.see_through, Ending())
    lanes.put(message(1))
    lanes.put(Received(2, body))
    await settled()
    assert work.begun == [1]
    work.held[1].set()
    await finished(lanes)


MALFORMED: list[Body] = [
    {},
    {"message": None},
    {"message": "text"},
    {"message": {}},
    {"message": {"chat": None, "from": []}},
    {"message": {"chat": {"id": "x"}, "from": {"id": None}}},
    {"callback_query": {"from": {"id": 1}, "message": {"chat": {"id": 1}}}},
    {"inline_query": {"from": {"id": 1}}},
    {"update_id": True, "unknown": [1, 2]},
]


@pytest.mark.parametrize("body", MALFORMED)
async def test_anything_else_has_a_lane_too_and_waits_for_no_chat(body: Body) -> None:
    work = Work()
    work.hold(1)
    lanes = Lanes(work.see_through, Ending())
    lanes.put(message(1))
    lanes.put(Received(2, body))
    await settled()
    assert work.done == [2]
    work.held[1].set()
    await finished(lanes)


async def test_a_slowed_person_is_answered_in_order_and_holds_up_nobody_in_the_group() -> None:
    work = Work()
    work.postponed = {1: [0.05, 0.05]}
    lanes = Lanes(work.see_through, Ending())
    for number in range(1, 4):
        lanes.put(message(2 * number - 1, chat=-5, person=1))
        lanes.put(message(2 * number, chat=-5, person=2))
    await settled()
    assert work.done == [2, 4, 6]
    assert lanes.waiting == 0
    lanes.put(message(7, chat=1, person=1))
    await finished(lanes)
    assert work.done == [2, 4, 6, 1, 3, 5, 7]


async def test_a_question_that_came_before_its_person_was_slowed_does_not_overtake() -> None:
    work = Work()
    work.postponed = {1: [0.05, 0.05]}
    lanes = Lanes(work.see_through, Ending())
    for number in range(1, 5):
        lanes.put(message(number))
    await finished(lanes)
    assert work.done == [1, 2, 3, 4]


async def test_a_person_may_be_slowed_again_and_again() -> None:
    work = Work()
    lanes = Lanes(work.see_through, Ending())

    async def grudging(update: Received) -> None:
        work.begun.append(update.update_id)
        if work.begun.count(update.update_id) < 4:
            raise PostponedError(0.001)
        work.done.append(update.update_id)

    lanes._see_through = grudging
    lanes.put(message(1))
    lanes.put(message(2))
    await finished(lanes)
    assert work.done == [1, 2]


async def test_of_a_slowed_persons_questions_only_those_that_are_not_on_disk_stay_in_memory() -> None:
    work = Work()
    work.postponed = {1: [0.02, 0.02]}
    lanes = Lanes(work.see_through, Ending())
    lanes.put(message(1))
    await settled()
    lanes.put(message(2))
    lanes.put(message(3, is_safe=False))
    await finished(lanes)
    assert [work.bodies[number] is None for number in (1, 2, 3)] == [True, True, False]


async def test_while_too_many_wait_no_more_are_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_WAITING", 3)
    work = Work()
    work.hold(1)
    lanes = Lanes(work.see_through, Ending())
    await lanes.has_room()
    for number in range(1, 4):
        lanes.put(message(number))
    fetching = asyncio.create_task(lanes.has_room())
    await settled()
    assert not fetching.done()
    work.held[1].set()
    await asyncio.wait_for(fetching, PATIENCE)


# The end


async def drained(lanes: Lanes, ending: Ending) -> None:
    ending.begin()
    await asyncio.wait_for(lanes.drain(), PATIENCE)
    assert not lanes._tasks
    assert not lanes._lanes


async def test_at_the_end_what_is_under_way_is_finished_and_what_can_be_begun_in_time() -> None:
    work, ending = Work(), Ending()
    work.hold(1)
    lanes = Lanes(work.see_through, ending)
    lanes.put(message(1))
    lanes.put(message(2))
    await settled()
    asyncio.get_running_loop().call_later(0.05, work.held[1].set)
    await drained(lanes, ending)
    assert work.done == [1, 2]


async def test_at_the_end_nothing_is_begun_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.ending.LAST_START", 0)
    work, ending = Work(), Ending()
    work.hold(1)
    lanes = Lanes(work.see_through, ending)
    lanes.put(message(1))
    lanes.put(message(2))
    await settled()
    asyncio.get_running_loop().call_later(0.05, work.held[1].set)
    await drained(lanes, ending)
    assert work.begun == [1]


async def test_at_the_end_what_takes_too_long_is_given_up_and_stays_in_the_inbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_DRAIN", 0.05)
    work, ending = Work(), Ending()
    work.hold(1)
    lanes = Lanes(work.see_through, ending)
    lanes.put(message(1))
    await settled()
    await drained(lanes, ending)
    assert work.done == []


@pytest.mark.parametrize("postponed", [{}, {1: [600.0, 600.0]}])
async def test_at_the_end_no_wait_is_waited_for(postponed: dict[int, list[float]]) -> None:
    work, ending = Work(), Ending()
    work.postponed = postponed

    def until_the_end(work: Work) -> Callable[[Received], Awaitable[None]]:
        async def see_through(update: Received) -> None:
            await work.see_through(update)
            await ending.sleep(600)

        return see_through

    lanes = Lanes(until_the_end(work), ending)
    lanes.put(message(1))
    lanes.put(message(2))
    await settled()
    await drained(lanes, ending)
    assert 2 not in work.done


async def test_a_bot_without_work_ends_at_once() -> None:
    ending = Ending()
    await drained(Lanes(Work().see_through, ending), ending)
    with pytest.raises(EndingError):
        await ending.sleep(1)
