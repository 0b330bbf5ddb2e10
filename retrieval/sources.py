"""`sources.toml`: what the operator states about the documents of a folder.

[[document]]
file = "report.txt"                  # relative to the folder
sha256 = "…"                         # of the file these statements were made about
title = "…"                          # title, publisher, date, url, language: only what is known
comments = false                     # leaves reader comments out of the answers
[[document.range]]                   # overrides what the structure of the text suggests
kind = "teaser"
start = "exact text, which must stand once"
end = "exact text behind it"         # left out: the range is the text of `start`
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from retrieval.errors import DocumentError, SourcesError
from retrieval.types import Block, Kind, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILE_NAME = "sources.toml"
_TEXTS = ("title", "publisher", "date", "url", "language")
_KEYS = {"file", "sha256", "comments", "range", *_TEXTS}
_RANGE_KEYS = {"kind", "start", "end"}


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of a document that the operator gives a kind."""

    kind: Kind
    start: str
    end: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What `sources.toml` says of one file."""

    source: Source
    sha256: str | None
    ranges: tuple[Range, ...]


def read_sources(content: bytes) -> dict[str, Statement]:
    """The statements by file name.

    Raises:
        SourcesError: the text is not TOML, or a key or a value is not one that is known.
    """
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourcesError(f"{FILE_NAME} is not valid TOML: {error}.") from error
    _known(tables, {"document"}, FILE_NAME)
    statements: dict[str, Statement] = {}
    for table in _tables(tables, "document", FILE_NAME):
        file = _text(table, "file", FILE_NAME)
        if not file:
            raise SourcesError(f'{FILE_NAME}: a [[document]] has no file = "…".')
        if file in statements:
            raise SourcesError(f"{FILE_NAME}: {file} is described twice; keep one [[document]].")
        statements[file] = _statement(table, f"{FILE_NAME}, {file}")
    return statements


def _statement(table: Mapping[str, object], where: str) -> Statement:
    _known(table, _KEYS, where)
    comments = table.get("comments", True)
    if not isinstance(comments, bool):
        raise SourcesError(f"{where}: comments is true or false.")
    source = Source(**{key: _text(table, key, where) for key in _TEXTS}, comments=comments)
    ranges = tuple(_range(entry, where) for entry in _tables(table, "range", where))
    return Statement(source, _text(table, "sha256", where), ranges)


def _range(table: Mapping[str, object], where: str) -> Range:
    _known(table, _RANGE_KEYS, where)
    kind, start = _text(table, "kind", where), _text(table, "start", where)
    if not kind:
        raise SourcesError(f'{where}: a range has no kind = "…".')
    if kind not in set(Kind):
        raise SourcesError(f"{where}: a range is one of {', '.join(Kind)}, not “{kind}”.")
    if not start:
        raise SourcesError(f'{where}: a range has no start = "…".')
    return Range(Kind(kind), start, _text(table, "end", where))


def _known(table: Mapping[str, object], keys: set[str], where: str) -> None:
    unknown = sorted(set(table) - keys)
    if unknown:
        raise SourcesError(f"{where}: “{unknown[0]}” is not known; there are {', '.join(sorted(keys))}.")


def _tables(table: Mapping[str, object], key: str, where: str) -> list[dict[str, object]]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        heading = "document" if key == "document" else f"document.{key}"
        raise SourcesError(f"{where}: {key} is written as [[{heading}]].")
    return value


def _text(table: Mapping[str, object], key: str, where: str) -> str | None:
    value = table.get(key)
    if isinstance(value, date):
        return value.isoformat()
    if value is not None and not isinstance(value, str):
        raise SourcesError(f"{where}: {key} is a text in quotation marks.")
    return value or None


def check_unchanged(statement: Statement, data: bytes) -> None:
    """Raises DocumentError when the file is not the one that was described."""
    digest = hashlib.sha256(data).hexdigest()
    if statement.sha256 and statement.sha256.lower() != digest:
        message = (
            f"it has changed since {FILE_NAME} described it, so it is cited by its file name alone; "
            f'check what is said of it and set sha256 = "{digest}"'
        )
        raise DocumentError(message)


def apply_ranges(ranges: Sequence[Range], text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with the kinds that the operator gave.

    Raises:
        DocumentError: a range does not stand in the text exactly once, or holds no whole block.
    """
    given = list(blocks)
    for entry in ranges:
        start, end = _extent(entry, text)
        inside = [at for at, block in enumerate(given) if start <= block.start and block.end <= end]
        if not inside:
            raise DocumentError(f"the range “{_short(entry.start)}” of {FILE_NAME} holds no whole paragraph")
        for at in inside:
            given[at] = replace(given[at], kind=entry.kind, reason=FILE_NAME)
    return given


def _extent(entry: Range, text: str) -> tuple[int, int]:
    count = text.count(entry.start)
    if count != 1:
        raise DocumentError(f"“{_short(entry.start)}” of {FILE_NAME} stands {count} times in it instead of once")
    start = text.index(entry.start)
    if entry.end is None:
        return start, start + len(entry.start)
    end = text.find(entry.end, start)
    if end < 0:
        raise DocumentError(f"“{_short(entry.end)}” of {FILE_NAME} does not stand in it behind the start")
    return start, end + len(entry.end)


def _short(text: str) -> str:
    return " ".join(text.split())[:60]
