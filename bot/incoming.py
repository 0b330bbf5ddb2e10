"""JSON from outside, read within bounds; of many updates each by itself if need be, so that none spoils the others."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Levels of JSON; an update has about ten. SQLite stops at a thousand, Python's own reader and writer at some hundred.
DEEPEST = 100
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[{]|[\]}]', re.DOTALL)
_IN_LIST = 3  # the level of an update in {"ok": true, "result": [{…}, {…}]}
_ID = re.compile(r'"update_id"\s*:\s*(\d{1,19})(?!\d)')


def parsed(content: bytes | str) -> Any:  # noqa: ANN401  # it may be anything
    """JSON of a bearable depth; None if it is none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            return None
        level = [part for each in level for part in _parts(each)]
    return found


def one_by_one(reply: str) -> Iterator[tuple[int, object]]:
    """The updates in a reply that cannot be read as a whole, cut off or with one that is out of bounds.

    Yields:
        Their ids, and each as JSON; None if it cannot be read by itself either.
    """
    for piece in _pieces(reply):
        if number := _ID.search(piece):
            yield int(number[1]), parsed(piece)


def _pieces(reply: str) -> Iterator[str]:
    """The stretches of a reply that hold an update each, by their brackets."""
    level = start = 0
    for token in _TOKEN.finditer(reply):
        if token[0] in "[{":
            level += 1
            start = token.start() if level == _IN_LIST else start
        elif token[0] in "]}":
            if level == _IN_LIST:
                yield reply[start : token.end()]
            level -= 1


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
