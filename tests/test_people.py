"""What is kept of people, and that nothing is left of somebody who was forgotten, in any byte of the files."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
import telegram

from bot.allowance import Allowance
from bot.database import Database
from bot.inbox import Inbox
from bot.people import People
from bot.pseudonyms import Pseudonyms
from bot.usage import Exchange, UsageLog
from retrieval.types import Answer, Citation, Kind, Verdict

NOW = datetime.now(UTC)
PEOPLE = [7_123_456_000 + number for number in range(12)]
GONE, OTHER = PEOPLE[:2]
GROUP = -1_001_234_567_890
NAMES = Pseudonyms(b"k" * 32)
PLACE = Citation("A.", "a.txt", 0, 2, Kind.TEXT, None, None, None, None, None, 1, None, 1.0, (), False, None)  # noqa: FBT003
CITATIONS = (PLACE, replace(PLACE, start=7, end=9))


def user(user_id: int, language: str | None = "uk") -> telegram.User:
    return telegram.User(user_id, "Olena", is_bot=False, language_code=language)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "quoth.sqlite3"


@pytest_asyncio.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = Database(path)
    yield database
    await database.close()


@pytest.fixture
def people(database: Database) -> People:
    return People(database, NAMES)


class Life:
    """People who ask, vote, choose a language, and leave updates in the inbox."""

    def __init__(self, database: Database, people: People, seed: int) -> None:
        self._random = random.Random(seed)
        self._people = people
        self._usage = UsageLog(database, NAMES)
        self._inbox = Inbox(database)
        self._allowance = Allowance(database, NAMES, 30)

    async def go_on(self, doings: int) -> None:
        for number in range(doings):
            await self._ask(number, self._random.choice(PEOPLE))
        for person in PEOPLE:
            await self._people.choose_language(person, "be")

    async def _ask(self, number: int, person: int) -> None:
        chat = self._random.choice([person, GROUP])
        body = {
            "update_id": number + 1,
            self._random.choice(["message", "edited_message", "callback_query", "inline_query"]): {
                "from": {"id": person, "first_name": f"Name of {person}"},
                "chat": {"id": chat},
                "text": f"update of {person}",
            },
        }
        await self._inbox.keep([body])
        if number % 5:
            await self._inbox.close(number + 1)
        text = f"asked by {person} {'x' * self._random.choice([1, 40, 400, 4_000])} by {person}"
        answer = Answer(text, Verdict.ANSWERED, 1.0, {}, (), CITATIONS)
        await self._usage.record(Exchange(person, chat, answer, NOW, NOW, asked_in=number, answered_in=number))
        await self._allowance.wait(person)
        await self._people.is_new(chat)
        asked = await self._usage.asked_in(chat, number)
        assert asked is not None
        await self._usage.vote(asked, self._random.choice(PEOPLE), is_helpful=True)


def traces(path: Path, person: int) -> dict[str, int]:
    """How often anything that leads to a person stands in the files of the database."""
    marks = (str(person), f"by {person}", f"Name of {person}", NAMES.person(person), NAMES.chat(person))
    content = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return {mark: content.count(mark.encode()) for mark in marks}


def counts(path: Path, person: int) -> Iterator[int]:
    """How many rows are a person's: their own, and updates that wait."""
    with closing(sqlite3.connect(path)) as connection:
        for table in ("question", "vote", "allowance", "person"):
            sql = f"SELECT count(*) FROM {table} WHERE person = ?"
            yield connection.execute(sql, (NAMES.person(person),)).fetchone()[0]
        sql = "SELECT count(*) FROM inbox WHERE body LIKE ?"
        yield connection.execute(sql, (f"%{person}%",)).fetchone()[0]


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_left_of_somebody_who_was_forgotten_and_nobody_else_loses_a_row(
    database: Database, people: People, path: Path, seed: int
) -> None:
    await Life(database, people, seed).go_on(400)
    assert min(traces(path, GONE).values()) > 0
    before = {person: list(counts(path, person)) for person in PEOPLE}
    assert all(min(of_person) > 0 for of_person in before.values())
    assert await people.forget(GONE) is True
    assert set(traces(path, GONE).values()) == {0}
    after = {person: list(counts(path, person)) for person in PEOPLE}
    assert after.pop(GONE) == [0, 0, 0, 0, 0]
    assert {person: [*of[:1], *of[2:]] for person, of in after.items()} == {
        person: [*of[:1], *of[2:]] for person, of in before.items() if person != GONE
    }  # but for their votes on the questions that are gone
    with closing(sqlite3.connect(path)) as connection:
        orphans = "SELECT count(*) FROM {} WHERE question_id NOT IN (SELECT id FROM question)"
        assert [connection.execute(orphans.format(table)).fetchone()[0] for table in ("citation", "vote")] == [0, 0]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_an_update_that_sqlite_cannot_read_keeps_nobody_from_being_forgotten(
    database: Database, people: People, path: Path
) -> None:
    about = {"from": {"id": GONE}}
    await Inbox(database).keep([{"update_id": 7, "odd": [float("nan")]}, {"update_id": 8, "message": about}])
    assert await people.forget(GONE) is True
    with closing(sqlite3.connect(path)) as connection:
        left = connection.execute("SELECT update_id FROM inbox WHERE body IS NOT NULL").fetchall()
    assert left == [(7,)]


async def test_somebody_who_was_forgotten_may_come_back(database: Database, people: People, path: Path) -> None:
    await people.choose_language(GONE, "be")
    assert await people.forget(GONE)
    assert await people.language(user(GONE)) == "uk"
    await people.choose_language(GONE, "ru")
    assert await people.language(user(GONE)) == "ru"
    assert await people.forget(GONE)
    assert await people.forget(GONE)
    await database.close()
    assert set(traces(path, GONE).values()) == {0}


async def test_what_was_said_before_is_left_as_it_is_and_what_is_said_later_is_not(people: People) -> None:
    assert not people.has_forgotten(GONE, NOW)
    assert await people.forget(GONE)
    later = datetime.now(UTC).replace(microsecond=0)  # as Telegram tells the time
    assert people.has_forgotten(GONE, later - timedelta(seconds=5))
    assert not people.has_forgotten(GONE, later)
    assert not people.has_forgotten(OTHER, NOW - timedelta(days=1))


async def test_a_locked_database_is_not_passed_off_as_forgetting(people: People, path: Path) -> None:
    await people.choose_language(GONE, "be")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert await people.forget(GONE) is False
    assert await people.forget(GONE) is True
    assert set(traces(path, GONE).values()) == {0}


async def test_a_reader_who_keeps_the_journal_from_being_emptied_is_told_of(people: People, path: Path) -> None:
    await people.choose_language(GONE, "be")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM person").fetchone() == (1,)
        assert await people.forget(GONE) is False
    assert await people.forget(GONE) is True
    assert set(traces(path, GONE).values()) == {0}


async def test_without_a_file_people_are_forgotten_too() -> None:
    database = Database(None)
    people = People(database, NAMES)
    await people.choose_language(GONE, "be")
    assert await people.forget(GONE) is True
    assert await database.read("SELECT * FROM person") == []
    await database.close()


# Language


async def test_a_chosen_language_outlives_the_process(database: Database, people: People) -> None:
    assert await people.language(user(GONE)) == "uk"
    await people.choose_language(GONE, "be")
    assert [await people.language(user(GONE)), await people.language(user(OTHER))] == ["be", "uk"]
    assert await People(database, NAMES).language(user(GONE)) == "be"
    await people.choose_language(GONE, None)
    assert [await people.language(user(GONE)), await People(database, NAMES).language(user(GONE))] == ["uk", "uk"]
    assert await people.language(None) is None
    assert await people.language(user(OTHER, None)) is None


async def test_a_language_chosen_while_those_of_the_disk_are_read_is_kept(database: Database) -> None:
    await People(database, NAMES).choose_language(OTHER, "be")
    people = People(database, NAMES)
    await asyncio.gather(*(people.language(user(GONE)) for _ in range(5)), people.choose_language(GONE, "ru"))
    assert [await people.language(user(GONE)), await people.language(user(OTHER))] == ["ru", "be"]


async def test_a_disk_that_fails_for_a_while_costs_nobody_their_language(
    database: Database, path: Path, tmp_path: Path
) -> None:
    people = People(database, NAMES)
    await people.choose_language(GONE, "be")
    await people.choose_language(OTHER, "ru")
    await database.close()
    path.rename(tmp_path / "unmounted")
    path.mkdir()
    people = People(database, NAMES)
    assert [await people.language(user(GONE)), await people.language(user(OTHER))] == ["uk", "uk"]
    await people.choose_language(OTHER, None)
    path.rmdir()
    (tmp_path / "unmounted").rename(path)
    assert [await people.language(user(GONE)), await people.language(user(OTHER))] == ["be", "uk"]


async def test_a_chat_is_new_once(database: Database, people: People) -> None:
    assert [await people.is_new(GROUP), await people.is_new(GROUP)] == [True, False]
    assert await People(database, NAMES).is_new(GROUP) is False
    assert await people.is_new(GROUP - 1) is True
