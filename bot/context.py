"""A quote where it stands: the block before it, its own and the one after it, to the letter."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.rendering import MAX_LENGTH, Draft, Message, Style, place, quoted
from bot.telegram_text import utf16_length
from retrieval.runs import MAX_CHARACTERS
from retrieval.types import QUOTABLE, Citation, Kind, Span

if TYPE_CHECKING:
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Block, Document

_AROUND = 1_200  # UTF-16 units shown before a quote, and after it
_ELLIPSIS = "…"
_SPACES = " \n"


class Contexts:
    """The documents, for a look at a place in them."""

    def __init__(self, index: Index) -> None:
        self._documents = {document.file: document for document in index.documents}

    def render(self, citation: Citation, wording: Wording) -> Message:
        """The message that shows a quote with what is around it."""
        document, where, more = self._documents[citation.file], place(citation, wording), f"{_ELLIPSIS}\n"
        around = _around(document, citation)
        shown = _clipped(document.text, around, citation, MAX_LENGTH - where.length - 2 * len(more) - 1)
        draft = Draft()
        draft.add(more if shown.start > around.start else "")
        marked = [(citation.start - shown.start, citation.end - shown.start)]
        draft.append(quoted(document.text[shown.start : shown.end], marked, Style.QUOTE))
        draft.add("\n")
        draft.add(more if shown.end < around.end else "")
        draft.append(where)
        return draft.message()

    def citation(self, file: str, start: int, end: int) -> Citation | None:
        """A stretch of a document as a citation; None unless it is short and lies within a block that may be quoted."""
        document = self._documents.get(file)
        block = _block(document, start, end) if document and end - start <= MAX_CHARACTERS else None
        if document is None or block is None:
            return None
        return Citation.of(document, block, Span(start, end))


def _block(document: Document, start: int, end: int) -> Block | None:
    blocks = (block for block in document.blocks if block.start <= start < end <= block.end)
    return next((block for block in blocks if block.kind in QUOTABLE), None)


def _around(document: Document, citation: Citation) -> Span:
    """From the start of the block before a quote's own to the end of the one after it.

    What readers say is no context of what an article says, nor the reverse; page furniture is none of either.
    """
    blocks = document.blocks
    own = next(n for n, block in enumerate(blocks) if block.start <= citation.start < block.end)
    kinds = {blocks[own].kind, Kind.TITLE, Kind.HEADING}
    near = [block for block in blocks[max(0, own - 1) : own + 2] if block.kind in kinds]
    return Span(near[0].start, near[-1].end)


def _clipped(text: str, around: Span, citation: Citation, room: int) -> Span:
    """As much of it as there is room for, in UTF-16 units, and as is looked at without losing the quote."""
    side = min(_AROUND, (room - utf16_length(citation.quote)) // 2)
    before, after = text[around.start : citation.start], text[citation.end : around.end]
    return Span(citation.start - _fitting(before[::-1], side), citation.end + _fitting(after, side))


def _fitting(text: str, room: int) -> int:
    """How many characters at the start of a text fit; a word is cut only if it is half of them by itself."""
    fit = bisect_right(list(accumulate(map(utf16_length, text[:room]))), room)
    if fit == len(text):
        return fit
    words = max(text.rfind(space, 0, fit + 1) for space in _SPACES)
    return len(text[: words if words > fit // 2 else fit].rstrip())
