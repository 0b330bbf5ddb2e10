"""The database while the bot runs: many writers, one commit, and no fault of it in the way of an answer.

What cannot be written for a fault of the file is reported once, kept in memory, and written as soon as that can be.
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
#: What can go wrong with a file, with a value that is no text or too great a number, for want of a thread or memory.
_FAULTS = (sqlite3.Error, OSError, ValueError, OverflowError, RuntimeError, MemoryError)
#: Those that lie in what is written, beside SQLITE_ERROR: another try would end as the first.
_OWN_FAULTS = (
    *(ValueError, OverflowError),
    *(sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError),
)
_RETRY = 1.0  # seconds until what could not be written is tried again, if nothing else is written before
_MOST_OWED = 10_000  # writes that wait in memory until the file can be written; beyond, the oldest are lost


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
        self._owed: list[_Write] = []  # who waited for them has been told that they are not on disk
        self._retry: asyncio.TimerHandle | None = None
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
        if self._owed:
            self._start_writing()
        if self._writer:
            await self._writer
        if self._retry:
            self._retry.cancel()
        if self._owed:
            _log.error("The database %s cannot be written to the end: %s writes are lost.", self.path, len(self._owed))
        await self._let_go()

    def write(self, *statements: Statement) -> asyncio.Future[bool]:
        """Writes statements in one transaction, all or nothing.

        Returns:
            Whether they are on disk; it need not be awaited. If not, they may still come there.
        """
        write = _Write(statements, asyncio.get_running_loop().create_future())
        self._waiting.append(write)
        self._start_writing()
        return write.is_done

    async def read(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """The rows of a query; none if the file cannot be read."""
        return await self.try_to_read(sql, *values) or []

    async def try_to_read(self, sql: str, *values: Value) -> list[sqlite3.Row] | None:
        """The rows of a query; None if the file cannot be read."""
        try:
            async with self._turn:
                connection = await self._connected()
                return list(await connection.execute_fetchall(sql, values))
        except _FAULTS as fault:
            await self._report(fault)
            return None

    async def clear_journal(self) -> bool:
        """Brings what was written into the file itself, and empties the journal beside it; returns whether it could.

        A program that reads the file at the same time may prevent it.
        """
        ((is_prevented, *_), *_) = await self.read("PRAGMA wal_checkpoint(TRUNCATE)") or ((1,),)
        return not is_prevented

    def _start_writing(self) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_waiting())

    async def _write_waiting(self) -> None:
        """Writes what waits, behind what is owed from before."""
        is_first = True
        while self._waiting or is_first:
            batch, self._owed, self._waiting, is_first = [*self._owed, *self._waiting], [], [], False
            await self._commit(batch)
        if self._retry:
            self._retry.cancel()
        if self._owed:
            self._retry = asyncio.get_running_loop().call_later(_RETRY, self._start_writing)
        self._writer = None

    async def _commit(self, batch: list[_Write]) -> None:
        """Commits a batch; if one of it is at fault it is tried write by write, so that no other is lost for it."""
        try:
            async with self._turn:
                connection = await self._connected()
                await connection.transact(partial(_write, batch))
                await self._recover()
        except _FAULTS as fault:
            is_own = _is_of_the_write(fault)
            if len(batch) > 1 and is_own:
                for write in batch:
                    await self._commit([write])
                return
            await self._report(fault)
            self._owed = self._owed if is_own else [*self._owed, *batch][-_MOST_OWED:]
            _tell(batch, is_written=False)
        else:
            _tell(batch, is_written=True)

    async def _recover(self) -> None:
        """After a row of faults the file is opened anew: the connection that got through was made in a hurry."""
        if self.is_failing and self.path:
            await self._let_go()
        self.is_failing = False

    async def _connected(self) -> Connection:
        if self._connection is None:
            try:
                self._connection = await open_database(self.path, is_hurried=self.is_failing)
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
        """Logs the first of a row of faults, and lets go of the connection: the next use opens the file anew.

        A file that another program locks stays open, for it may still be read; its lock is not waited for any more.
        """
        if not self.is_failing:
            _log.error(
                "The database %s cannot be used: %s. Answers go out, and what is to be kept waits in memory; make the "
                "file and its folder writable, free some space, and end whatever locks it.",
                self.path,
                fault,
            )
        self.is_failing = True
        async with self._turn:
            if self._connection and _code(fault) == sqlite3.SQLITE_BUSY:
                await self._connection.hurry()
            else:
                await self._let_go()

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()


def timestamp(moment: datetime) -> str:
    """A time as the tables have it: UTC, ISO 8601, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _tell(batch: Sequence[_Write], *, is_written: bool) -> None:
    for write in batch:
        if not write.is_done.done():  # whoever waited may have been cancelled, or was told before
            write.is_done.set_result(is_written)


def _is_of_the_write(fault: Exception) -> bool:
    """Whether a fault lies in what is written, and not in the file."""
    return isinstance(fault, _OWN_FAULTS) or _code(fault) == sqlite3.SQLITE_ERROR


def _code(fault: Exception) -> int | None:
    """The number of SQLite's error, without what its extended form adds."""
    code = getattr(fault, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _write(batch: Sequence[_Write], connection: sqlite3.Connection) -> None:
    for write in batch:
        for statement in write.statements:
            connection.executemany(statement.sql, statement.rows)
