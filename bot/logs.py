"""The process's own log: to standard error, a line for each event, the token never in it."""

from __future__ import annotations

import logging
import re
import sys

from bot.terminal_text import harmless

_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_REDACTED = "<token>"
#: The shape of any bot's token: https://core.telegram.org/bots/api#authorizing-your-bot
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
#: Libraries that log addresses with the token in them, or tracebacks for what we report in a sentence.
_QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiosqlite": logging.WARNING,  # at DEBUG it logs every question
    "telegram": logging.CRITICAL,
}


class Redaction(logging.Formatter):
    """Any formatter's line without secrets: what it prints of arguments and tracebacks too."""

    def __init__(self, inner: logging.Formatter, secrets: frozenset[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, redacted."""
        return redacted(self._inner.format(record), self._secrets)


class _Lines(logging.Formatter):
    """An event a line. What has lines of its own, such as a traceback, is indented: no text can pass for an event."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and perhaps some below."""
        return "\n    ".join(harmless(super().format(record)).splitlines())


def redacted(text: str, secrets: frozenset[str]) -> str:
    """The text without the secrets, and without anything that looks like a token."""
    for secret in secrets:
        text = text.replace(secret, _REDACTED)
    return _TOKEN.sub(_REDACTED, text)


def configure(level: str, style: str, token: str) -> None:
    """Sets up logging for the process.

    Args:
        level: the least level that is shown.
        style: "text" or "json".
        token: it appears in no line.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redaction(_formatter(style), frozenset({token})))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)


def _formatter(style: str) -> logging.Formatter:
    if style == "json":
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415

        return JsonFormatter(_FIELDS, rename_fields={"asctime": "time", "levelname": "level", "name": "logger"})
    return _Lines(_LINE)
