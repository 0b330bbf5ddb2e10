"""The end of the bot's life: it is announced once, and every wait ends with it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.errors import EndingError


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
