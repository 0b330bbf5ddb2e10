"""The file of the database: how it is made, brought up to date, refused and moved aside."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot import schema
from bot.errors import DatabaseError
from bot.schema import MIGRATIONS, OLDEST_SQLITE, BrokenError, Connection, check_sqlite, move_aside, open_database
from tests.processes import contents

ADDED = "CREATE TABLE added (x INTEGER) STRICT;"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "usage.sqlite3"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Connection]:
    connection = await open_database(path)
    try:
        yield connection
    finally:
        await connection.close()


async def value(connection: Connection, sql: str) -> object:
    """The one value of a query."""
    async with connection.execute(sql) as cursor:
        ((found,),) = await cursor.fetchall()
    return found


def tables(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


async def add_question(connection: Connection) -> None:
    await connection.execute(
        """
        INSERT INTO question (id, asked_at, person, chat, text, verdict, coverage, search_ms, answer_ms, delivered)
        VALUES (1, '2024-02-05', 'p', 'c', 'text', 'nothing', 0, 1, 2, 1)
        """
    )
    await connection.execute("INSERT INTO citation VALUES (1, 1, 'a.txt', 0, 5, 'text')")


async def test_readers_and_the_writer_do_not_wait_for_each_other(path: Path) -> None:
    async with opened(path) as connection:
        assert await value(connection, "PRAGMA journal_mode") == "wal"
        await connection.execute("BEGIN IMMEDIATE")
        await add_question(connection)
        with closing(sqlite3.connect(path, timeout=0)) as reader:
            assert reader.execute("SELECT count(*) FROM question").fetchone() == (0,)
        await connection.rollback()


async def test_every_table_is_strict(path: Path) -> None:
    async with opened(path) as connection, connection.execute("PRAGMA table_list") as cursor:
        strict = {row[1]: row[5] for row in await cursor.fetchall() if row[0] == "main" and "sqlite" not in row[1]}
        assert {"question", "citation", "inbox", "allowance", "vote", "person", "chat"} == set(strict)
        assert set(strict.values()) == {1}
        await add_question(connection)
        with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in REAL column"):
            await connection.execute("UPDATE question SET coverage = 'much'")


async def test_a_citation_belongs_to_its_question_and_goes_with_it(path: Path) -> None:
    async with opened(path) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            await connection.execute("INSERT INTO citation VALUES (7, 1, 'a.txt', 0, 5, 'text')")
        await add_question(connection)
        await connection.execute("DELETE FROM question")
        assert await value(connection, "SELECT count(*) FROM citation") == 0


async def test_a_question_is_delivered_or_not(path: Path) -> None:
    async with opened(path) as connection:
        await add_question(connection)
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            await connection.execute("UPDATE question SET delivered = 2")


async def test_the_files_are_for_their_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        async with opened(path) as connection:
            await add_question(connection)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys((path.name, f"{path.name}-wal", f"{path.name}-shm"), 0o600)


async def test_what_was_written_is_there_when_it_is_opened_again(path: Path) -> None:
    async with opened(path) as connection:
        await add_question(connection)
    made = tables(path)
    async with opened(path) as connection:
        assert await value(connection, "SELECT text FROM question") == "text"
        assert await value(connection, "PRAGMA user_version") == len(MIGRATIONS)
    assert tables(path) == made


async def test_a_step_of_the_schema_runs_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(path) as connection:
        await add_question(connection)
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, ADDED))
    for _ in range(2):
        async with opened(path) as connection:
            assert await value(connection, "PRAGMA user_version") == len(MIGRATIONS) + 1
            assert await value(connection, "SELECT count(*) FROM question, added") == 0
            assert await value(connection, "SELECT text FROM question") == "text"


async def test_a_step_may_hold_a_semicolon_inside_a_statement(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = """
        CREATE TABLE added (x TEXT) STRICT;  -- one; and another
        CREATE TRIGGER doubled AFTER INSERT ON citation BEGIN
            INSERT INTO added VALUES ('a;b');
            INSERT INTO added VALUES ('a;b');
        END;
    """
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, step))
    async with opened(path) as connection:
        await add_question(connection)
        assert await value(connection, "SELECT group_concat(x) FROM added") == "a;b,a;b"


async def test_a_step_that_fails_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(path):
        pass
    made = tables(path)
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, f"{ADDED} CREATE TABLE question (x);"))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        await open_database(path)
    assert tables(path) == made
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, ADDED))
    async with opened(path) as connection:
        assert await value(connection, "SELECT count(*) FROM added") == 0


async def test_all_who_open_a_new_file_at_once_get_it(tmp_path: Path) -> None:
    for attempt in range(20):  # who is first is chance
        path = tmp_path / str(attempt)
        connections = await asyncio.gather(*(open_database(path) for _ in range(4)), return_exceptions=True)
        for connection in connections:
            if isinstance(connection, Connection):
                await connection.close()
        assert [each for each in connections if isinstance(each, BaseException)] == []


async def test_a_file_of_a_newer_release_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(sqlite3.DatabaseError, match="newer Quoth"):
        await open_database(path)
    assert tables(path) == []


def test_a_file_that_is_no_database_is_called_broken_and_left_alone(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 100)
    with pytest.raises(BrokenError, match="not a database"):
        asyncio.run(open_database(path))
    assert path.read_bytes() == b"Dear diary, " * 100


async def test_a_damaged_page_is_found_when_the_file_is_opened(path: Path) -> None:
    async with opened(path) as connection:
        await connection.executemany(
            "INSERT INTO inbox (arrived_at, body) VALUES ('', ?)", [("x" * 3_000,) for _ in range(50)]
        )
    damage(path)
    with pytest.raises(BrokenError):
        await open_database(path)


def damage(path: Path) -> None:
    """Writes over all pages but the first two."""
    with path.open("r+b") as file:
        file.seek(2 * 4_096)
        file.write(b"\xa5" * (path.stat().st_size - 2 * 4_096))


def test_a_broken_file_is_moved_aside_with_its_companions_and_not_a_byte_of_it_is_lost(path: Path) -> None:
    names = [path.name, f"{path.name}-wal", f"{path.name}-shm"]
    for name in names:
        (path.parent / name).write_text(name)
    aside = move_aside(path)
    assert aside.name.startswith("usage.sqlite3.broken-2")
    kept = {file.name: file.read_text() for file in path.parent.iterdir()}
    assert kept == {aside.name + name.removeprefix(path.name): name for name in names}


def test_a_second_broken_file_within_a_second_does_not_take_the_place_of_the_first(path: Path) -> None:
    for text in ("first", "second", "third"):
        path.write_text(text)
        move_aside(path)
    assert sorted(file.read_text() for file in path.parent.iterdir()) == ["first", "second", "third"]


async def test_without_a_path_it_is_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    connection = await open_database(None)
    await add_question(connection)
    assert await value(connection, "SELECT count(*) FROM question") == 1
    await connection.close()
    assert contents(tmp_path) == {}


async def test_a_locked_file_is_an_error_after_a_while_and_not_broken(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_BUSY_MS", 50)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await open_database(path)


@pytest.mark.parametrize("place", ["folder", "nowhere/usage.sqlite3", "file/usage.sqlite3"])
async def test_a_path_where_no_file_can_be_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=place):
        await open_database(tmp_path / place)


def test_this_sqlite_is_new_enough() -> None:
    check_sqlite()


def test_an_old_sqlite_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.36.0")
    with pytest.raises(DatabaseError, match=r"^SQLite 3\.37 or newer is needed; this Python has 3\.36\.0\.$"):
        check_sqlite()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", OLDEST_SQLITE)
    check_sqlite()
