"""The inbox: what arrives is on disk, what comes twice is known, what is answered is erased."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import inbox as module
from bot import schema
from bot.database import Database, Statement
from bot.errors import PostponedError
from bot.flight_recorder import Traces
from bot.inbox import MAX_FAULTS, Body, Inbox, id_of
from bot.schema import Connection
from tests.inside import rows

NOT_UPDATES: list[Any] = [
    *(None, 7, "text", [], [1], {}, True),
    *({"update_id": number} for number in (None, "7", 7.0, True, -1, 2**63, 10**400, [7])),
]


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "quoth.sqlite3")
    await database.open()
    yield database
    await database.close()


def body(number: int, text: str = "who appointed Kyzym") -> Body:
    return {"update_id": number, "message": {"text": text}}


async def kept(inbox: Inbox, *bodies: Any) -> list[int]:
    return [update.update_id for update in await inbox.keep(bodies)]


async def begun(database: Database, *, after_a_look: bool) -> Inbox:
    """The inbox of a process, which looks first what was left unless the disk fails then."""
    inbox = Inbox(database)
    if after_a_look:
        await inbox.waiting()
    return inbox


def on_disk(folder: Path) -> list[tuple[object, ...]]:
    return rows(folder, "SELECT update_id, json_extract(body, '$.message.text') FROM inbox ORDER BY update_id")


async def test_an_update_is_on_disk_before_it_is_handed_on(database: Database, tmp_path: Path) -> None:
    inbox = Inbox(database)
    (received,) = await inbox.keep([body(7)])
    assert (received.update_id, received.body, received.is_safe) == (7, body(7), True)
    assert on_disk(tmp_path) == [(7, "who appointed Kyzym")]


async def test_an_update_that_is_answered_is_erased_and_its_id_stays(database: Database, tmp_path: Path) -> None:
    inbox = Inbox(database)
    await inbox.keep([body(7), body(8)])
    assert await inbox.close(7)
    assert on_disk(tmp_path) == [(7, None), (8, "who appointed Kyzym")]
    assert [update.update_id for update in await Inbox(database).waiting()] == [8]


@pytest.mark.parametrize("after_a_look", [True, False])
async def test_what_comes_twice_is_handed_on_once_in_this_life_and_the_next(
    database: Database, *, after_a_look: bool
) -> None:
    inbox = await begun(database, after_a_look=after_a_look)
    assert await kept(inbox, body(7), body(7), body(8)) == [7, 8]
    assert await kept(inbox, body(8), body(9), body(7)) == [9]
    await inbox.close(7)
    later = await begun(database, after_a_look=after_a_look)
    assert await kept(later, body(7), body(8), body(10)) == [10]
    assert await kept(later, body(7), body(8), body(9)) == []


@pytest.mark.parametrize("after_a_look", [True, False])
async def test_ids_may_begin_anew(database: Database, *, after_a_look: bool) -> None:
    inbox = await begun(database, after_a_look=after_a_look)
    assert await kept(inbox, body(1_000)) == [1_000]
    assert await kept(inbox, body(5), body(6)) == [5, 6]
    later = await begun(database, after_a_look=after_a_look)
    assert await kept(later, body(5), body(999), body(1_000), body(1_001)) == [999, 1_001]
    assert await kept(later, body(1_001), body(1_000)) == []


async def test_what_an_earlier_process_left_is_handed_on_in_order(database: Database) -> None:
    await Inbox(database).keep([body(9), body(7, "🇺🇦 \ud800 \0"), body(8)])
    later = Inbox(database)
    waiting = await later.waiting()
    assert [(update.update_id, update.body) for update in waiting] == [
        *((7, body(7, "🇺🇦 \ud800 \0")), (8, body(8)), (9, body(9))),
    ]
    assert await kept(later, body(8)) == []


@pytest.mark.parametrize("thing", NOT_UPDATES)
async def test_what_is_no_update_is_passed_over(database: Database, thing: Any) -> None:
    assert id_of(thing) is None
    assert await kept(Inbox(database), body(7), thing, body(8)) == [7, 8]


@pytest.mark.parametrize("number", [0, 1, 2**63 - 1])
async def test_any_number_that_telegram_may_give_is_kept(database: Database, number: int) -> None:
    assert await kept(Inbox(database), body(number)) == [number]
    assert [update.update_id for update in await Inbox(database).waiting()] == [number]


async def test_a_huge_update_is_kept_whole(database: Database) -> None:
    await Inbox(database).keep([body(7, "x" * 5_000_000)])
    (update,) = await Inbox(database).waiting()
    assert update.body == body(7, "x" * 5_000_000)


async def test_the_body_of_an_update_that_waits_can_be_read_again(database: Database) -> None:
    inbox = Inbox(database)
    await inbox.keep([body(7), body(8)])
    await inbox.close(8)
    assert [await inbox.body(number) for number in (7, 8, 9)] == [body(7), None, None]


async def test_old_ids_are_forgotten_and_what_waits_is_not(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SWEEP", 0)
    inbox = Inbox(database)
    await inbox.keep([body(7), body(8), body(9)])
    await inbox.close(7)
    await inbox.close(9)
    with closing(sqlite3.connect(tmp_path / "quoth.sqlite3")) as connection, connection:
        connection.execute("UPDATE inbox SET arrived_at = '2020-01-01' WHERE update_id < 9")
    await inbox.keep([body(10)])
    await database.write()
    assert [number for number, _ in on_disk(tmp_path)] == [8, 9, 10]


async def test_memory_does_not_grow_with_the_years(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 100)
    inbox = Inbox(database)
    for start in range(0, 1_000, 100):
        await inbox.keep(map(body, range(start, start + 100)))
        for number in range(start, start + 100):
            await inbox.fault(number)
            inbox.close(number)
    assert len(inbox._seen) == 100
    assert not inbox._faults
    assert await kept(inbox, body(1), body(999)) == []


# Faults


async def test_after_three_faults_an_update_is_to_be_given_up_whatever_happens_between_them(database: Database) -> None:
    inbox = Inbox(database)
    await inbox.keep([body(7), body(8)])
    assert [await inbox.fault(7), await inbox.fault(8)] == [False, False]
    later = Inbox(database)
    await later.waiting()
    assert [await later.fault(7), await later.fault(7)] == [False, True]
    assert not await later.fault(8)


async def test_what_an_earlier_process_had_seen_through_is_closed_and_not_taken_again(
    database: Database, tmp_path: Path
) -> None:
    await Inbox(database).keep([body(7), body(8)])
    inbox = Inbox(database)
    assert [update.update_id for update in await inbox.waiting(Traces(seen_through=frozenset({7, 5})))] == [8]
    assert on_disk(tmp_path) == [(7, None), (8, "who appointed Kyzym")]
    assert await kept(inbox, body(5), body(7), body(9)) == [9]


async def test_an_update_that_three_processes_died_at_is_not_handed_on_any_more(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await Inbox(database).keep([body(7), body(8)])
    for _ in range(MAX_FAULTS - 1):
        assert len(await Inbox(database).waiting(Traces(died_at=7))) == 2
    assert [update.update_id for update in await Inbox(database).waiting(Traces(died_at=7))] == [8]
    assert "Update 7 made the bot stand still or die 3 times and is given up." in caplog.messages
    await database.write()
    assert on_disk(tmp_path) == [(7, None), (8, "who appointed Kyzym")]


# When the disk fails


async def test_on_a_disk_that_fails_updates_are_handed_on_once_and_known_to_be_unsafe(tmp_path: Path) -> None:
    inbox = Inbox(Database(tmp_path / "nowhere" / "quoth.sqlite3"))
    (received,) = await inbox.keep([body(7)])
    assert not received.is_safe
    assert await kept(inbox, body(7), body(8)) == [8]
    assert not await inbox.close(7)
    assert [await inbox.fault(8) for _ in range(MAX_FAULTS)] == [False, False, True]
    assert await inbox.waiting() == []


async def test_what_the_disk_cannot_show_now_is_not_taken_for_gone(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_BUSY_MS", 50)
    inbox = Inbox(database)
    await inbox.keep([body(7)])
    path = tmp_path / "quoth.sqlite3"
    await database.close()
    path.rename(tmp_path / "unmounted")
    path.mkdir()
    with pytest.raises(PostponedError):
        await inbox.body(7)
    path.rmdir()
    (tmp_path / "unmounted").rename(path)
    assert await inbox.body(7) == body(7)


@pytest.mark.parametrize("damaged", [json.dumps(body(7))[:-5], "", "[]"])
async def test_a_body_that_is_damaged_does_not_stop_the_others(
    database: Database, tmp_path: Path, damaged: str
) -> None:
    await Inbox(database).keep([body(7), body(8)])
    with closing(sqlite3.connect(tmp_path / "quoth.sqlite3")) as connection, connection:
        connection.execute("UPDATE inbox SET body = ? WHERE update_id = 7", (damaged,))
    assert await Inbox(database).body(7) is None
    assert [update.update_id for update in await Inbox(database).waiting()] == [8]
    assert [update.update_id for update in await Inbox(database).waiting()] == [8]


async def test_what_was_left_is_handed_on_once_the_disk_can_be_read_and_nothing_twice(
    database: Database, tmp_path: Path
) -> None:
    await Inbox(database).keep([body(7), body(8)])
    path = tmp_path / "quoth.sqlite3"
    await database.close()
    path.rename(tmp_path / "unmounted")
    path.mkdir()
    inbox = Inbox(database)
    assert await inbox.waiting() == []
    assert await kept(inbox, body(8), body(9)) == [8, 9]
    path.rmdir()
    (tmp_path / "unmounted").rename(path)
    await database.write()  # and what is owed
    assert [update.update_id for update in await inbox.waiting()] == [7]
    assert await inbox.waiting() == []


async def test_a_body_that_could_not_be_read_is_not_taken_for_none_though_a_write_succeeds_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox(database)
    await inbox.keep([body(7)])
    written: list[asyncio.Future[bool]] = []

    async def fail(_: Connection, *__: object) -> None:
        monkeypatch.undo()
        written.append(database.write(Statement("UPDATE inbox SET faults = faults")))
        await asyncio.sleep(0.01)  # it waits for its turn by now
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Connection, "execute_fetchall", fail)
    with pytest.raises(PostponedError):
        await inbox.body(7)
    assert await written[0]
    assert await inbox.body(7) == body(7)
