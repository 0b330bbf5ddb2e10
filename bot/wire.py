"""The wire to Telegram: one message on it at a time, from its sending until the disk knows that it is answered.

What is sent and not yet marked when the process dies is sent again by the next: there is no more of it than this.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

#: The update that the running code works on: the one to blame should that code stand still.
at_work: ContextVar[int | None] = ContextVar("at_work", default=None)
# Seconds until the next message need not wait any more. Telegram takes some 30 a second from a bot:
# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
_LONGEST_TURN = 1 / 30


class Wire:
    """Whose turn it is."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._holder: int | None = None
        self._end: asyncio.TimerHandle | None = None  # of the turn, at the latest

    async def take(self) -> None:
        """Waits for the turn of the update at work; one that has it goes on."""
        if self._is_held():
            self.let_go()
        await self._turn.acquire()
        self._holder = at_work.get()
        self._end = asyncio.get_running_loop().call_later(_LONGEST_TURN, self.let_go)  # in this very context

    def let_go(self) -> None:
        """Ends the turn of the update at work, if it is still on."""
        if self._end and self._is_held():
            self._end.cancel()
            self._end = None
            self._turn.release()

    def _is_held(self) -> bool:
        return self._end is not None and self._holder == at_work.get()
