"""Waiting: ever longer from try to try, and never beyond the end of the bot's life, which is announced once."""

from __future__ import annotations

import asyncio
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


class Ending:
    """Whether the bot is ending."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()

    @property
    def has_begun(self) -> bool:
        """Whether the end was announced."""
        return self._begun.is_set()

    def begin(self) -> None:
        """Announces the end."""
        self._begun.set()

    async def sleep(self, seconds: float) -> None:
        """Waits.

        Raises:
            EndingError: the bot ends before the time is over, or ends already.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._begun.wait()
                raise EndingError
