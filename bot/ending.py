"""Waiting: ever longer from try to try, and never beyond the end of the bot's life, which is announced once."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import EndingError

if TYPE_CHECKING:
    from collections.abc import Iterator


def pauses(first: float, longest: float) -> Iterator[float]:
    """How long to wait before each further try, in seconds: twice as long each time, up to a bound; without end."""
    while True:
        yield first
        first = min(2 * first, longest)


#: Seconds after its announcement in which something is still begun; a reply from Telegram then has five more.
LAST_START = 3.0


class Ending:
    """Whether the bot is ending."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()
        self._last_start = float("inf")  # monotonic

    @property
    def has_begun(self) -> bool:
        """Whether the end was announced."""
        return self._begun.is_set()

    @property
    def is_near(self) -> bool:
        """Whether it was announced so long ago that nothing is begun any more: how it ends could not be learnt."""
        return time.monotonic() >= self._last_start

    def begin(self) -> None:
        """Announces the end."""
        self._begun.set()
        self._last_start = time.monotonic() + LAST_START

    async def sleep(self, seconds: float) -> None:
        """Waits.

        Raises:
            EndingError: the bot ends before the time is over, or ends already.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._begun.wait()
                raise EndingError
