"""The usage log: what it keeps of a question, what it does not keep, and that it stands in nobody's way."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import pytest_asyncio

from bot import database
from bot.pseudonyms import Pseudonyms, key_path
from bot.usage import Exchange, UsageLog
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Answer
from tests.processes import SEEDS

NOW = datetime.now(UTC)
USER, CHAT = 7_123_456_789, -1_009_876_543_210


@pytest.fixture(scope="module")
def answer() -> Answer:
    return Index(read_folder(SEEDS).documents).ask("who appointed Kyzym")


@pytest.fixture
def exchange(answer: Answer) -> Exchange:
    return Exchange(USER, CHAT, answer, NOW, NOW + timedelta(milliseconds=12.5), delivered=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "usage.sqlite3"


@pytest_asyncio.fixture
async def log(path: Path) -> AsyncIterator[UsageLog]:
    """A log whose folder is there; it is not open yet."""
    path.parent.mkdir(exist_ok=True)
    log = UsageLog(path)
    yield log
    await log.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_MS", 50)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def questions(path: Path) -> list[object]:
    return [text for (text,) in rows(path, "SELECT text FROM question ORDER BY id")]


def contents(path: Path) -> dict[str, bytes]:
    """The bytes of the database, its companions and its key."""
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_question_is_recorded_with_its_answer(
    log: UsageLog, path: Path, exchange: Exchange, answer: Answer
) -> None:
    await log.open()
    await log.record(exchange)
    await log.record(replace(exchange, delivered=False, asked_at=NOW.astimezone(timezone(timedelta(hours=3)))))
    names = Pseudonyms(key_path(path).read_bytes())
    question = (
        *(NOW.isoformat(timespec="milliseconds"), names.person(USER), names.chat(CHAT), "who appointed Kyzym"),
        *("answered", answer.coverage, answer.search_ms, 12.5),
    )
    assert rows(path, "SELECT * FROM question") == [(1, *question, 1), (2, *question, 0)]
    assert NOW.isoformat().endswith("+00:00")
    citations = [(rank, c.file, c.start, c.end, "text") for rank, c in enumerate(answer.citations, start=1)]
    assert len(citations) == 3
    assert rows(path, "SELECT * FROM citation") == [(id_, *citation) for id_ in (1, 2) for citation in citations]


@pytest.mark.parametrize("text", ["", "'; DROP TABLE question; --", "NUL \0 and after", "🇺🇦 Кизим", "x" * 100_000])
async def test_any_text_is_recorded_as_it_is(log: UsageLog, path: Path, exchange: Exchange, text: str) -> None:
    await log.record(replace(exchange, answer=replace(exchange.answer, question=text, citations=())))
    assert questions(path) == [text]


async def test_no_id_of_a_person_or_a_chat_is_in_any_byte(log: UsageLog, path: Path, exchange: Exchange) -> None:
    traces = [
        trace
        for number in (USER, CHAT)
        for trace in (str(abs(number)).encode(), number.to_bytes(6, "big", signed=True))
    ]
    await log.record(exchange)
    await log.record(replace(exchange, chat_id=USER))
    while_open = contents(path)
    await log.close()
    closed = contents(path)
    assert {f"{path.name}-wal", path.name} <= set(while_open)
    assert b"who appointed Kyzym" in while_open[f"{path.name}-wal"]
    assert b"who appointed Kyzym" in closed[path.name]
    for content in (*while_open.values(), *closed.values()):
        assert not any(trace in content for trace in traces)
        assert not any(trace.strip(b"\0") in content for trace in traces)


async def test_what_is_old_is_forgotten_at_the_start_and_with_every_question(path: Path, exchange: Exchange) -> None:
    path.parent.mkdir()
    for days in (0, 0, 30):
        log = UsageLog(path, retention_days=days)
        await log.open()
        kept = len(questions(path))
        await log.record(replace(exchange, asked_at=NOW - timedelta(days=30, hours=1)))
        await log.record(replace(exchange, asked_at=NOW - timedelta(days=30) + timedelta(hours=1)))
        await log.close()
    assert kept == 2
    assert len(questions(path)) == 3
    assert rows(path, "SELECT DISTINCT question_id FROM citation") == rows(path, "SELECT id FROM question")


async def test_what_is_forgotten_is_in_no_byte_of_the_file(path: Path, exchange: Exchange) -> None:
    path.parent.mkdir()
    log = UsageLog(path, retention_days=30)
    await log.record(replace(exchange, asked_at=NOW - timedelta(days=31)))
    assert questions(path) == []
    await log.close()
    assert b"who appointed Kyzym" not in b"".join(contents(path).values())


async def test_an_exchange_is_written_whole_or_not_at_all(
    log: UsageLog, path: Path, exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    await log.open()
    with closing(sqlite3.connect(path)) as other:
        other.execute("ALTER TABLE citation RENAME TO elsewhere")
    await log.record(exchange)
    assert questions(path) == []
    assert len(errors(caplog)) == 1


async def test_exchanges_that_end_at_once_are_both_recorded(log: UsageLog, path: Path, exchange: Exchange) -> None:
    await log.open()
    await asyncio.gather(log.record(exchange), log.record(exchange))
    assert len(questions(path)) == 2


# When it cannot be written


async def test_a_locked_database_costs_the_record_and_one_line(
    log: UsageLog, path: Path, exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    await log.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for _ in range(2):
            other.execute("BEGIN EXCLUSIVE")
            caplog.clear()
            await log.record(exchange)
            await log.record(exchange)
            (error,) = errors(caplog)
            assert error.startswith(f"The usage log {path} cannot be written: database is locked. ")
            assert "Kyzym" not in error
            other.execute("ROLLBACK")
            caplog.clear()
            await log.record(exchange)
            assert errors(caplog) == []
    assert len(questions(path)) == 2


async def test_a_full_disk_costs_the_record_and_one_line(
    log: UsageLog, path: Path, exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    await log.open()
    assert log._connection is not None
    await log._connection.execute("PRAGMA max_page_count = 1")  # never below what the file has
    await log.record(replace(exchange, answer=replace(exchange.answer, question="x" * 100_000)))
    (error,) = errors(caplog)
    assert "database or disk is full" in error
    await log.record(exchange)
    assert questions(path) == ["who appointed Kyzym"]


@pytest.mark.parametrize(
    "spoil", ["no folder", "a file for a folder", "a folder for the file", "no database", "no key"]
)
async def test_a_log_that_cannot_be_opened_is_tried_again_with_every_question(
    path: Path, exchange: Exchange, caplog: pytest.LogCaptureFixture, spoil: str
) -> None:
    obstacle = spoilt(path, spoil)
    log = UsageLog(path)
    await log.open()
    await log.record(exchange)
    await log.record(exchange)
    (error,) = errors(caplog)
    assert error.startswith(f"The usage log {path} cannot be written: ")
    mend(path, obstacle)
    await log.record(exchange)
    await log.close()
    assert questions(path) == ["who appointed Kyzym"]
    assert len(errors(caplog)) == 1


def spoilt(path: Path, how: str) -> Path | None:
    """What stands in the way of the log, if it is a thing."""
    if how == "no folder":
        return None
    if how == "a file for a folder":
        path.parent.touch()
        return path.parent
    path.parent.mkdir()
    if how == "a folder for the file":
        path.mkdir()
        return path
    if how == "no database":
        path.write_bytes(b"Dear diary, " * 1_000)
        return path
    key_path(path).write_bytes(b"short")
    return key_path(path)


def mend(path: Path, obstacle: Path | None) -> None:
    if obstacle is not None and obstacle.is_dir():
        obstacle.rmdir()
    elif obstacle is not None:
        obstacle.unlink()
    path.parent.mkdir(exist_ok=True)


async def test_a_log_that_never_opened_can_be_closed(path: Path) -> None:
    log = UsageLog(path)
    await log.close()
    await log.open()
    await log.close()
    await log.close()
