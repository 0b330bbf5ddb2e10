"""The updates that wait for the bot."""

import asyncio
import contextlib
import time
from collections import deque
from itertools import islice, takewhile

from tests.telegram_limits import Json, RefusedError

FIRST_UPDATE = 700_000_001
REPEATED = 5  #: updates that come again where an answer repeats some
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}  #: sent only to a bot that names them


class UpdateQueue:
    """Updates until the bot has confirmed them, and the one long poll that may wait for more."""

    def __init__(self) -> None:
        self.waiting: dict[int, Json] = {}
        self.forgotten: deque[Json] = deque(maxlen=REPEATED)  #: the last that were confirmed
        self.fetched_at: dict[int, float] = {}
        self.acknowledged = 0
        self.arrived = asyncio.Event()  #: set when there is a new one
        self.allowed: list[str] = []
        self._last = FIRST_UPDATE - 1
        self._poll: asyncio.Future[str] | None = None

    @property
    def is_polled(self) -> bool:
        """Whether a long poll waits right now."""
        return self._poll is not None

    def put(self, body: Json) -> int:
        """The number of a new update. As at Telegram, `allowed` sorts out what arrives, not what is already waiting."""
        self._last += 1
        kind = next(iter(body))
        if kind in self.allowed or (not self.allowed and kind not in UNASKED):
            self.waiting[self._last] = {"update_id": self._last, **body}
            self.end_poll()
            self.arrived.set()
        return self._last

    def allow(self, kinds: list[str] | None) -> None:
        """Which kinds to keep from now on: none named = the usual ones, nothing said = as before."""
        self.allowed = self.allowed if kinds is None else kinds

    def forget(self, offset: int) -> None:
        """Drops what is below an offset; a negative one counts from the end of the queue."""
        if offset < 0:
            offset = min([*self.waiting][offset:], default=self._last + 1)
        for update_id in [*takewhile(lambda each: each < offset, self.waiting)]:
            self.confirm(update_id)

    def confirm(self, update_id: int) -> None:
        """Drops one that the bot has taken."""
        self.forgotten.append(self.waiting.pop(update_id))
        self.acknowledged = max(self.acknowledged, update_id)

    def clear(self) -> None:
        """Drops everything."""
        self.forget(self._last + 1)

    def take(self, limit: int) -> list[Json]:
        """The oldest updates; they stay until they are confirmed."""
        taken = [*islice(self.waiting.items(), limit)]
        for update_id, _ in taken:
            self.fetched_at.setdefault(update_id, time.monotonic())
        return [update for _, update in taken]

    async def arrival(self, seconds: float) -> None:
        """Waits until there is an update, or in vain."""
        if self.waiting or not seconds:
            return
        self._poll = poll = asyncio.get_running_loop().create_future()
        try:
            with contextlib.suppress(TimeoutError):
                conflict = await asyncio.wait_for(poll, seconds)
                if conflict:
                    raise RefusedError(409, conflict)
        finally:
            if self._poll is poll:
                self._poll = None

    def end_poll(self, conflict: str = "") -> None:
        """Ends the poll that waits, if one does: with what has arrived or with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(conflict)
