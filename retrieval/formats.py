"""Files to documents: a reader for each file format.

A new format is a function `bytes -> Reading` and a row of `READERS`. Markdown's parser and the detector of
encodings are imported when a file needs them: most starts need neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.errors import DocumentError
from retrieval.structure import read_structure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from retrieval.types import Block

_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_NUL_SHARE = 0.25  # of the bytes or characters: more, and the file is not text, or text of two bytes a character


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a file."""

    text: str  # as decoded, untouched but for a byte-order mark
    blocks: list[Block]
    warnings: tuple[str, ...] = ()


def read_text(data: bytes) -> Reading:
    """A plain text, its structure guessed from the shape of its paragraphs."""
    text, warnings = decoded(data)
    return Reading(text, read_structure(text), warnings)


def read_markdown(data: bytes) -> Reading:
    """A Markdown text."""
    from retrieval import markdown  # noqa: PLC0415  # 60 ms that a folder without Markdown need not pay

    text, warnings = decoded(data)
    return Reading(text, markdown.read_markdown(text), warnings)


#: Endings in lower case.
READERS: Mapping[str, Callable[[bytes], Reading]] = {
    ".txt": read_text,
    ".md": read_markdown,
}


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a file and what the operator should know of how it was decoded.

    Raises:
        DocumentError: the bytes are no text in any encoding that could be told.
    """
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _strictly(data, encoding), ()
    if data.count(0) <= _NUL_SHARE * len(data):
        try:
            return data.decode("utf-8"), ()
        except UnicodeDecodeError:
            pass
    return _guessed(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"its byte-order mark says {encoding}, but byte {error.start} is not; save it as UTF-8"
        raise DocumentError(message) from error


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes  # noqa: PLC0415  # 50 ms that UTF-8 need not pay

    best = from_bytes(data).best()
    text = data.decode(best.encoding) if best else "\0"
    if best is None or text.count("\0") > _NUL_SHARE * len(text):
        raise DocumentError("it is not text in any known encoding; save it as UTF-8")
    return text, (f"it is not UTF-8 and was read as {best.encoding}, a guess; save it as UTF-8 to be sure",)
