"""The usage log: what was asked, what was answered and whether it arrived.

It never stands in the way of an answer: what cannot be written is reported once, and tried again with the next
question.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.database import open_database
from bot.pseudonyms import Pseudonyms, read_key

if TYPE_CHECKING:
    from pathlib import Path

    import aiosqlite

    from retrieval.types import Answer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer on Telegram."""

    user_id: int
    chat_id: int
    answer: Answer
    asked_at: datetime  # when the update arrived, UTC
    answered_at: datetime
    delivered: bool


class UsageLog:
    """The log in one database file.

    Args:
        path: the database; its key is kept beside it.
        retention_days: after how many days a question is forgotten; 0: never.
    """

    def __init__(self, path: Path, retention_days: int = 0) -> None:
        self._path = path
        self._retention_days = retention_days
        self._connection: aiosqlite.Connection | None = None
        self._pseudonyms: Pseudonyms | None = None
        self._is_failing = False
        self._turn = asyncio.Lock()  # a connection has one transaction at a time

    async def open(self) -> None:
        """Opens the database; a failure is reported and does not stop the bot."""
        try:
            await self._connect()
            await self._forget()
        except (sqlite3.Error, OSError) as error:
            self._report(error)

    async def close(self) -> None:
        """Closes the database."""
        if self._connection:
            await self._connection.close()
            self._connection = None

    async def record(self, exchange: Exchange) -> None:
        """Writes an exchange, all of it or nothing."""
        async with self._turn:
            try:
                connection, pseudonyms = await self._connect()
                await _write(connection, pseudonyms, exchange)
                await self._forget()
            except (sqlite3.Error, OSError) as error:
                self._report(error)
                await self._abandon()
            else:
                self._is_failing = False

    async def _connect(self) -> tuple[aiosqlite.Connection, Pseudonyms]:
        if self._pseudonyms is None:
            self._pseudonyms = Pseudonyms(read_key(self._path))
        if self._connection is None:
            self._connection = await open_database(self._path)
        return self._connection, self._pseudonyms

    async def _forget(self) -> None:
        """Removes what is older than the operator wants it kept."""
        if self._connection and self._retention_days:
            horizon = datetime.now(UTC) - timedelta(days=self._retention_days)
            await self._connection.execute("DELETE FROM question WHERE asked_at < ?", (_time(horizon),))

    async def _abandon(self) -> None:
        """Lets go of a connection that failed; the next question opens a new one."""
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    def _report(self, error: Exception) -> None:
        if not self._is_failing:
            _log.error(
                "The usage log %s cannot be written: %s. Answers go out unlogged; "
                "make the file and its folder writable and free some space.",
                self._path,
                error,
            )
        self._is_failing = True


async def _write(connection: aiosqlite.Connection, pseudonyms: Pseudonyms, exchange: Exchange) -> None:
    answer = exchange.answer
    await connection.execute("BEGIN IMMEDIATE")
    try:
        async with connection.execute(
            """
            INSERT INTO question (
                asked_at, person, chat, text, verdict, coverage, search_ms, answer_ms, delivered
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                _time(exchange.asked_at),
                pseudonyms.person(exchange.user_id),
                pseudonyms.chat(exchange.chat_id),
                answer.question,
                answer.verdict.value,
                answer.coverage,
                answer.search_ms,
                (exchange.answered_at - exchange.asked_at) / timedelta(milliseconds=1),
                int(exchange.delivered),
            ),
        ) as cursor:
            question = cursor.lastrowid
        await connection.executemany(
            'INSERT INTO citation (question_id, rank, file, start, "end", kind) VALUES (?, ?, ?, ?, ?, ?)',
            [
                (question, rank, c.file, c.start, c.end, c.kind.value)
                for rank, c in enumerate(answer.citations, start=1)
            ],
        )
        await connection.execute("COMMIT")
    except BaseException:
        await connection.rollback()
        raise


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
