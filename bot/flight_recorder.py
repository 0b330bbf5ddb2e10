"""Which update's code runs at this moment, noted where the death of the process leaves it: in a page of a file.

A handler may take the process with it: a fault in a library in C, memory that the system will not give. Then nobody is
left to count it. The page is the system's, which keeps it beyond the process; a note in it costs some nanoseconds and
no write to the disk. Many updates may be under way at such a moment, of which one is to blame: the one that runs.
"""

from __future__ import annotations

import logging
import mmap
import os
import struct
from contextlib import suppress
from types import coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator
    from pathlib import Path

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_NOTE = struct.Struct("=Q")
_NOBODY = 0  # a note is the number of an update and one more


class FlightRecorder:
    """The note, in a file that is there while the process is.

    Args:
        database: the note lies beside it; None: it is kept nowhere.
    """

    def __init__(self, database: Path | None) -> None:
        self._path = database.with_name(f"{database.name}.at-work") if database else None
        self._note = memoryview(bytearray(_NOTE.size)).cast("Q")

    def open(self) -> int | None:
        """Begins to keep the note.

        Returns:
            The update whose code ran when an earlier process died; None if there was none, or it cannot be known.
        """
        if self._path is None:
            return None
        try:
            found, self._note = _mapped(self._path)
        except OSError as error:
            _log.debug("No note is kept of what runs: %s", error)  # whatever keeps it away, the database reports
            return None
        return found - 1 if found != _NOBODY else None

    def close(self) -> None:
        """Removes the note: the process ends as it should."""
        if isinstance(self._note.obj, mmap.mmap) and self._path:
            with suppress(OSError):
                self._path.unlink()

    @coroutine
    def accompany(self, update_id: int, work: Coroutine[Any, Any, _Result]) -> Generator[Any, None, _Result]:
        """Awaits the work on an update, and notes it whenever the work's own code runs, not while it waits."""
        raised: BaseException | None = None
        while True:
            self._note[0] = update_id + 1
            try:
                awaited = work.send(None) if raised is None else work.throw(raised)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # the result of the work
            finally:
                self._note[0] = _NOBODY
            raised = None
            try:
                yield awaited
            except BaseException as error:  # noqa: BLE001  # the work's own, such as its cancellation
                raised = error


def _mapped(path: Path) -> tuple[int, memoryview]:
    """What a file notes, and the file's own page, from now on without a note."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        found = os.pread(descriptor, _NOTE.size, 0)
        os.pwrite(descriptor, _NOTE.pack(_NOBODY), 0)  # written, not stretched: a page without a place would be fatal
        page = mmap.mmap(descriptor, _NOTE.size)
    finally:
        os.close(descriptor)
    return _NOTE.unpack(found)[0] if len(found) == _NOTE.size else _NOBODY, memoryview(page).cast("Q")
