"""The inbox: every update is on disk before Telegram is told that it arrived, until it is answered.

The id of an update stays for some days, so that one that comes twice is answered once; its body is erased with the
answer. Where the disk fails, updates are handed on all the same: the answers go out, only their safety is lost.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.database import Statement, timestamp
from bot.errors import PostponedError
from bot.flight_recorder import NO_TRACES, Traces
from bot.incoming import parsed

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

    from bot.database import Database

_log = logging.getLogger(__name__)

#: An update as Telegram sent it; the library that reads it asks for this type.
Body: TypeAlias = dict[str, Any]

#: After so many faults of Quoth's own an update is given up.
MAX_FAULTS = 3
_MAX_ID = 2**63 - 1  # what a column of SQLite holds
_REMEMBERED = 10_000  # ids in memory: for what comes twice at once, or while the disk fails
# Telegram itself keeps an update for 24 hours: https://core.telegram.org/bots/api#getting-updates
_IDS_KEPT = timedelta(days=3)
_UNREADABLE = 5.0  # seconds until what could not be read is tried again
_SWEEP = 3_600  # seconds between two looks for ids that are older


@dataclass(frozen=True, slots=True)
class Received:
    """An update that waits for its answer."""

    update_id: int
    body: Body | None  # None: it is to be read from the disk
    is_safe: bool = True  # on the disk
    is_outdated: bool = False  # a newer one has taken its place: it need not be answered any more
    is_suspect: bool = False  # an earlier process died or stood still at it, or failed on it


class Inbox:
    """The updates in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._unsafe: set[int] = set()  # neither on the disk nor closed
        self._highest: int | None = None  # id that ever arrived; None: not known
        self._faults: Counter[int] = Counter()
        self._swept_at = 0.0

    async def keep(self, bodies: Iterable[Body]) -> list[Received]:
        """Writes updates to the disk; returns those that were not here before."""
        arrived = {number: body for body in bodies if (number := id_of(body)) is not None}
        again = {number: body for number, body in arrived.items() if number in self._unsafe}
        fresh = {number: body for number, body in arrived.items() if self._is_new(number)}
        self._unsafe.update(fresh)
        for known in await self._known(fresh):
            del fresh[known]
            self._unsafe.discard(known)
        if not fresh and not again:
            return []
        is_safe = await self._write(fresh | again)
        self._sweep()
        return [Received(update_id, body, is_safe) for update_id, body in fresh.items()]

    def is_done_with(self, body: Body) -> bool:
        """Whether an update that was to be kept is on the disk, or closed: it need not come again."""
        return id_of(body) not in self._unsafe

    async def waiting(self, left: Traces = NO_TRACES) -> list[Received]:
        """The updates that an earlier process left unanswered, in order; none that this one has handed on.

        Args:
            left: the one whose code that process died in, which counts as a fault, and those that it had seen through.
        """
        for update_id in left.seen_through:
            self._remember(update_id)
        if left.seen_through:
            await self._database.write(_closing(left.seen_through))
        if left.died_at is not None:
            await self._database.write(
                Statement("UPDATE inbox SET faults = faults + 1 WHERE update_id = ?", [(left.died_at,)])
            )
        rows = await self._database.read(
            "SELECT update_id, body, faults FROM inbox WHERE body IS NOT NULL ORDER BY update_id"
        )
        for (highest,) in await self._database.read("SELECT max(update_id) FROM inbox"):
            self._highest = highest or 0
        found = [
            (Received(number, _parsed(body), is_suspect=faults > 0), faults)
            for number, body, faults in rows
            if number not in self._seen
        ]
        return [update for update, faults in found if not self._is_given_up(update, faults)]

    def _is_given_up(self, update: Received, faults: int) -> bool:
        """Whether there is nothing more to try with an update that was left; closes it then."""
        self._remember(update.update_id)
        if faults >= MAX_FAULTS:
            _log.error("Update %s made the bot stand still or die %s times and is given up.", update.update_id, faults)
        elif update.body is None:
            _log.error("Update %s is damaged on the disk and is given up.", update.update_id)
        else:
            return False
        self.close(update.update_id)
        return True

    async def body(self, update_id: int) -> Body | None:
        """An update that waits on the disk.

        Raises:
            PostponedError: the disk cannot be read.
        """
        rows = await self._database.try_to_read(
            "SELECT body FROM inbox WHERE update_id = ? AND body IS NOT NULL", update_id
        )
        if rows is None:
            raise PostponedError(_UNREADABLE)
        return _parsed(rows[0][0]) if rows else None

    def close(self, update_id: int) -> asyncio.Future[bool]:
        """Erases an update that is answered or given up; its id stays."""
        self._faults.pop(update_id, None)
        self._unsafe.discard(update_id)
        return self._database.write(_closing([update_id]))

    async def fault(self, update_id: int) -> bool:
        """Counts a fault of Quoth's own; returns whether the update is to be given up."""
        rows = await self._database.read("SELECT faults FROM inbox WHERE update_id = ?", update_id)
        self._faults[update_id] = 1 + max(self._faults[update_id], *(row[0] for row in rows), 0)
        self._database.write(
            Statement("UPDATE inbox SET faults = ? WHERE update_id = ?", [(self._faults[update_id], update_id)])
        )
        return self._faults[update_id] >= MAX_FAULTS

    async def _write(self, arrived: dict[int, Body]) -> bool:
        now = timestamp(datetime.now(UTC))
        rows = [(update_id, now, json.dumps(body)) for update_id, body in arrived.items()]
        is_safe = await self._database.write(
            Statement("INSERT OR IGNORE INTO inbox (update_id, arrived_at, body) VALUES (?, ?, ?)", rows)
        )
        if is_safe:
            self._unsafe.difference_update(arrived)
        return is_safe

    async def _known(self, ids: Iterable[int]) -> set[int]:
        """Which of some updates are on the disk; ids rise, so that most need no look."""
        doubtful = [number for number in ids if self._highest is None or number <= self._highest]
        if self._highest is not None:
            self._highest = max(self._highest, *ids, 0)
        if not doubtful:
            return set()
        rows = await self._database.read(
            "SELECT update_id FROM inbox WHERE update_id IN (SELECT value FROM json_each(?))", json.dumps(doubtful)
        )
        return {update_id for (update_id,) in rows}

    def _is_new(self, update_id: int) -> bool:
        is_new = update_id not in self._seen
        self._remember(update_id)
        return is_new

    def _remember(self, update_id: int) -> None:
        self._seen[update_id] = None
        self._seen.move_to_end(update_id)
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at > _SWEEP:
            self._swept_at = time.monotonic()
            horizon = timestamp(datetime.now(UTC) - _IDS_KEPT)
            self._database.write(Statement("DELETE FROM inbox WHERE body IS NULL AND arrived_at < ?", [(horizon,)]))


def id_of(body: object) -> int | None:
    """The id of what Telegram sent; None if it is no update."""
    number = body.get("update_id") if isinstance(body, dict) else None
    return number if type(number) is int and 0 <= number <= _MAX_ID else None


def _closing(ids: Iterable[int]) -> Statement:
    return Statement("UPDATE inbox SET body = NULL WHERE update_id = ?", [(update_id,) for update_id in ids])


def _parsed(text: str) -> Body | None:
    body = parsed(text)
    return body if isinstance(body, dict) else None
