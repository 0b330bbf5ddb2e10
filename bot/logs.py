"""The process's own log: to standard error, a line for each event, the token never in it.

A thread of its own prints the lines. A pipe that nobody reads any more, a hung terminal or log driver, would keep back
whoever prints into it; so the bot goes on, and the lines that do not find room are lost.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from queue import SimpleQueue
from select import select
from threading import Event, Thread
from typing import TYPE_CHECKING, TextIO
from urllib.parse import quote

from bot.terminal_text import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

_log = logging.getLogger(__name__)

_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_INDENT = "    "
_MOST = 10_000  # lines that wait to be printed
_PATIENCE = 2.0  # seconds that the end waits for them
_LOST = "%s lines of the log are lost: they were not read in time."
_REDACTED = "<token>"
#: The shape of any bot's token: https://core.telegram.org/bots/api#authorizing-your-bot
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
_SHORTEST_KEY = 20  # characters of a token behind the colon
#: Libraries that log addresses with the token in them, or tracebacks for what we report in a sentence.
_QUIET = {
    "aiosqlite": logging.WARNING,  # at DEBUG it logs every question
    "telegram": logging.CRITICAL,
    "uvicorn": logging.ERROR,  # it warns of every request that is no HTTP
}


class Lines(logging.Formatter):
    """A line for each event; what goes on, as a traceback does, is indented, so that no text can pass for an event."""

    def __init__(self) -> None:
        super().__init__(_LINE)

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return f"\n{_INDENT}".join(harmless(super().format(record)).splitlines())


class Redaction(logging.Formatter):
    """Any formatter's line without secrets: what it prints of arguments and tracebacks too."""

    def __init__(self, inner: logging.Formatter, secrets: frozenset[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, redacted."""
        return redacted(self._inner.format(record), self._secrets)


class Printer(logging.Handler):
    """Prints lines without being waited for.

    Args:
        stream: where they go: to its descriptor, for a thread that stands still in a stream holds that stream's lock.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._descriptor, self._encoding = stream.fileno(), stream.encoding
        # Of the queues this one may be put into amid a put: a signal or the garbage collector may log at any moment.
        self._lines: SimpleQueue[bytes | Event] = SimpleQueue()
        self._lost = self._told = 0  # lines; each is counted in one thread alone
        self._is_stuck = False
        Thread(target=self._print, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Has the record printed; loses it if too many wait."""
        if self._lines.qsize() < _MOST:
            self._lines.put(self._line(record))
        else:
            self._lost += 1

    def flush(self) -> None:
        """Waits until all is printed, but not for long, and not again once that was in vain."""
        printed = Event()
        self._lines.put(printed)
        self._is_stuck = not printed.wait(0 if self._is_stuck else _PATIENCE)

    def _line(self, record: logging.LogRecord) -> bytes:
        try:
            line = self.format(record)
        except Exception as fault:  # noqa: BLE001  # what was logged may raise anything when asked for its text
            line = f"A line of {record.name}:{record.lineno} could not be made: {type(fault).__name__}"
        return f"{line}\n".encode(self._encoding, "replace")

    def _print(self) -> None:
        while True:
            line = self._lines.get()
            if isinstance(line, bytes):
                self._write(line)
            if self._lost > self._told:
                lost, self._told = self._lost - self._told, self._lost
                self._write(self._line(_log.makeRecord(_log.name, logging.WARNING, __file__, 0, _LOST, (lost,), None)))
            if isinstance(line, Event):
                line.set()

    def _write(self, line: bytes) -> None:
        while line:
            try:
                line = line[os.write(self._descriptor, line) :]
            except BlockingIOError:  # another program that has the same terminal made it so
                select([], [self._descriptor], [])
            except OSError:  # nobody is there to read it, nor to be told so
                return


def redacted(text: str, secrets: frozenset[str]) -> str:
    """The text without the secrets, and without anything that looks like a token."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, _REDACTED)
    return _TOKEN.sub(_REDACTED, text)


def configure(level: str, style: str, *secrets: str) -> None:
    """Sets up logging for the process.

    Args:
        level: the least level that is shown.
        style: "text" or "json".
        secrets: the token, and whatever else is to appear in no line.
    """
    handler = Printer(sys.stderr)
    handler.setFormatter(Redaction(_formatter(style), frozenset(_spellings(secrets))))
    sys.excepthook = _on_end
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)


def flush() -> None:
    """Waits until all that was logged is printed, but not for long; the end of the process does so, too."""
    for handler in logging.getLogger().handlers:
        handler.flush()


def _spellings(secrets: Iterable[str]) -> Iterator[str]:
    """The secrets as they stand in an address, and of a token the part that is secret by itself."""
    for secret in secrets:
        _, _, key = secret.partition(":")
        yield from (secret, quote(secret, safe=""))
        if len(key) >= _SHORTEST_KEY:
            yield key


def _on_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Logs what ends the program unforeseen: Python itself would print a message that may hold an address."""
    _log.critical("A fault of Quoth ends it.", exc_info=(kind, error, trace))


def _formatter(style: str) -> logging.Formatter:
    if style == "json":
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415

        return JsonFormatter(_FIELDS, rename_fields={"asctime": "time", "levelname": "level", "name": "logger"})
    return Lines()
