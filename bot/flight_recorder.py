"""What a process was at when it died, noted where its death leaves it: in a page of a file.

The page is the system's, which keeps it beyond the process; a note in it costs some nanoseconds and no write to the
disk. It notes two things.

* Which update's code runs. A handler may take the process with it: a fault in a library in C, memory that the system
  will not give. Then nobody is left to count it. Many updates may be under way at such a moment, of which one is to
  blame: the one that runs.
* Which updates were last seen through. The database learns it some milliseconds later, in a commit with others; were
  the process killed between the two, the next would answer again.
"""

from __future__ import annotations

import logging
import mmap
import os
from array import array
from contextlib import suppress
from dataclasses import dataclass
from types import coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator
    from pathlib import Path

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_NUMBERS = mmap.PAGESIZE // 8  # of 64 bits each: the update whose code runs, then those last seen through
_NOBODY = 0  # each is the id of an update and one more
_GREATEST = 2**63  # what is greater is no such number: SQLite has no room for it


@dataclass(frozen=True, slots=True)
class Traces:
    """What an earlier process left."""

    died_at: int | None = None  # the update whose code ran; None: none, or it cannot be known
    seen_through: frozenset[int] = frozenset()  # the last updates for which nothing was left to do


NO_TRACES = Traces()


class FlightRecorder:
    """The notes, in a file that is there while the process is.

    Args:
        database: they lie beside it; None: they are kept nowhere.
    """

    def __init__(self, database: Path | None) -> None:
        self._path = database.with_name(f"{database.name}.at-work") if database else None
        self._page = memoryview(bytearray(mmap.PAGESIZE)).cast("Q")
        self._next = 1  # where the next update that is seen through is noted, in the place of the oldest

    def open(self) -> Traces:
        """Begins to keep notes; returns those of an earlier process."""
        if self._path is None:
            return NO_TRACES
        try:
            found, self._page = _mapped(self._path)
        except (OSError, ValueError) as error:  # ValueError: there was no room for the whole page
            _log.debug("No note is kept of what runs: %s", error)  # whatever keeps it away, the database reports
            return NO_TRACES
        self._next = next((at for at in range(1, _NUMBERS) if not self._page[at]), 1)
        died_at, *seen_through = (number - 1 if 0 < number <= _GREATEST else None for number in found)
        return Traces(died_at, frozenset(number for number in seen_through if number is not None))

    def close(self) -> None:
        """Removes the notes: the process ends as it should."""
        if isinstance(self._page.obj, mmap.mmap) and self._path:
            with suppress(OSError):
                self._path.unlink()

    def tick_off(self, update_id: int) -> None:
        """Notes that an update is seen through; beyond some hundreds, the oldest is forgotten."""
        self._page[self._next] = update_id + 1
        self._next = self._next % (_NUMBERS - 1) + 1

    @coroutine
    def accompany(self, update_id: int, work: Coroutine[Any, Any, _Result]) -> Generator[Any, None, _Result]:
        """Awaits the work on an update, and notes it whenever the work's own code runs, not while it waits."""
        raised: BaseException | None = None
        while True:
            self._page[0] = update_id + 1
            try:
                awaited = work.send(None) if raised is None else work.throw(raised)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # the result of the work
            finally:
                self._page[0] = _NOBODY
            raised = None
            try:
                yield awaited
            except BaseException as error:  # noqa: BLE001  # the work's own, such as its cancellation
                raised = error


def _mapped(path: Path) -> tuple[array[int], memoryview]:
    """The notes in a file, and the file's own page, from now on without a note of what runs."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        kept = os.pread(descriptor, mmap.PAGESIZE, 0)
        found = array("Q", kept[: len(kept) // 8 * 8].ljust(mmap.PAGESIZE, b"\0"))
        # Written, not stretched: a page without a place on the disk would be fatal.
        os.pwrite(descriptor, array("Q", [_NOBODY, *found[1:]]).tobytes(), 0)
        page = mmap.mmap(descriptor, mmap.PAGESIZE)
    finally:
        os.close(descriptor)
    return found, memoryview(page).cast("Q")
