"""Where updates come from: fetched by polling, or delivered to a webhook."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.metrics import Metrics

#: Seconds in which Telegram has not replied once; then a supervisor may have more luck with a new process.
DEAF = 180
NEVER = float("inf")


class Ear(ABC):
    """One of the two ways, and how long Telegram has been silent on it."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._silent_since = NEVER  # monotonic; while nothing is asked, no answer is missed

    @property
    def silence(self) -> float:
        """Seconds that Telegram has been asked for and has not replied in."""
        return max(0.0, time.monotonic() - self._silent_since)

    @property
    def is_deaf(self) -> bool:
        """Whether Telegram has not replied for too long."""
        return self.silence > DEAF

    def asks(self) -> None:
        """Notes that Telegram is asked now, if it is not yet."""
        self._silent_since = min(self._silent_since, time.monotonic())

    def heard(self) -> None:
        """Notes that Telegram has replied."""
        self._silent_since = NEVER
        self._metrics.last_poll.set_to_current_time()

    @abstractmethod
    async def open(self) -> None:
        """Tells Telegram which way updates are to come.

        Raises:
            TelegramError: it could not be told; it is worth another try.
            DeafError: Telegram does not want them to come this way.
        """

    @abstractmethod
    async def run(self) -> None:
        """Lets updates in until it is cancelled.

        Raises:
            InvalidToken: the token was revoked.
            DeafError: nothing arrives any more.
        """
