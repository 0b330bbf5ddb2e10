"""`quoth backup`: a sound copy while the bot writes, that a bot can be started on; and a line for each failure."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot import backup
from bot.backup import back_up
from bot.errors import CommandError
from bot.pseudonyms import key_path, read_key
from bot.schema import open_database
from tests.processes import PATIENCE, QUOTH, Ended, environment, on_terminal, quoth, running
from tests.telegram_server import Fault, TelegramServer

KYZYM = "who appointed Kyzym"
ADD = """
INSERT INTO question (id, asked_at, person, chat, text, verdict, coverage, search_ms, answer_ms, delivered)
VALUES (?, '2024-02-05T12:00:00.000+00:00', 'p', 'c', ?, 'nothing', 0, 1, 1, 1)
"""


async def make(path: Path, rows: int = 0) -> None:
    """A database with its key, and so many questions of a kilobyte each."""
    read_key(path)
    connection = await open_database(path)
    await connection.executemany(ADD, [(number, "x" * 1_000) for number in range(rows)])
    await connection.close()


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def texts(path: Path) -> list[object]:
    return [text for (text,) in rows(path, "SELECT text FROM question ORDER BY id")]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# A copy that can be used


async def test_a_copy_made_under_load_is_a_moment_of_it_and_a_bot_goes_on_from_there(
    server: TelegramServer, tmp_path: Path
) -> None:
    await make(tmp_path / "quoth.sqlite3", rows=4_000)
    copies = tmp_path / "copies"
    copies.mkdir()
    async with running(server, tmp_path, QUOTH_QUESTIONS_PER_MINUTE="0") as service:
        await service.logged("answers from")
        asking = asyncio.create_task(ask_on(server))
        made = [await backed_up(tmp_path, f"copies/{number}.sqlite3") for number in range(3)]
        asking.cancel()
        assert [(ended.status, ended.out, ended.err) for ended in made] == [(0, "", "")] * 3
        assert await service.stop() == 0
    asked = texts(tmp_path / "quoth.sqlite3")
    lengths = []
    for number in range(3):
        copied = texts(copies / f"{number}.sqlite3")
        assert copied == asked[: len(copied)]
        lengths.append(len(copied))
    assert 4_000 <= lengths[0] < lengths[1] < lengths[2] < len(asked)

    known = rows(copies / "0.sqlite3", "SELECT DISTINCT person FROM question")
    async with running(server, copies, QUOTH_DATABASE="0.sqlite3") as service:
        server.say("one more after the restoration")
        await service.logged("answers from")
        async with asyncio.timeout(PATIENCE):
            while texts(copies / "0.sqlite3")[-1] != "one more after the restoration":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert await service.stop() == 0
    assert rows(copies / "0.sqlite3", "SELECT DISTINCT person FROM question") == known


async def ask_on(server: TelegramServer) -> None:
    number = 0
    while True:
        number += 1
        server.say(f"{KYZYM} {number}")
        await server.next_sent(PATIENCE)


async def backed_up(folder: Path, file: str) -> Ended:
    return await asyncio.to_thread(quoth, "backup", file, cwd=folder)


async def test_what_waits_in_the_copy_for_its_answer_is_answered(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        server.fail_next("sendMessage", Fault.server_error(), times=6)
        server.say(KYZYM)
        await service.logged("sendMessage failed")
        assert (await backed_up(tmp_path, "copy.sqlite3")).status == 0
    async with running(server, tmp_path, QUOTH_DATABASE="copy.sqlite3"):
        assert "I was appointed" in (await server.next_sent(PATIENCE)).text


async def test_writing_between_two_steps_neither_begins_the_copy_anew_nor_gets_into_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_STEP", 1)
    path, copy = tmp_path / "quoth.sqlite3", tmp_path / "copy.sqlite3"
    await make(path, rows=200)
    steps = []

    def write_on(items: Sequence[int], _: str) -> Iterator[int]:
        for item in items:
            with closing(sqlite3.connect(path)) as other, other:
                other.execute(ADD, (1_000 + item, "y" * 10_000))
            steps.append(item)
            yield item

    back_up(path, copy, write_on)
    assert rows(copy, "SELECT count(*), max(id) FROM question") == [(200, 199)]
    assert rows(path, "SELECT count(*) > 200 FROM question") == [(1,)]
    assert len(steps) < 200


async def test_copy_and_key_are_for_their_owner_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    path, copies = tmp_path / "quoth.sqlite3", tmp_path / "copies"
    copies.mkdir()
    await make(path, rows=10)
    umask = os.umask(0)
    try:
        back_up(path, copies / "copy", lambda items, _: items)
    finally:
        os.umask(umask)
    assert names(copies) == {"copy", "copy.key"}
    assert (mode(copies / "copy"), mode(copies / "copy.key")) == (0o600, 0o600)
    assert read_key(copies / "copy") == read_key(path)


async def test_on_a_terminal_a_long_copy_shows_a_bar(tmp_path: Path) -> None:
    path = tmp_path / "quoth.sqlite3"
    await make(path, rows=10_000)
    slow = (
        "import sys, time; from pathlib import Path; from bot import backup, progress\n"
        "backup._STEP, watch = 64, progress.watch\n"
        "def slowly(items, what):\n    for item in watch(items, what):\n        time.sleep(0.1)\n        yield item\n"
        "backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]), slowly)\n"
    )
    with on_terminal(_python(), "-c", slow, str(path), "copy", cwd=tmp_path) as terminal:
        shown = terminal.rest()
        assert terminal.status() == 0
    assert "Copying" in shown
    assert "%" in shown


def _python() -> str:
    return str(QUOTH.with_name("python"))


# One line for each failure


def complaint(tmp_path: Path, file: str = "copy") -> str:
    """The one line of a failure that leaves nothing behind."""
    before = names(tmp_path)
    ended = quoth("backup", file, cwd=tmp_path)
    assert (ended.status, ended.out) == (1, "")
    assert names(tmp_path) == before
    return ended.complaint


async def test_each_failure_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "quoth.sqlite3"
    assert complaint(tmp_path).startswith("quoth: There is no database quoth.sqlite3 yet: ")
    await make(path, rows=100)
    (tmp_path / "taken").touch()
    assert complaint(tmp_path, "taken").startswith("quoth: taken is there already; ")
    (tmp_path / "half.key").touch()
    assert complaint(tmp_path, "half").startswith("quoth: half.key is there already; ")
    assert complaint(tmp_path, "nowhere/copy") == "quoth: nowhere/copy could not be written: No such file or directory."
    with closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(backup, "_PATIENCE", 0.1)
            with pytest.raises(CommandError, match=r"could not be copied to [^:]+: database is locked"):
                back_up(path, tmp_path / "copy", lambda items, _: items)
    path.write_bytes(b"Dear diary, " * 1_000)
    assert complaint(tmp_path) == "quoth: The database quoth.sqlite3 is broken: file is not a database."
    key_path(path).unlink()
    assert complaint(tmp_path).startswith("quoth: The database quoth.sqlite3 has no key beside it: ")


async def test_a_damaged_database_is_not_passed_off_as_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "quoth.sqlite3"
    await make(path, rows=500)
    with path.open("r+b") as file:
        file.seek(20_000)
        file.write(b"\xff" * 200_000)
    assert complaint(tmp_path).startswith("quoth: The database quoth.sqlite3 is broken: ")


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    asyncio.run(make(tmp_path / "quoth.sqlite3", rows=1_000))
    before = names(tmp_path)
    ended = subprocess.run(
        ["sh", "-c", 'ulimit -f 64; exec "$0" backup copy', QUOTH],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        # Not measured by coverage, whose own file would not fit either.
        env={name: value for name, value in environment().items() if not name.startswith("COVERAGE_")},
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("quoth: quoth.sqlite3 could not be copied to copy: ")
    assert names(tmp_path) == before


async def test_a_name_that_is_taken_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path, copy = tmp_path / "quoth.sqlite3", tmp_path / "copy"
    await make(path)

    def take(items: Sequence[int], _: str) -> Sequence[int]:
        copy.write_text("of somebody else")
        return items

    with pytest.raises(CommandError, match="could not be written: File exists"):
        back_up(path, copy, take)
    assert copy.read_text() == "of somebody else"
    assert not key_path(copy).exists()
