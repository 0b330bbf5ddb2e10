"""The database while the bot runs: commits are shared, faults are said once, and nothing waits for ever."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from bot import database as module
from bot import schema
from bot.database import Database, Statement
from tests.processes import until

INSERT = "INSERT INTO inbox (update_id, arrived_at, body) VALUES (?, '', ?)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "quoth.sqlite3"


@pytest_asyncio.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    """A database whose folder is there; it is not open yet."""
    path.parent.mkdir()
    database = Database(path)
    yield database
    await database.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_BUSY_MS", 50)


def body(number: int, text: str = "{}") -> Statement:
    return Statement(INSERT, [(number, text)])


def rows(path: Path, sql: str = "SELECT update_id FROM inbox ORDER BY update_id") -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        return [value for (value,) in connection.execute(sql)]


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_what_is_written_is_on_disk_and_can_be_read(database: Database, path: Path) -> None:
    assert await database.write(body(1), body(2))
    assert rows(path) == [1, 2]
    assert [tuple(row) for row in await database.read("SELECT update_id FROM inbox WHERE update_id > ?", 1)] == [(2,)]


async def test_a_write_need_not_be_awaited_and_is_on_disk_when_the_database_is_closed(
    database: Database, path: Path
) -> None:
    for number in range(100):
        database.write(body(number))
    await database.close()
    assert rows(path) == [*range(100)]


async def test_what_is_written_during_a_commit_shares_the_next_one(database: Database, path: Path) -> None:
    await database.open()
    assert database._connection is not None
    commits: list[str] = []
    await database._connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    assert all(await asyncio.gather(*(database.write(body(number)) for number in range(1_000))))
    assert 1 <= len(commits) <= 3
    assert len(rows(path)) == 1_000


async def test_statements_of_one_write_are_committed_together_or_not_at_all(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not await database.write(body(1), Statement("INSERT INTO nowhere VALUES (1)"))
    assert rows(path) == []
    assert "no such table: nowhere" in errors(caplog)[0]


async def test_a_write_that_fails_takes_none_of_its_batch_with_it(database: Database, path: Path) -> None:
    await database.open()
    written = [database.write(body(1)), database.write(body(1)), database.write(body(2)), database.write(body(2**70))]
    assert await asyncio.gather(*written) == [True, False, True, False]
    assert await database.write(body(3))
    assert rows(path) == [1, 2, 3]


@pytest.mark.parametrize("text", ["'; DROP TABLE inbox; --", "NUL \0 and after", "🇺🇦 Кизим", "x" * 1_000_000])
async def test_any_text_is_kept_as_it_is(database: Database, path: Path, text: str) -> None:
    assert await database.write(body(1, text))
    assert rows(path, "SELECT body FROM inbox") == [text]


async def test_who_waits_for_a_write_may_be_cancelled_without_harm_to_it_or_to_others(
    database: Database, path: Path
) -> None:
    async def waiting(number: int) -> bool:
        return await database.write(body(number))

    impatient, patient = asyncio.create_task(waiting(1)), asyncio.create_task(waiting(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient
    assert rows(path) == [1, 2]


async def test_without_a_path_it_lasts_as_long_as_the_process() -> None:
    database = Database(None)
    await database.open()
    assert await database.write(body(1))
    assert len(await database.read("SELECT * FROM inbox")) == 1
    await database.close()


async def test_a_database_that_was_never_opened_can_be_closed_twice(path: Path) -> None:
    database = Database(path)
    await database.close()
    await database.close()


# When it cannot be used


async def test_a_lock_puts_off_what_is_written_meanwhile_and_costs_one_line_each_time(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await database.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for number in (1, 2):
            other.execute("BEGIN IMMEDIATE")
            caplog.clear()
            assert not await database.write(body(10 * number, "a secret"))
            assert not await database.write(body(10 * number + 1))
            (error,) = errors(caplog)
            assert error.startswith(f"The database {path} cannot be used: database is locked. Answers go out, ")
            assert "make the file and its folder writable" in error
            assert "secret" not in error
            assert database.is_failing
            other.execute("ROLLBACK")
            assert await database.write(body(number))
            assert not database.is_failing
    assert rows(path) == [1, 2, 10, 11, 20, 21]


async def test_what_could_not_be_written_is_written_in_order_once_it_can_be(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RETRY", 0.01)
    await database.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not await database.write(body(1, "first"))
        assert not await database.write(Statement("UPDATE inbox SET body = 'second' WHERE update_id = 1"))
        assert await database.read("SELECT * FROM inbox") == []
        other.execute("ROLLBACK")
    await until(lambda: rows(path, "SELECT body FROM inbox") == ["second"])
    assert await database.write(body(2))
    assert not database.is_failing


@pytest.mark.parametrize("is_locked", [False, True])
async def test_at_the_end_what_could_not_be_written_is_tried_once_more_and_its_loss_is_said(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture, *, is_locked: bool
) -> None:
    await database.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not any([await database.write(body(number)) for number in range(3)])
        if not is_locked:
            other.execute("ROLLBACK")
        await database.close()
    assert rows(path) == ([] if is_locked else [0, 1, 2])
    lost = f"The database {path} cannot be written to the end: 3 writes are lost."
    assert errors(caplog)[1:] == ([lost] if is_locked else [])


async def test_of_what_cannot_be_written_for_long_the_newest_is_kept(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_OWED", 3)
    await database.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(10):
            assert not await database.write(body(number))
    assert await database.write(body(10))
    assert rows(path) == [7, 8, 9, 10]


async def test_a_write_at_fault_itself_is_not_tried_again_and_takes_nothing_owed_with_it(
    database: Database, path: Path
) -> None:
    await database.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for write in (body(1), body(1), Statement("INSERT INTO nowhere VALUES (1)"), body(2)):
            assert not await database.write(write)
    assert [await database.write(body(number)) for number in (3, 2**70, 4)] == [True, False, True]
    assert rows(path) == [1, 2, 3, 4]
    assert database._owed == []


async def test_a_full_disk_puts_off_what_does_not_fit_and_costs_one_line(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await database.open()
    assert database._connection is not None
    await database._connection.execute("PRAGMA max_page_count = 1")  # never below what the file has
    assert not await database.write(body(1, "x" * 100_000))
    assert "database or disk is full" in errors(caplog)[0]
    assert await database.write(body(2))
    assert rows(path) == [1, 2]  # the limit was the connection's, and a new one has none
    assert len(errors(caplog)) == 1


@pytest.mark.parametrize("obstacle", ["no folder", "a file for a folder", "a folder for the file"])
async def test_a_file_that_cannot_be_opened_is_tried_again_with_every_write(
    path: Path, caplog: pytest.LogCaptureFixture, obstacle: str
) -> None:
    stand_in_the_way(path, obstacle)
    database = Database(path)
    await database.open()
    assert not await database.write(body(1))
    assert await database.read("SELECT 1") == []
    (error,) = errors(caplog)
    assert error.startswith(f"The database {path} cannot be used: ")
    clear_the_way(path, obstacle)
    assert await database.write(body(2))
    await database.close()
    assert rows(path) == [1, 2]
    assert len(errors(caplog)) == 1


def stand_in_the_way(path: Path, obstacle: str) -> None:
    if obstacle == "a file for a folder":
        path.parent.touch()
    if obstacle == "a folder for the file":
        path.mkdir(parents=True)


def clear_the_way(path: Path, obstacle: str) -> None:
    if obstacle == "a file for a folder":
        path.parent.unlink()
    if obstacle == "a folder for the file":
        path.rmdir()
    path.parent.mkdir(exist_ok=True)


async def test_a_file_of_a_newer_quoth_is_left_alone_and_named(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    assert not await database.write(body(1))
    assert "it is of a newer Quoth (schema 99" in errors(caplog)[0]
    assert rows(path, "PRAGMA user_version") == [99]
    assert [file.name for file in path.parent.iterdir() if "broken" in file.name] == []


async def test_a_broken_file_is_kept_aside_and_a_new_one_begun(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(b"Dear diary, " * 1_000)
    assert await database.write(body(1))
    assert rows(path) == [1]
    (error,) = errors(caplog)
    (aside,) = (file for file in path.parent.iterdir() if ".broken-" in file.name)
    assert error == (
        f"The database {path} is broken: file is not a database. It is kept as {aside}, a new one is begun."
    )
    assert aside.read_bytes() == b"Dear diary, " * 1_000


async def test_a_file_that_breaks_while_it_is_used_is_kept_aside_at_the_next_write(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert all([await database.write(body(number, "x" * 3_000)) for number in range(50)])
    await database.read("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(b"\xa5" * path.stat().st_size)
    await database.close()
    written = [await database.write(body(number)) for number in range(100, 104)]
    assert written[-1]
    assert rows(path)[-1] == 103
    assert any(" is broken: " in error for error in errors(caplog))
    assert len(errors(caplog)) <= 2
    assert [file.read_bytes()[:1] for file in path.parent.iterdir() if file.name.endswith("Z")] == [b"\xa5"]


async def test_want_of_memory_puts_off_what_is_written(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.open()

    def fail(*_: object) -> None:
        raise MemoryError  # what Python makes of SQLITE_NOMEM

    with monkeypatch.context() as patches:
        patches.setattr(module, "_write", fail)
        async with asyncio.timeout(5):
            assert not await database.write(body(1))
    assert await database.write(body(2))
    assert rows(path) == [1, 2]


async def test_a_table_that_somebody_dropped_costs_one_line(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await database.open()
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE inbox")
    assert not await database.write(body(1))
    assert await database.read("SELECT * FROM inbox") == []
    assert not await database.write(body(2))
    assert len(errors(caplog)) == 1


async def test_a_lone_surrogate_is_refused_and_nothing_waits_for_it(database: Database, path: Path) -> None:
    assert not await database.write(body(1, "\ud800"))
    assert await database.write(body(2))
    assert rows(path) == [2]
