"""The inbox: every update is on disk before Telegram is told that it arrived, until it is answered.

The id of an update stays for some days, so that one that comes twice is answered once; its body is erased with the
answer. Where the disk fails, updates are handed on all the same: the answers go out, only their safety is lost.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections import Counter, OrderedDict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.database import Statement

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Sequence
    from pathlib import Path

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
_SWEEP = 3_600  # seconds between two looks for ids that are older


@dataclass(frozen=True, slots=True)
class Received:
    """An update that waits for its answer."""

    update_id: int
    body: Body | None  # None: it is to be read from the disk
    is_safe: bool = True  # on the disk
    is_outdated: bool = False  # a newer one has taken its place: it need not be answered any more


class Inbox:
    """The updates in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._faults: Counter[int] = Counter()
        self._swept_at = 0.0

    async def keep(self, bodies: Iterable[Body]) -> list[Received]:
        """Writes updates to the disk; returns those that were not here before."""
        fresh = {number: body for body in bodies if (number := id_of(body)) is not None and self._is_new(number)}
        for known in await self._known(list(fresh)) if fresh else ():
            del fresh[known]
        if not fresh:
            return []
        now = _time(datetime.now(UTC))
        rows = [(update_id, now, json.dumps(body)) for update_id, body in fresh.items()]
        is_safe = await self._database.write(
            Statement("INSERT OR IGNORE INTO inbox (update_id, arrived_at, body) VALUES (?, ?, ?)", rows)
        )
        self._sweep()
        return [Received(update_id, body, is_safe) for update_id, body in fresh.items()]

    async def waiting(self) -> list[Received]:
        """The updates that an earlier process left unanswered, in order."""
        rows = await self._database.read(
            "SELECT update_id, body, faults FROM inbox WHERE body IS NOT NULL ORDER BY update_id"
        )
        for update_id, _, faults in rows:
            self._remember(update_id)
            if faults >= MAX_FAULTS:
                _log.error("Update %s made the bot stand still %s times and is given up.", update_id, faults)
                self.close(update_id)
        return [Received(update_id, json.loads(body)) for update_id, body, faults in rows if faults < MAX_FAULTS]

    async def body(self, update_id: int) -> Body | None:
        """An update that waits on the disk."""
        rows = await self._database.read("SELECT body FROM inbox WHERE update_id = ? AND body IS NOT NULL", update_id)
        return json.loads(rows[0][0]) if rows else None

    def close(self, update_id: int) -> asyncio.Future[bool]:
        """Erases an update that is answered or given up; its id stays."""
        self._faults.pop(update_id, None)
        return self._database.write(Statement("UPDATE inbox SET body = NULL WHERE update_id = ?", [(update_id,)]))

    async def fault(self, update_id: int) -> bool:
        """Counts a fault of Quoth's own; returns whether the update is to be given up."""
        rows = await self._database.read("SELECT faults FROM inbox WHERE update_id = ?", update_id)
        self._faults[update_id] = 1 + max(self._faults[update_id], *(row[0] for row in rows), 0)
        self._database.write(
            Statement("UPDATE inbox SET faults = ? WHERE update_id = ?", [(self._faults[update_id], update_id)])
        )
        return self._faults[update_id] >= MAX_FAULTS

    async def _known(self, ids: Sequence[int]) -> set[int]:
        rows = await self._database.read(
            "SELECT update_id FROM inbox WHERE update_id IN (SELECT value FROM json_each(?))", json.dumps(ids)
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
            horizon = _time(datetime.now(UTC) - _IDS_KEPT)
            self._database.write(Statement("DELETE FROM inbox WHERE body IS NULL AND arrived_at < ?", [(horizon,)]))


def blame(path: Path, update_id: int) -> None:
    """Counts a fault against an update, from a thread without an event loop."""
    with closing(sqlite3.connect(path, timeout=1)) as connection, connection:
        connection.execute("UPDATE inbox SET faults = faults + 1 WHERE update_id = ?", (update_id,))


def id_of(body: object) -> int | None:
    """The id of what Telegram sent; None if it is no update."""
    number = body.get("update_id") if isinstance(body, dict) else None
    return number if type(number) is int and 0 <= number <= _MAX_ID else None


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
