"""The allowance: a bucket for each person, which refills with time and not with a restart."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import allowance as module
from bot.allowance import Allowance
from bot.database import Database
from bot.pseudonyms import Pseudonyms
from tests.inside import rows

NAMES = Pseudonyms(b"a key")


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "quoth.sqlite3")
    await database.open()
    yield database
    await database.close()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What time it is, which stands still until it is set."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


async def asked(allowance: Allowance, times: int, user: int = 7) -> list[float]:
    return [round(await allowance.wait(user), 3) for _ in range(times)]


async def test_a_minutes_worth_of_questions_can_be_asked_at_once_and_then_one_at_a_time(
    database: Database, clock: list[float]
) -> None:
    allowance = Allowance(database, NAMES, per_minute=3)
    assert await asked(allowance, 5) == [0, 0, 0, 20, 20]
    clock[0] += 15
    assert await asked(allowance, 1) == [5]
    clock[0] += 5
    assert await asked(allowance, 2) == [0, 20]
    clock[0] += 3_600
    assert await asked(allowance, 4) == [0, 0, 0, 20]


async def test_nobody_pays_for_another(database: Database) -> None:
    allowance = Allowance(database, NAMES, per_minute=1)
    assert await asked(allowance, 2, user=7) == [0, 60]
    assert await asked(allowance, 2, user=8) == [0, 60]


async def test_none_is_no_limit(database: Database) -> None:
    assert await asked(Allowance(database, NAMES, per_minute=0), 1_000) == [0] * 1_000


async def test_a_restart_fills_no_bucket(database: Database, clock: list[float]) -> None:
    before = Allowance(database, NAMES, per_minute=2)
    await asked(before, 3)
    assert before.tell(7)
    await database.write()
    clock[0] += 15
    after = Allowance(database, NAMES, per_minute=2)
    assert await asked(after, 1) == [15]
    assert not after.tell(7)


async def test_a_person_is_told_once_until_the_bucket_was_full_again(database: Database, clock: list[float]) -> None:
    allowance = Allowance(database, NAMES, per_minute=2)
    for _ in range(2):
        await asked(allowance, 3)
        assert [allowance.tell(7), allowance.tell(7)] == [True, False]
        clock[0] += 30
        await asked(allowance, 2)
        assert not allowance.tell(7)
        clock[0] += 60


async def test_a_question_that_is_given_back_can_be_asked_again(database: Database) -> None:
    allowance = Allowance(database, NAMES, per_minute=1)
    await asked(allowance, 1)
    allowance.give_back(7)
    allowance.give_back(8)
    await database.write()
    for later in (allowance, Allowance(database, NAMES, per_minute=1)):
        assert await asked(later, 1) == [0]
        later.give_back(7)
    assert await asked(allowance, 2) == [0, 60]
    assert await asked(allowance, 2, user=8) == [0, 60]


async def test_a_clock_that_is_set_back_takes_no_question_away(database: Database, clock: list[float]) -> None:
    allowance = Allowance(database, NAMES, per_minute=2)
    await asked(allowance, 1)
    clock[0] -= 86_400
    assert await asked(allowance, 2) == [0, 30]
    clock[0] += 30
    assert await asked(allowance, 1) == [0]


async def test_a_database_that_fails_keeps_nobody_from_asking(tmp_path: Path) -> None:
    allowance = Allowance(Database(tmp_path / "nowhere" / "quoth.sqlite3"), NAMES, per_minute=2)
    assert await asked(allowance, 3) == [0, 0, 30]


async def test_no_id_is_kept_and_full_buckets_are_forgotten_in_memory_and_on_disk(
    database: Database, tmp_path: Path, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 10)
    allowance = Allowance(database, NAMES, per_minute=2)
    for user in range(10):
        await asked(allowance, 2, user)
    await database.write()
    assert {person for (person,) in rows(tmp_path, "SELECT person FROM allowance")} == {
        NAMES.person(user) for user in range(10)
    }
    clock[0] += 61
    await asked(allowance, 3, 7)
    await asked(allowance, 3, 10)
    await database.write()
    assert {person for (person,) in rows(tmp_path, "SELECT person FROM allowance")} == {
        NAMES.person(7),
        NAMES.person(10),
    }
    assert await asked(allowance, 1, 7) == [30]
    assert len(allowance._buckets) == 2
