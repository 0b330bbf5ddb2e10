"""The file of the database: made for its owner alone, brought up to date, moved aside when it is broken."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import aiosqlite

from bot.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: STRICT tables came with this version.
OLDEST_SQLITE = (3, 37, 0)
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY_MS = 2_000  # how long a locked database is waited for: a reader with the sqlite3 shell, a backup
_HURRIED_MS = 50  # the same once that was in vain, so that not every answer waits

#: Each entry is a step of the schema, run once and in order; a change is a new entry at the end.
MIGRATIONS = (
    """
    CREATE TABLE question (
        id INTEGER PRIMARY KEY,
        asked_at TEXT NOT NULL,              -- UTC, ISO 8601
        person TEXT NOT NULL,                -- keyed hash of the user's id
        chat TEXT NOT NULL,                  -- keyed hash of the chat's id
        text TEXT NOT NULL,
        verdict TEXT NOT NULL,
        coverage REAL NOT NULL,
        search_ms REAL NOT NULL,
        answer_ms REAL NOT NULL,             -- from the update's arrival to the end of the sending
        delivered INTEGER NOT NULL CHECK (delivered IN (0, 1))
    ) STRICT;
    CREATE INDEX question_asked_at ON question (asked_at);
    CREATE TABLE citation (
        question_id INTEGER NOT NULL REFERENCES question (id) ON DELETE CASCADE,
        rank INTEGER NOT NULL,               -- from 1, best first
        file TEXT NOT NULL,
        start INTEGER NOT NULL,              -- code points into the document
        "end" INTEGER NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (question_id, rank)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE inbox (
        update_id INTEGER PRIMARY KEY,
        arrived_at TEXT NOT NULL,            -- UTC, ISO 8601
        body TEXT,                           -- the update as JSON; NULL once it is answered or given up
        faults INTEGER NOT NULL DEFAULT 0    -- how often Quoth itself failed on it
    ) STRICT;
    ALTER TABLE question ADD COLUMN token TEXT;             -- what the buttons of the answer call it
    ALTER TABLE question ADD COLUMN asked_in INTEGER;       -- the message that asks, within its chat
    ALTER TABLE question ADD COLUMN answered_in INTEGER;    -- the message that answers
    CREATE UNIQUE INDEX question_token ON question (token);
    CREATE INDEX question_asked_in ON question (chat, asked_in);
    CREATE INDEX question_person ON question (person);
    CREATE TABLE vote (
        question_id INTEGER NOT NULL REFERENCES question (id) ON DELETE CASCADE,
        person TEXT NOT NULL,                -- keyed hash of the user's id
        is_helpful INTEGER NOT NULL CHECK (is_helpful IN (0, 1)),
        PRIMARY KEY (question_id, person)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX vote_person ON vote (person);
    CREATE TABLE person (
        person TEXT PRIMARY KEY,             -- keyed hash of the user's id
        language TEXT NOT NULL               -- chosen with /language
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE chat (
        chat TEXT PRIMARY KEY,               -- keyed hash of the chat's id
        introduced_at TEXT NOT NULL          -- UTC, ISO 8601: when the bot said what it is for
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX inbox_waiting ON inbox (update_id) WHERE body IS NOT NULL;
    CREATE TABLE allowance (
        person TEXT PRIMARY KEY,             -- keyed hash of the user's id
        questions REAL NOT NULL,             -- how many may still be asked at once
        counted_at REAL NOT NULL,            -- Unix time
        is_told INTEGER NOT NULL             -- whether the person knows of the limit
    ) STRICT, WITHOUT ROWID;
    """,
)


class BrokenError(sqlite3.DatabaseError):
    """The file is no database, or a damaged one."""


class Connection(aiosqlite.Connection):
    """A connection whose transactions run in its thread from beginning to end.

    Step by step they would hold the file's lock while the event loop is busy, and for good should it stand still.
    """

    async def hurry(self) -> None:
        """Waits for locks no longer than need be from now on."""
        await self.execute(f"PRAGMA busy_timeout = {_HURRIED_MS}")

    async def transact(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Runs a function in a transaction: all of what it does is committed, or nothing."""
        await self._execute(self._transact, work)  # type: ignore[no-untyped-call]  # the library has no type for it

    def _transact(self, work: Callable[[sqlite3.Connection], None]) -> None:
        self._conn.execute("BEGIN IMMEDIATE")
        try:
            work(self._conn)
            self._conn.execute("COMMIT")
        except BaseException:
            self._conn.rollback()
            raise


def check_sqlite() -> None:
    """Raises DatabaseError when this Python's SQLite is too old."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE[:2]))
        raise DatabaseError(f"SQLite {needed} or newer is needed; this Python has {sqlite3.sqlite_version}.")


async def open_database(path: Path | None, *, is_hurried: bool = False) -> Connection:
    """A connection to the file, made if need be, its schema up to date; without a path, to one in memory.

    Args:
        path: the file.
        is_hurried: whether locks are waited for no longer than need be.

    Raises:
        BrokenError: the file is damaged, or no database.
        sqlite3.Error: the file cannot be opened or written, or is of a newer Quoth.
        OSError: the file cannot be made.
    """
    if path:
        _make(path)
    busy_ms = _HURRIED_MS if is_hurried else _BUSY_MS
    connect = partial(sqlite3.connect, path or ":memory:", timeout=busy_ms / 1_000, isolation_level=None)
    connection = Connection(connect, iter_chunk_size=64)
    await connection
    try:
        await _prepare(connection)
    except BaseException as fault:
        await connection.close()
        if getattr(fault, "sqlite_errorcode", None) in _BROKEN:
            raise BrokenError(str(fault)) from fault
        raise
    return connection


def move_aside(path: Path) -> Path:
    """Moves a broken file, and what SQLite keeps beside it, out of the way; returns where the file is now."""
    mark = f"broken-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"  # exact enough never to be there already
    for companion in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + companion).rename(path.with_name(f"{path.name}.{mark}{companion}"))
    return path.with_name(f"{path.name}.{mark}")


async def _prepare(connection: Connection) -> None:
    with suppress(sqlite3.OperationalError):  # locked: SQLite does not wait while another switches the file
        await connection.execute("PRAGMA journal_mode = WAL")
    # Safe against the death of the process; the last moments before a power cut may be lost, the file is not.
    await connection.execute("PRAGMA synchronous = NORMAL")
    await connection.execute("PRAGMA foreign_keys = ON")
    await connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
    ((found,), *_) = await connection.execute_fetchall("PRAGMA quick_check(1)")
    if found != "ok":
        raise BrokenError(found)
    ((done,), *_) = await connection.execute_fetchall("PRAGMA user_version")
    if done != len(MIGRATIONS):
        await connection.transact(_migrate)


def _make(path: Path) -> None:
    """Makes the file with mode 600, which SQLite gives to -wal and -shm too.

    One that is there is not opened: closing it again would take away this process's locks on it
    (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
    """
    if not path.is_file():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _migrate(connection: sqlite3.Connection) -> None:
    """Runs the steps that this file has not seen, with their number."""
    (done,) = connection.execute("PRAGMA user_version").fetchone()  # again: another process may have been faster
    if done > len(MIGRATIONS):
        raise sqlite3.DatabaseError(f"it is of a newer Quoth (schema {done}, this one knows {len(MIGRATIONS)})")
    for step in MIGRATIONS[done:]:
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script. Python's `executescript` would commit the transaction that it is called in."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
