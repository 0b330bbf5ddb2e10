"""A copy of the database and its key, made while the bot runs, and used by naming it in QUOTH_DATABASE.

Nothing stands under the copy's name until the copy is whole: it is drafted in a folder beside it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.errors import CommandError
from bot.pseudonyms import key_path
from bot.schema import BrokenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    #: Shows how far something is: `bot.progress.watch`.
    Watch = Callable[[Sequence[int], str], Iterable[int]]

_FAILURE = 1  # the exit status
_STEP = 256  # pages that are copied between two looks at the progress: a megabyte
_PATIENCE = 10.0  # seconds for another program's lock


def back_up(database: Path, target: Path, watch: Watch) -> None:
    """Copies the database and its key to a target and its key, neither of which is there yet.

    Raises:
        CommandError: it is not possible; nothing is left behind.
    """
    _check(database, target)
    try:
        with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            draft = Path(folder) / "draft"
            _write(key_path(draft), key_path(database).read_bytes())
            _write(draft, b"")
            _copy(database, draft, watch)
            _name(draft, target)
    except BrokenError as fault:
        raise CommandError(f"The database {database} is broken: {fault}.", _FAILURE) from fault
    except sqlite3.Error as fault:
        raise CommandError(f"{database} could not be copied to {target}: {fault}.", _FAILURE) from fault
    except OSError as fault:
        raise CommandError(f"{target} could not be written: {fault.strerror}.", _FAILURE) from fault


def _check(database: Path, target: Path) -> None:
    if not database.is_file():
        raise CommandError(
            f"There is no database {database} yet: quoth run makes it. QUOTH_DATABASE says where it is.", _FAILURE
        )
    if not key_path(database).is_file():
        raise CommandError(f"The database {database} has no key beside it: quoth run makes a new one.", _FAILURE)
    for path in (target, key_path(target)):
        if os.path.lexists(path):
            raise CommandError(f"{path} is there already; a backup overwrites nothing.", _FAILURE)


def _copy(database: Path, draft: Path, watch: Watch) -> None:
    """Copies page by page, as the database was when the copying began, and makes sure that the copy is sound."""
    with (
        closing(_opened(database)) as source,
        closing(sqlite3.connect(draft, isolation_level=None)) as copy,
    ):
        # What is read from here on is one state of the database. Without it each write of the bot begins the copy anew.
        source.execute("BEGIN")
        try:
            ((pages,),) = source.execute("SELECT page_count FROM pragma_page_count()").fetchall()
            steps = iter(watch(range(-(-pages // _STEP)), "Copying"))
            source.backup(copy, pages=_STEP, progress=lambda *_: next(steps, None))
            next(steps, None)  # ends the bar
            ((found,), *_) = copy.execute("PRAGMA quick_check(1)").fetchall()
        except sqlite3.DatabaseError as fault:
            if type(fault) is sqlite3.DatabaseError:  # no database, or a malformed one; the rest has types of its own
                raise BrokenError(str(fault)) from fault
            raise
        if found != "ok":
            raise BrokenError(" ".join(found.split()))


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE, isolation_level=None)


def _write(path: Path, content: bytes) -> None:
    """Writes a new file that its owner alone can read."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _name(draft: Path, target: Path) -> None:
    """Gives the finished copy its name, unless another file has taken it meanwhile; the key first."""
    os.link(key_path(draft), key_path(target))
    try:
        os.link(draft, target)
    except OSError:
        key_path(target).unlink()
        raise
