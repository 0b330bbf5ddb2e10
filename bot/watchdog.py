"""Whether the bot is alive: its event loop beats, and a supervisor hears of it.

An event loop that stands still cannot say so itself, and a thread could not either while a regular expression keeps the
interpreter's lock. A signal gets through: the interpreter looks for them between two instructions and within a match.
Only a library in C can stand still unseen; then a supervisor misses the beat.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import traceback
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from bot import logs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import FrameType

_log = logging.getLogger(__name__)

_BEAT = 1.0  # seconds
_STALLED = 30  # ticks without a beat
_STALLED_STATUS = 1


class Watchdog:
    """Looks on while the event loop runs.

    Args:
        is_hearing: whether Telegram is heard; a supervisor is told that the bot is alive only then.
    """

    def __init__(self, is_hearing: Callable[[], bool]) -> None:
        self._is_hearing = is_hearing
        # Ticks are counted, not seconds: none comes while the whole process is stopped.
        self._ticks = 0

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watches while the block runs, which is what a supervisor knows as being ready."""
        beating = asyncio.create_task(self._beat())
        before = signal.signal(signal.SIGALRM, self._tick)
        signal.setitimer(signal.ITIMER_REAL, _BEAT, _BEAT)
        notify("READY=1")
        try:
            yield
        finally:
            notify("STOPPING=1")
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            beating.cancel()

    async def _beat(self) -> None:
        while True:
            self._ticks = 0
            if self._is_hearing():
                notify("WATCHDOG=1")
            await asyncio.sleep(_BEAT)

    def _tick(self, _: int, frame: FrameType | None) -> None:
        self._ticks += 1
        if self._ticks > _STALLED:  # pragma: no cover  # see _end
            self._end(frame)

    def _end(self, frame: FrameType | None) -> None:  # pragma: no cover  # coverage cannot write what it saw
        signal.setitimer(signal.ITIMER_REAL, 0)  # or else the next tick interrupts the end
        where = "".join(traceback.format_stack(frame))
        _log.critical("The bot has stood still for %.0f seconds and ends, here:\n%s", _STALLED * _BEAT, where)
        logs.flush()
        os._exit(_STALLED_STATUS)


def notify(state: str) -> None:
    """Tells systemd how the service is: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as supervisor:
        supervisor.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
        supervisor.send(state.encode())
