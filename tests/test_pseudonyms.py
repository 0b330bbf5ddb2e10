"""The hashes in place of Telegram's ids, and the key that they hang on."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.pseudonyms import Pseudonyms, key_path, read_key
from tests.processes import PATIENCE, environment

#: Reads the key as soon as a line comes, and prints it.
READER = """
import sys
from pathlib import Path
from bot.pseudonyms import read_key
print("ready", flush=True)
sys.stdin.readline()
print(read_key(Path(sys.argv[1])).hex())
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "usage.sqlite3"


def test_a_person_and_a_chat_keep_their_hashes_under_one_key() -> None:
    ids = (1, 1001, 7_999_999_999, -1001234567890)
    names = [*map(Pseudonyms(b"k" * 32).person, ids), *map(Pseudonyms(b"k" * 32).chat, ids)]
    assert names == [*map(Pseudonyms(b"k" * 32).person, ids), *map(Pseudonyms(b"k" * 32).chat, ids)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in names)


def test_another_key_gives_other_hashes() -> None:
    assert Pseudonyms(b"k" * 32).person(1001) != Pseudonyms(b"l" * 32).person(1001)
    assert Pseudonyms(b"k" * 32).chat(1001) != Pseudonyms(b"l" * 32).chat(1001)


def test_the_key_is_made_once_beside_the_database_for_its_owner_alone(database: Path) -> None:
    before = os.umask(0)
    try:
        key = read_key(database)
    finally:
        os.umask(before)
    assert len(key) == 32
    assert read_key(database) == key
    assert [path.name for path in database.parent.iterdir()] == ["usage.sqlite3.key"]
    assert stat.S_IMODE(key_path(database).stat().st_mode) == 0o600


def test_two_databases_have_two_keys(tmp_path: Path) -> None:
    assert read_key(tmp_path / "a") != read_key(tmp_path / "b")


def test_processes_that_start_at_once_agree_on_one_key(database: Path) -> None:
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        for _ in range(4)
    ]
    try:
        assert [reader.stdout.readline() for reader in readers if reader.stdout] == ["ready\n"] * 4
        for reader in readers:
            assert reader.stdin
            reader.stdin.write("now\n")
            reader.stdin.flush()
        keys = {reader.communicate(timeout=PATIENCE)[0].strip() for reader in readers}
    finally:
        for reader in readers:
            reader.kill()
            reader.wait(PATIENCE)
    assert keys == {key_path(database).read_bytes().hex()}
    assert [path.name for path in database.parent.iterdir()] == ["usage.sqlite3.key"]


def test_one_who_was_faster_is_believed(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_path(database).write_bytes(b"f" * 32)
    monkeypatch.setattr(Path, "exists", lambda _: False)  # as it was when this process looked
    assert read_key(database) == b"f" * 32
    monkeypatch.undo()
    assert [path.name for path in database.parent.iterdir()] == ["usage.sqlite3.key"]


@pytest.mark.parametrize("content", [b"", b"k" * 31, b"k" * 33])
def test_a_file_that_is_no_key_is_refused_and_left_alone(database: Path, content: bytes) -> None:
    key_path(database).write_bytes(content)
    with pytest.raises(OSError, match=r"usage\.sqlite3\.key is not a key of 32 bytes"):
        read_key(database)
    assert key_path(database).read_bytes() == content


@pytest.mark.parametrize("place", ["nowhere/usage.sqlite3", "file/usage.sqlite3"])
def test_a_key_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=place):
        read_key(tmp_path / place)


def test_a_folder_in_the_place_of_the_key_is_an_error_of_the_system(database: Path) -> None:
    key_path(database).mkdir()
    with pytest.raises(OSError, match=r"usage\.sqlite3\.key"):
        read_key(database)
