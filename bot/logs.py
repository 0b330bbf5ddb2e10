"""The process's own log: to standard error, a line for each event, the token never in it."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.terminal_text import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

_log = logging.getLogger(__name__)

_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_INDENT = "    "
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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redaction(_formatter(style), frozenset(_spellings(secrets))))
    sys.excepthook = _on_end
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)


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
