"""What is ranked: the quotable paragraphs, long ones cut between sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.sentences import sentences
from retrieval.types import QUOTABLE, Document, Kind, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Code points. A paragraph of a book or a wall of text is ranked in parts of about this size.
PASSAGE_SIZE = 1_500


def passages(document: Document) -> Iterator[Passage]:
    """The passages of a document in file order; comments only where they may be quoted."""
    for block in document.blocks:
        if block.kind in QUOTABLE and (document.source.comments or block.kind is not Kind.COMMENT):
            for part in _parts(sentences(document.text, block.start, block.end)):
                yield Passage(document, block, tuple(part))


def _parts(spans: Sequence[Span]) -> Iterator[Sequence[Span]]:
    first = 0
    for at, span in enumerate(spans):
        if at > first and span.end - spans[first].start > PASSAGE_SIZE:
            yield spans[first:at]
            first = at
    if spans:
        yield spans[first:]
