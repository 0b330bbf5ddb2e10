"""A quote where it stands: the block before it, its own and the one after it, to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering import Draft, Message, Style, place, quoted
from retrieval.runs import MAX_CHARACTERS
from retrieval.types import QUOTABLE, Citation, Kind, Span

if TYPE_CHECKING:
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Block, Document

_AROUND = 1_200  # characters shown before a quote, and after it: with a quote of 600 a message holds them all
_ELLIPSIS = "…"


class Contexts:
    """The documents, for a look at a place in them."""

    def __init__(self, index: Index) -> None:
        self._documents = {document.file: document for document in index.documents}

    def render(self, citation: Citation, wording: Wording) -> Message:
        """The message that shows a quote with what is around it."""
        document = self._documents[citation.file]
        around = _around(document, citation)
        shown = _clipped(document.text, around, citation)
        draft = Draft()
        draft.add(f"{_ELLIPSIS}\n" if shown.start > around.start else "")
        marked = [(citation.start - shown.start, citation.end - shown.start)]
        draft.append(quoted(document.text[shown.start : shown.end], marked, Style.QUOTE))
        draft.add("\n")
        draft.add(f"{_ELLIPSIS}\n" if shown.end < around.end else "")
        draft.append(place(citation, wording))
        return draft.message()

    def citation(self, file: str, start: int, end: int) -> Citation | None:
        """A stretch of a document as a citation; None unless it is short and lies within a block that may be quoted."""
        document = self._documents.get(file)
        block = _block(document, start, end) if document and end - start <= MAX_CHARACTERS else None
        if document is None or block is None:
            return None
        source = document.source
        return Citation(
            quote=document.text[start:end],
            file=file,
            start=start,
            end=end,
            kind=block.kind,
            title=document.title,
            publisher=source.publisher,
            date=source.date,
            url=source.url,
            heading=block.heading,
            paragraph=block.paragraph,
            page=None,
            score=0.0,
            highlights=(),
            is_cut=False,
            lead_in=None,
        )


def _block(document: Document, start: int, end: int) -> Block | None:
    blocks = (block for block in document.blocks if block.start <= start < end <= block.end)
    return next((block for block in blocks if block.kind in QUOTABLE), None)


def _around(document: Document, citation: Citation) -> Span:
    """From the start of the block before a quote's own to the end of the one after it; page furniture ends it."""
    blocks = document.blocks
    own = next(n for n, block in enumerate(blocks) if block.start <= citation.start < block.end)
    near = [block for block in blocks[max(0, own - 1) : own + 2] if block.kind is not Kind.FURNITURE]
    return Span(near[0].start, near[-1].end)


def _clipped(text: str, around: Span, citation: Citation) -> Span:
    """As much of it as fits, from word to word."""
    start, end = max(around.start, citation.start - _AROUND), min(around.end, citation.end + _AROUND)
    if start > around.start:
        start = max(start, text.find(" ", start, citation.start) + 1)
    if end < around.end:
        end = max(citation.end, text.rfind(" ", citation.end, end))
    return Span(start, end)
