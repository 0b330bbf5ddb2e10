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

from bot import schema
from bot.database import Database
from bot.pseudonyms import Pseudonyms
from bot.usage import Exchange, UsageLog
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Answer
from tests.processes import SEEDS

NOW = datetime.now(UTC)
USER, CHAT = 7_123_456_789, -1_009_876_543_210
NAMES = Pseudonyms(b"a key")


@pytest.fixture(scope="module")
def answer() -> Answer:
    return Index(read_folder(SEEDS).documents).ask("who appointed Kyzym")


@pytest.fixture
def exchange(answer: Answer) -> Exchange:
    return Exchange(USER, CHAT, answer, NOW, NOW + timedelta(milliseconds=12.5), answered_in=7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "usage.sqlite3"


@pytest_asyncio.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = Database(path)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def log(database: Database) -> UsageLog:
    return UsageLog(database, NAMES)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_BUSY_MS", 50)


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
    await log.record(exchange)
    await log.record(replace(exchange, answered_in=None, asked_at=NOW.astimezone(timezone(timedelta(hours=3)))))
    question = (
        *(NOW.isoformat(timespec="milliseconds"), NAMES.person(USER), NAMES.chat(CHAT), "who appointed Kyzym"),
        *("answered", answer.coverage, answer.search_ms, 12.5),
    )
    found = rows(path, "SELECT * FROM question")
    assert [row[:-3] for row in found] == [(1, *question, 1), (2, *question, 0)]
    assert [row[-2:] for row in found] == [(None, 7), (None, None)]
    assert NOW.isoformat().endswith("+00:00")
    citations = [(rank, c.file, c.start, c.end, "text") for rank, c in enumerate(answer.citations, start=1)]
    assert len(citations) == 3
    assert rows(path, "SELECT * FROM citation") == [(id_, *citation) for id_ in (1, 2) for citation in citations]


@pytest.mark.parametrize("text", ["", "'; DROP TABLE question; --", "NUL \0 and after", "🇺🇦 Кизим", "x" * 100_000])
async def test_any_text_is_recorded_as_it_is(log: UsageLog, path: Path, exchange: Exchange, text: str) -> None:
    await log.record(replace(exchange, answer=replace(exchange.answer, question=text, citations=())))
    assert questions(path) == [text]


async def test_no_id_of_a_person_or_a_chat_is_in_any_byte(
    log: UsageLog, database: Database, path: Path, exchange: Exchange
) -> None:
    traces = [
        trace
        for number in (USER, CHAT)
        for trace in (str(abs(number)).encode(), number.to_bytes(6, "big", signed=True))
    ]
    await log.record(exchange)
    await log.record(replace(exchange, chat_id=USER))
    while_open = contents(path)
    await database.close()
    closed = contents(path)
    assert {f"{path.name}-wal", path.name} <= set(while_open)
    assert b"who appointed Kyzym" in while_open[f"{path.name}-wal"]
    assert b"who appointed Kyzym" in closed[path.name]
    for content in (*while_open.values(), *closed.values()):
        assert not any(trace in content for trace in traces)
        assert not any(trace.strip(b"\0") in content for trace in traces)


async def test_what_is_old_is_forgotten_with_every_question(database: Database, path: Path, exchange: Exchange) -> None:
    log = UsageLog(database, NAMES, retention_days=30)
    for _ in range(3):
        await log.record(replace(exchange, asked_at=NOW - timedelta(days=30, hours=1)))
        await log.record(replace(exchange, asked_at=NOW - timedelta(days=30) + timedelta(hours=1)))
    assert len(questions(path)) == 3
    assert rows(path, "SELECT DISTINCT question_id FROM citation") == rows(path, "SELECT id FROM question")


async def test_what_is_old_is_forgotten_on_its_own_too(database: Database, path: Path, exchange: Exchange) -> None:
    await UsageLog(database, NAMES).record(replace(exchange, asked_at=NOW - timedelta(days=31)))
    await UsageLog(database, NAMES).forget()
    assert len(questions(path)) == 1
    await UsageLog(database, NAMES, retention_days=30).forget()
    assert questions(path) == []


async def test_what_is_forgotten_is_in_no_byte_of_the_file(database: Database, path: Path, exchange: Exchange) -> None:
    log = UsageLog(database, NAMES, retention_days=30)
    await log.record(replace(exchange, asked_at=NOW - timedelta(days=31)))
    assert questions(path) == []
    await database.close()
    assert b"who appointed Kyzym" not in b"".join(contents(path).values())


async def test_an_exchange_is_written_whole_or_not_at_all(
    log: UsageLog, path: Path, exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("ALTER TABLE citation RENAME TO elsewhere")
    await log.record(exchange)
    assert questions(path) == []
    assert len(errors(caplog)) == 1


async def test_exchanges_that_end_at_once_are_both_recorded(log: UsageLog, path: Path, exchange: Exchange) -> None:
    await asyncio.gather(log.record(exchange), log.record(exchange))
    assert len(questions(path)) == 2
