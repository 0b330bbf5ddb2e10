"""The wire to Telegram: few messages on it at a time, each from its sending until it is noted that it arrived.

What is sent and not yet noted when the process dies is sent again by the next: there is no more of it than this.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import ContextVar

#: The update that the running code works on.
at_work: ContextVar[int | None] = ContextVar("at_work", default=None)
# Seconds until the next message need not wait any more. Telegram takes some 30 a second from a bot:
# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
_LONGEST_TURN = 1 / 30
_AT_ONCE = 2  # messages on the wire
_CROWD = 20  # messages: for so many that wait there may be one more


class Wire:
    """Whose turn it is."""

    def __init__(self) -> None:
        self._turns: dict[int | None, asyncio.TimerHandle] = {}  # an update -> what ends its turn at the latest
        self._waiting: deque[tuple[int | None, asyncio.Future[None]]] = deque()

    async def take(self) -> None:
        """Waits for the turn of the update at work; one that has it begins another."""
        self.let_go()
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((at_work.get(), turn))
        self._admit()
        await turn

    def let_go(self) -> None:
        """Ends the turn of the update at work, if it is still on."""
        self._end(at_work.get())

    def _admit(self) -> None:
        while self._waiting and len(self._turns) < _AT_ONCE + len(self._waiting) // _CROWD:
            update, turn = self._waiting.popleft()
            if not turn.done():  # it may have been given up
                self._turns[update] = turn.get_loop().call_later(_LONGEST_TURN, self._end, update)
                turn.set_result(None)

    def _end(self, update: int | None) -> None:
        limit = self._turns.pop(update, None)
        if limit:
            limit.cancel()
            self._admit()
