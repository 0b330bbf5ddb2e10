"""What outlives the process: which update it died at, given up after three deaths, and which it had seen through."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from signal import SIGKILL, SIGSEGV
from sys import byteorder

import pytest

from bot.flight_recorder import FlightRecorder, Traces
from tests.inside import rows
from tests.processes import PATIENCE, contents, running, until
from tests.telegram_server import Fault, TelegramServer

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
#: `quoth run` with a search that ends the process at some questions.
DEADLY = """
import ctypes, os, signal, sys
from bot.__main__ import main
from retrieval.index import Index

DEATHS = {
    "an exit": lambda: os._exit(0),
    "a kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "a fault in C": lambda: ctypes.string_at(0),
}

def ask(self, question, *limits, ask=Index.ask):
    DEATHS.get(question, lambda: None)()
    return ask(self, question, *limits)

Index.ask = ask
sys.argv = ["quoth", "run"]
main()
"""
#: `quoth run` whose first search for a question with its mark is slow and says that it has begun.
SLOW = """
import sys, time
from bot.__main__ import main
from retrieval.index import Index

def ask(self, question, *limits, ask=Index.ask):
    if question.endswith("?"):
        print("searching", flush=True)
        time.sleep(0.5)
        Index.ask = ask
    return ask(self, question, *limits)

Index.ask = ask
sys.argv = ["quoth", "run"]
main()
"""
#: `quoth run` that is killed as soon as it has answered, before the database learns of it.
KILLED = """
import os, signal, sys
from bot.__main__ import main
from bot.inbox import Inbox

Inbox.close = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["quoth", "run"]
main()
"""
UNLIMITED = {"QUOTH_QUESTIONS_PER_MINUTE": "0"}


@pytest.mark.parametrize(("question", "status"), [("an exit", 0), ("a kill", -SIGKILL), ("a fault in C", -SIGSEGV)])
async def test_an_update_that_kills_the_bot_is_given_up_after_three_deaths_and_all_others_are_answered(
    server: TelegramServer, tmp_path: Path, question: str, status: int
) -> None:
    poison, others = server.say(question, user=1), set()
    for life in range(1, 4):
        for number in range(20):
            server.say(f"{KYZYM} {life}", user=100 * life + number // 2)
            others.add(100 * life + number // 2)
        async with running(server, tmp_path, program=DEADLY, **UNLIMITED) as service:
            assert await service.end() == status
    async with running(server, tmp_path, program=DEADLY, **UNLIMITED) as service:
        await service.logged(f"Update {poison} made the bot stand still or die 3 times and is given up.")
        await until(lambda: rows(tmp_path, "SELECT count(*) FROM inbox WHERE body IS NULL") == [(61,)])
        assert await service.stop() == 0
    assert {message.chat_id for message in server.sent if ANSWER in message.text} == others
    assert all(ANSWER in message.text for message in server.sent)
    assert rows(tmp_path, "SELECT update_id, faults FROM inbox WHERE faults > 0") == [(poison, 3)]
    assert set(contents(tmp_path)) == {"quoth.sqlite3", "quoth.sqlite3.key"}


async def test_who_waits_for_telegram_when_the_bot_is_killed_is_not_to_blame(
    server: TelegramServer, tmp_path: Path
) -> None:
    for number in range(20):
        server.say(KYZYM, user=100 + number)
    for _ in range(4):
        async with running(server, tmp_path, **UNLIMITED) as service:
            server.fail_next("sendMessage", Fault.too_many_requests(600), times=20)
            await service.logged("is tried again", times=20)
            await asyncio.sleep(0.2)  # the last one has still to begin its wait
            service.process.kill()
    async with running(server, tmp_path, **UNLIMITED) as service:
        await until(lambda: len({message.chat_id for message in server.sent}) == 20)
        assert await service.stop() == 0
    assert rows(tmp_path, "SELECT count(*) FROM inbox WHERE faults > 0") == [(0,)]


async def test_a_bot_that_is_killed_from_outside_again_and_again_loses_no_question(
    server: TelegramServer, tmp_path: Path
) -> None:
    first = server.say(f"{KYZYM}?", user=1)
    for life in range(5):
        server.say(f"{KYZYM} {life}?", user=100 + life)
        async with running(server, tmp_path, program=SLOW, **UNLIMITED) as service:
            await service.logged("searching")
            service.process.kill()
    async with running(server, tmp_path, **UNLIMITED) as service:
        await until(lambda: len({message.chat_id for message in server.sent}) == 6)
        assert await service.stop() == 0
    assert rows(tmp_path, f"SELECT faults FROM inbox WHERE update_id = {first}") == [(1,)]


async def test_who_was_answered_is_not_answered_again_though_the_database_never_learnt_of_it(
    server: TelegramServer, tmp_path: Path
) -> None:
    number = server.say(KYZYM)
    async with running(server, tmp_path, program=KILLED) as service:
        assert await service.end() == -SIGKILL
    assert rows(tmp_path, "SELECT update_id FROM inbox WHERE body IS NOT NULL") == [(number,)]
    async with running(server, tmp_path) as service:
        server.say(KYZYM, user=2)
        await until(lambda: len({message.chat_id for message in server.sent}) == 2)
        assert await service.stop() == 0
    assert len(server.sent) == 2
    assert rows(tmp_path, "SELECT faults FROM inbox WHERE body IS NULL") == [(0,), (0,)]


async def test_the_note_is_of_the_code_that_runs_and_of_none_that_waits(tmp_path: Path) -> None:
    recorder, noted = FlightRecorder(tmp_path / "quoth.sqlite3"), []
    assert recorder.open() == Traces()

    async def work(name: str, *turns: Awaitable[object]) -> str:
        for turn in turns:
            noted.append((name, read(tmp_path)))
            await turn
        return name

    results = await asyncio.gather(
        recorder.accompany(7, work("seven", asyncio.sleep(0), asyncio.sleep(0.01))),
        recorder.accompany(0, work("none", asyncio.sleep(0), asyncio.sleep(0.01))),
        work("other", asyncio.sleep(0)),
    )
    assert [*results] == ["seven", "none", "other"]
    assert noted == [("seven", 8), ("none", 1), ("other", 0), ("seven", 8), ("none", 1)]
    assert read(tmp_path) == 0
    recorder.close()
    assert contents(tmp_path) == {}


async def test_what_the_work_is_told_and_what_it_raises_gets_through(tmp_path: Path) -> None:
    recorder, heard = FlightRecorder(tmp_path / "quoth.sqlite3"), []
    recorder.open()

    async def work() -> None:
        try:
            await asyncio.sleep(PATIENCE)
        except asyncio.CancelledError:
            heard.append(read(tmp_path))
            raise ValueError("a fault of its own") from None

    task = asyncio.ensure_future(recorder.accompany(7, work()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(ValueError, match="of its own"):
        await task
    assert (heard, read(tmp_path)) == ([8], 0)


@pytest.mark.parametrize(
    ("content", "died_at"),
    [(b"", None), (b"\0" * 8, None), (b"short", None), ((8).to_bytes(8, byteorder), 7), (b"\xff" * 10_000, None)],
)
def test_what_an_earlier_process_was_at_is_told_once(tmp_path: Path, content: bytes, died_at: int | None) -> None:
    (tmp_path / "quoth.sqlite3.at-work").write_bytes(content)
    assert [FlightRecorder(tmp_path / "quoth.sqlite3").open() for _ in range(2)] == [Traces(died_at), Traces()]


def test_the_last_that_were_seen_through_are_told_until_others_take_their_place(tmp_path: Path) -> None:
    recorder = FlightRecorder(tmp_path / "quoth.sqlite3")
    recorder.open()
    for update_id in range(2_000):
        recorder.tick_off(update_id)
    later = FlightRecorder(tmp_path / "quoth.sqlite3")
    seen_through = later.open().seen_through
    assert seen_through == {*range(2_000 - len(seen_through), 2_000)}
    assert len(seen_through) > 500
    later.tick_off(2_000)
    assert FlightRecorder(tmp_path / "quoth.sqlite3").open().seen_through > {2_000, 1_999}


def test_a_process_forgets_none_of_another_one_while_there_is_room(tmp_path: Path) -> None:
    for life in range(5):
        recorder = FlightRecorder(tmp_path / "quoth.sqlite3")
        assert recorder.open().seen_through == {*range(life)}
        recorder.tick_off(life)


async def test_where_there_can_be_no_file_nothing_is_noted_and_all_goes_on(tmp_path: Path) -> None:
    for recorder in (FlightRecorder(None), FlightRecorder(tmp_path / "nowhere" / "quoth.sqlite3")):
        assert recorder.open() == Traces()
        recorder.tick_off(7)
        assert await recorder.accompany(7, asyncio.sleep(0, "done")) == "done"
        recorder.close()


def read(folder: Path) -> int:
    """What the file notes of the code that runs."""
    return int.from_bytes((folder / "quoth.sqlite3.at-work").read_bytes()[:8], byteorder)
