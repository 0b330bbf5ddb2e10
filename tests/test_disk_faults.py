"""`quoth run` while its disk fails: locked, read-only, full, broken. The answers go out, and one line says why."""

import asyncio
import resource
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.inside import recorded
from tests.processes import PATIENCE, contents, running, until
from tests.telegram_server import Fault, TelegramServer

#: `quoth run` that can write no file of more than a few bytes, as on a full disk.
FULL = """
import resource, sys
from bot.__main__ import main

resource.setrlimit(resource.RLIMIT_FSIZE, (1_024, resource.RLIM_INFINITY))
sys.argv = ["quoth", "run"]
main()
"""
KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
PERSON, STRANGER = 7_123_456_789, 7_987_654_321


async def test_a_database_that_is_locked_costs_one_line_and_no_answer(server: TelegramServer, tmp_path: Path) -> None:
    path = tmp_path / "quoth.sqlite3"
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            server.say(KYZYM)
            assert ANSWER in (await server.next_sent(PATIENCE)).text
            await service.logged("ERROR bot.database: The database quoth.sqlite3 cannot be used: database is locked.")
            other.execute("ROLLBACK")
        server.say(f"{KYZYM} at last")
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    assert len(service.lines) == 3
    assert (f"{KYZYM} at last", 1) in recorded(tmp_path)


async def test_while_another_program_locks_the_database_for_long_nobody_waits_for_it_and_nothing_is_lost(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        with closing(sqlite3.connect(tmp_path / "quoth.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            async with asyncio.timeout(PATIENCE):  # in which ten locks at most are waited for
                for person in range(30):
                    server.say(KYZYM, user=PERSON + person)
                    assert ANSWER in (await server.next_sent()).text
            other.execute("ROLLBACK")
        await until(lambda: len(recorded(tmp_path)) == 30)  # although nobody asks any more
        service.process.kill()
    assert len([line for line in service.lines if " ERROR " in line]) == 1
    async with running(server, tmp_path) as service:
        server.say("hello", user=PERSON)
        assert (await server.next_sent(PATIENCE)).text.startswith("Hello")
        assert await service.stop() == 0
    assert len(server.sent) == 31


#: `quoth run` without the privileges that let root write where nobody may.
UNPRIVILEGED = """
import ctypes, sys
from bot.__main__ import main

ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
sys.argv = ["quoth", "run"]
main()
"""


@pytest.mark.parametrize("place", [".", "quoth.sqlite3"])
async def test_a_folder_or_file_that_cannot_be_written_costs_one_line_and_no_answer(
    server: TelegramServer, tmp_path: Path, place: str
) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        assert await service.stop() == 0
    with closing(sqlite3.connect(tmp_path / "quoth.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    modes = {path: path.stat().st_mode for path in (tmp_path, tmp_path / "quoth.sqlite3")}
    (tmp_path / place).chmod(0o500)
    async with running(server, tmp_path, program=UNPRIVILEGED) as service:
        for number in range(3):
            server.say(f"{KYZYM} {number}")
            assert ANSWER in (await server.next_sent(PATIENCE)).text
        (tmp_path / place).chmod(modes[tmp_path / place])
        await until(lambda: len(recorded(tmp_path)) == 3)
        assert await service.stop() == 0
    (error,) = [line for line in service.lines if " ERROR " in line or " WARNING " in line]
    assert "ERROR bot.database: The database quoth.sqlite3 cannot be used: " in error
    assert "Answers go out, and what is to be kept waits in memory; make the file and its folder writable" in error
    assert [text for text, _ in recorded(tmp_path)] == [f"{KYZYM} {number}" for number in range(3)]


async def test_a_folder_in_which_nothing_can_be_made_costs_one_line_and_no_answer(
    server: TelegramServer, tmp_path: Path
) -> None:
    tmp_path.chmod(0o500)
    async with running(server, tmp_path, program=UNPRIVILEGED) as service:
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    tmp_path.chmod(0o700)
    assert "ERROR bot.app: The key of the database quoth.sqlite3 cannot be used: " in service.lines[0]
    assert "mend the file or its folder, and start again" in service.lines[0]
    assert len(service.lines) == 3
    assert contents(tmp_path) == {}


async def test_a_file_that_is_no_database_is_kept_aside_and_costs_no_answer(
    server: TelegramServer, tmp_path: Path
) -> None:
    (tmp_path / "quoth.sqlite3").write_bytes(b"Dear diary, " * 1_000)
    async with running(server, tmp_path) as service:
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    assert recorded(tmp_path) == [(KYZYM, 1)]
    (aside,) = (content for name, content in contents(tmp_path).items() if ".broken-" in name)
    assert aside == b"Dear diary, " * 1_000
    assert "The database quoth.sqlite3 is broken: file is not a database. It is kept as" in service.lines[0]


async def test_a_disk_that_is_full_costs_one_line_and_no_answer(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))
        for number in range(3):
            server.say(f"{KYZYM} {number}")
            assert ANSWER in (await server.next_sent(PATIENCE)).text
        await service.logged("ERROR bot.database: The database quoth.sqlite3 cannot be used: ")
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        server.say(f"{KYZYM} at last")
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    assert len(service.lines) == 3
    assert recorded(tmp_path)[-1] == (f"{KYZYM} at last", 1)


async def test_a_file_that_breaks_while_the_bot_runs_costs_no_answer(server: TelegramServer, tmp_path: Path) -> None:
    path = tmp_path / "quoth.sqlite3"
    async with running(server, tmp_path) as service:
        server.say(KYZYM)
        await server.next_sent(PATIENCE)
        for file in (path, tmp_path / "quoth.sqlite3-wal"):
            file.write_bytes(b"\xa5" * file.stat().st_size)
        for number in range(4):
            server.say(f"{KYZYM} {number}")
            assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    assert len(service.lines) <= 4
    async with running(server, tmp_path) as service:
        server.say(f"{KYZYM} at last")
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    assert (f"{KYZYM} at last", 1) in recorded(tmp_path)
    assert any(".broken-" in name for name in contents(tmp_path))


async def test_without_a_usable_key_answers_go_out_and_nothing_is_kept(server: TelegramServer, tmp_path: Path) -> None:
    (tmp_path / "quoth.sqlite3.key").write_bytes(b"short")
    async with running(server, tmp_path) as service:
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    assert "ERROR bot.app: The key of the database quoth.sqlite3 cannot be used" in service.lines[0]
    assert set(contents(tmp_path)) == {"quoth.sqlite3.key"}


async def test_the_files_are_for_their_owner_alone(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        server.say(KYZYM)
        await server.next_sent(PATIENCE)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        assert await service.stop() == 0
    names = ("quoth.sqlite3", *(f"quoth.sqlite3{more}" for more in ("-wal", "-shm", ".key", ".at-work")))
    assert modes == dict.fromkeys(names, 0o600)


async def test_what_waits_on_a_disk_that_is_full_at_the_start_is_answered_once_it_is_not(
    server: TelegramServer, tmp_path: Path
) -> None:
    server.fail_next("sendMessage", Fault.too_many_requests(600))
    server.say(KYZYM, user=PERSON)
    async with running(server, tmp_path) as service:
        await service.logged("is tried again")
        assert await service.stop() == 0
    async with running(server, tmp_path, program=FULL) as service:
        await service.logged("answers from")
        assert "disk I/O error" in service.lines[0]
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        server.say(KYZYM, user=STRANGER)
        assert [(await server.next_sent(PATIENCE)).chat_id for _ in range(2)] == [STRANGER, PERSON]
        assert await service.stop() == 0
