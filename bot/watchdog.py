"""Whether the bot is alive: its event loop beats, and a supervisor hears of it.

An event loop that stands still cannot say so itself: a thread looks on, and ends the process.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
import time
import traceback
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_log = logging.getLogger(__name__)

_BEAT = 1.0  # seconds
_STALLED = 30.0  # seconds without a beat
_STALLED_STATUS = 1


class Watchdog:
    """Looks on while the event loop runs.

    Args:
        blame: called when it stands still, from another thread, before the process ends.
        is_hearing: whether Telegram is heard; a supervisor is told that the bot is alive only then.
    """

    def __init__(self, blame: Callable[[], None], is_hearing: Callable[[], bool]) -> None:
        self._blame = blame
        self._is_hearing = is_hearing
        self._beaten_at = time.monotonic()
        self._is_over = threading.Event()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watches while the block runs, which is what a supervisor knows as being ready."""
        thread = threading.Thread(target=self._look_on, args=[threading.get_ident()], name="watchdog", daemon=True)
        beating = asyncio.create_task(self._beat())
        thread.start()
        notify("READY=1")
        try:
            yield
        finally:
            notify("STOPPING=1")
            beating.cancel()
            self._is_over.set()

    async def _beat(self) -> None:
        while True:
            self._beaten_at = time.monotonic()
            if self._is_hearing():
                notify("WATCHDOG=1")
            await asyncio.sleep(_BEAT)

    def _look_on(self, loop_thread: int) -> None:
        looked_at = time.monotonic()
        while not self._is_over.wait(_BEAT):
            now = time.monotonic()
            if now - looked_at > 2 * _BEAT:  # the whole process slept
                self._beaten_at = now
            if now - self._beaten_at > _STALLED:
                self._end(loop_thread)
            looked_at = now

    def _end(self, loop_thread: int) -> None:
        frame = sys._current_frames().get(loop_thread)  # noqa: SLF001  # documented, in spite of its name
        where = "".join(traceback.format_stack(frame)) if frame else ""
        _log.critical("The bot has stood still for %.0f seconds and ends, here:\n%s", _STALLED, where)
        with suppress(Exception):
            self._blame()
        os._exit(_STALLED_STATUS)


def notify(state: str) -> None:
    """Tells systemd how the service is: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
        supervisor.send(state.encode())
