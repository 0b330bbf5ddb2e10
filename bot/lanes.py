"""Order and fairness: in a chat one update after the other, chats side by side.

Questions of a person who is over the allowance wait in a lane of their own, so that nobody else in a group does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from bot.errors import EndingError, PostponedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.ending import Ending
    from bot.inbox import Body, Received

_MAX_WAITING = 5_000  # updates; while as many wait here, further ones wait with Telegram
_DRAIN = 8.0  # seconds for what is under way at the end; ten until a supervisor kills


class _Kind(Enum):
    CHAT = "chat"
    PERSON = "person"  # presses of buttons and the like: they wait for no answer in a chat
    INLINE = "inline"  # what somebody types: the newest alone is worth an answer
    SLOWED = "slowed"


_Lane = tuple[_Kind, int]


class Lanes:
    """Updates on their way.

    Args:
        see_through: brings one update to its end. PostponedError says that it may be begun later only.
        ending: when it has begun, what is under way is finished and no more.
    """

    def __init__(self, see_through: Callable[[Received], Awaitable[None]], ending: Ending) -> None:
        self._see_through = see_through
        self._ending = ending
        self._lanes: dict[_Lane, deque[Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Condition()

    @property
    def waiting(self) -> int:
        """How many updates are under way or wait, but for those of people who are slowed."""
        return sum(len(updates) for (kind, _), updates in self._lanes.items() if kind is not _Kind.SLOWED)

    def put(self, update: Received) -> None:
        """Adds an update behind those of its chat."""
        if self._is_slowed(update):
            self._slow_down(update)
        else:
            self._add(_lane(update.body or {}), update)

    async def has_room(self) -> None:
        """Waits until further updates may come."""
        async with self._room:
            await self._room.wait_for(lambda: self.waiting < _MAX_WAITING)

    async def drain(self) -> None:
        """Brings to an end what can be within the time; the rest stays in the inbox."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_DRAIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _is_slowed(self, update: Received) -> bool:
        """Whether earlier questions of its person wait in their own lane."""
        body = update.body or {}
        return "message" in body and (_Kind.SLOWED, _person(body)) in self._lanes

    def _slow_down(self, update: Received) -> None:
        """Moves an update to its person's own lane; there may be many, so the disk keeps what they say."""
        lane = _Kind.SLOWED, _person(update.body or {})
        self._add(lane, replace(update, body=None) if update.is_safe else update)

    def _add(self, lane: _Lane, update: Received) -> None:
        if lane in self._lanes:
            if lane[0] is _Kind.INLINE:
                _outdate(self._lanes[lane])
            self._lanes[lane].append(update)
            return
        self._lanes[lane] = deque([update])
        task = asyncio.create_task(self._work(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, lane: _Lane) -> None:
        updates = self._lanes[lane]
        try:
            while updates and not self._ending.is_near:
                await self._advance(lane[0], updates)
                await self._tell_of_room()
        except EndingError:
            pass
        finally:
            del self._lanes[lane]

    async def _advance(self, kind: _Kind, updates: deque[Received]) -> None:
        """Brings the first update of a lane to its end, or to its person's own lane."""
        try:
            # Its person may have been slowed since it came, and it must not overtake what waits there.
            if kind is not _Kind.SLOWED and self._is_slowed(updates[0]):
                self._slow_down(updates[0])
            else:
                await self._see_through(updates[0])
        except PostponedError as postponed:
            if kind is _Kind.SLOWED:
                await self._ending.sleep(postponed.seconds)
                return
            self._slow_down(updates[0])
        updates.popleft()

    async def _tell_of_room(self) -> None:
        async with self._room:
            self._room.notify_all()


def _lane(body: Body) -> _Lane:
    """The lane of an update, found in its JSON: one that the library cannot read has one too."""
    for kind in ("message", "edited_message", "my_chat_member"):
        if kind in body:
            return _Kind.CHAT, _number(body[kind], "chat")
    return _Kind.INLINE if "inline_query" in body else _Kind.PERSON, _person(body)


def _outdate(updates: deque[Received]) -> None:
    """Lets go of the last in a lane unless it is under way; those before it were let go when it came."""
    if len(updates) > 1:
        updates[-1] = replace(updates[-1], is_outdated=True)


def _person(body: Body) -> int:
    return next((number for content in body.values() if (number := _number(content, "from"))), 0)


def _number(content: object, what: str) -> int:
    """The id of a part of an update; 0 if there is none."""
    part = content.get(what) if isinstance(content, dict) else None
    number = part.get("id") if isinstance(part, dict) else None
    return number if isinstance(number, int) else 0
