"""The database while the bot runs: many writers, one commit, and no fault of it in the way of an answer.

What cannot be written is reported once, and tried again with the next thing to write.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.schema import BrokenError, move_aside, open_database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.schema import Connection

_log = logging.getLogger(__name__)

Value = str | int | float | None
#: What can go wrong with a file, with a value that is no text or too great a number, and for want of a thread.
_FAULTS = (sqlite3.Error, OSError, ValueError, OverflowError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that writes, and the rows it is run for."""

    sql: str
    rows: Sequence[Sequence[Value]] = ((),)


@dataclass(frozen=True, slots=True)
class _Write:
    """Statements that are committed together, and who waits for that."""

    statements: Sequence[Statement]
    is_done: asyncio.Future[bool]


class Database:
    """One connection to one file. What is written while a commit is under way shares the next one.

    Args:
        path: the file, made if need be; None: kept in memory, and gone with the process.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._connection: Connection | None = None
        self._waiting: list[_Write] = []
        self._writer: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()  # who opens the file, or is in a transaction
        self.is_failing = False

    async def open(self) -> None:
        """Opens the file; a fault is reported and does not stop the bot."""
        try:
            async with self._turn:
                await self._connected()
        except _FAULTS as fault:
            await self._report(fault)

    async def close(self) -> None:
        """Writes what waits, and closes the file."""
        if self._writer:
            await self._writer
        await self._let_go()

    def write(self, *statements: Statement) -> asyncio.Future[bool]:
        """Writes statements in one transaction, all or nothing.

        Returns:
            Whether they are on disk; it need not be awaited.
        """
        write = _Write(statements, asyncio.get_running_loop().create_future())
        self._waiting.append(write)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_waiting())
        return write.is_done

    async def read(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """The rows of a query; none if the file cannot be read."""
        try:
            async with self._turn:
                connection = await self._connected()
                return list(await connection.execute_fetchall(sql, values))
        except _FAULTS as fault:
            await self._report(fault)
            return []

    async def clear_journal(self) -> bool:
        """Brings what was written into the file itself, and empties the journal beside it; returns whether it could.

        A program that reads the file at the same time may prevent it.
        """
        ((is_prevented, *_), *_) = await self.read("PRAGMA wal_checkpoint(TRUNCATE)") or ((1,),)
        return not is_prevented

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await self._commit(batch)
        self._writer = None

    async def _commit(self, batch: list[_Write]) -> None:
        """Commits a batch; one that fails is tried write by write, so that none is lost for another's fault."""
        try:
            async with self._turn:
                connection = await self._connected()
                await connection.transact(partial(_write, batch))
        except _FAULTS as fault:
            if len(batch) > 1 and not isinstance(fault, sqlite3.OperationalError):
                for write in batch:
                    await self._commit([write])
                return
            await self._report(fault)
            is_written = False
        else:
            is_written, self.is_failing = True, False
        for write in batch:
            if not write.is_done.done():  # whoever waited may have been cancelled
                write.is_done.set_result(is_written)

    async def _connected(self) -> Connection:
        if self._connection is None:
            try:
                self._connection = await open_database(self.path)
            except BrokenError as fault:
                if self.path is None:  # pragma: no cover  # memory does not break
                    raise
                aside = move_aside(self.path)
                _log.error(
                    "The database %s is broken: %s. It is kept as %s, a new one is begun.", self.path, fault, aside
                )
                self._connection = await open_database(self.path)
        return self._connection

    async def _report(self, fault: Exception) -> None:
        """Logs the first of a row of faults, and lets go of the connection: the next write opens the file anew."""
        if not self.is_failing:
            _log.error(
                "The database %s cannot be used: %s. Answers go out, but what is asked is not kept; "
                "make the file and its folder writable and free some space.",
                self.path,
                fault,
            )
        self.is_failing = True
        async with self._turn:
            await self._let_go()

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()


def timestamp(moment: datetime) -> str:
    """A time as the tables have it: UTC, ISO 8601, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _write(batch: Sequence[_Write], connection: sqlite3.Connection) -> None:
    for write in batch:
        for statement in write.statements:
            connection.executemany(statement.sql, statement.rows)
