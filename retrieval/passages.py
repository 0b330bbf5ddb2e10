"""What is ranked: the quotable paragraphs, long ones cut between sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.sentences import sentences, trimmed
from retrieval.types import QUOTABLE, Document, Kind, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Code points. A paragraph of a book or a wall of text is ranked in parts of about this size.
PASSAGE_SIZE = 1_500
#: Code points. A sentence without an end, of two megabytes say, is ranked in stretches of whole words of this size.
LONGEST_SENTENCE = 20_000


def passages(document: Document) -> Iterator[Passage]:
    """The passages of a document in file order; comments only where they may be quoted."""
    for block in document.blocks:
        if block.kind in QUOTABLE and (document.source.comments or block.kind is not Kind.COMMENT):
            spans = [
                stretch
                for sentence in sentences(document.text, block.start, block.end)
                for stretch in _stretches(document.text, sentence)
            ]
            for part in _parts(spans):
                yield Passage(document, block, tuple(part))


def _parts(spans: Sequence[Span]) -> Iterator[Sequence[Span]]:
    first = 0
    for at, span in enumerate(spans):
        if at > first and span.end - spans[first].start > PASSAGE_SIZE:
            yield spans[first:at]
            first = at
    if spans:
        yield spans[first:]


def _stretches(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence; where it is too long, stretches of about the same size, all of them longer than a quote."""
    start, length = sentence.start, sentence.end - sentence.start
    count = -(-length // LONGEST_SENTENCE)
    for number in range(1, count):
        limit = sentence.start + number * (length // count)
        space = text.rfind(" ", start + length // count // 2, limit)
        end = space if space >= 0 else limit  # a word longer than half of that is cut itself
        yield trimmed(text, start, end)
        start = end
    yield trimmed(text, start, sentence.end)
