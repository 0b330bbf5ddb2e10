"""The values that travel from a folder to an answer.

All offsets are code points into `Document.text`, end exclusive. `Answer` has the shape of the command's
JSON: keys may be added, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_T = TypeVar("_T")


class Watch(Protocol):
    """Looks on while a sequence is worked through, to draw a progress bar for example."""

    def __call__(self, items: Sequence[_T], what: str) -> Iterable[_T]:
        """The items, one after the other; `what` says what is done with them."""


def unwatched(items: Sequence[_T], what: str) -> Iterable[_T]:  # noqa: ARG001  # the shape of Watch
    """Nobody looks on."""
    return items


class Kind(StrEnum):
    """What a block of a document is."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    COMMENT = "comment"  # a reader's, never the publisher's
    TEASER = "teaser"  # the page's summary of another article
    FURNITURE = "furniture"  # what the page says about itself


#: The kinds that an answer may quote.
QUOTABLE = frozenset({Kind.TEXT, Kind.COMMENT, Kind.TEASER})


class Verdict(StrEnum):
    """How sure the answer is."""

    ANSWERED = "answered"  # the documents very likely say it
    RELATED = "related"  # nothing certain, these are the closest passages
    NOTHING = "nothing"  # silence, and no citation


class Silence(StrEnum):
    """Why an answer has no citation."""

    UNSAID = "unsaid"  # the documents do not say it
    WORDLESS = "wordless"  # no word to search for: stop words, signs, emoji
    TOO_LONG = "too_long"  # longer than a Telegram message can be
    GREETING = "greeting"  # a friendly word, not a question
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or other unit of a document, in file order."""

    kind: Kind
    start: int
    end: int
    reason: str  # why it was given this kind, for `quoth check`
    heading: str | None = None  # the heading it stands under
    paragraph: int | None = None  # counted from 1 among the blocks of its kind; quotable kinds only


@dataclass(frozen=True, slots=True)
class Source:
    """What the operator states about a document; whatever is unknown stays None."""

    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None
    comments: bool = True  # whether reader comments may be quoted


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its text as decoded, cut into blocks."""

    file: str  # relative to the folder, with forward slashes
    text: str
    blocks: tuple[Block, ...]
    source: Source
    warnings: tuple[str, ...] = ()
    title: str | None = field(init=False)  # the stated one, else the title line of the text

    def __post_init__(self) -> None:
        lines = (
            " ".join(self.text[block.start : block.end].split()) for block in self.blocks if block.kind is Kind.TITLE
        )
        object.__setattr__(self, "title", self.source.title or next(lines, None))  # the way of a frozen dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """What is ranked: consecutive sentences of one block."""

    document: Document
    block: Block
    sentences: tuple[Span, ...]

    @property
    def start(self) -> int:
        """Where its first sentence starts."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Where its last sentence ends."""
        return self.sentences[-1].end


@dataclass(frozen=True, slots=True)
class LeadIn:
    """The words before a quote without which it cannot be understood, such as who is speaking."""

    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote, to the letter, with where it stands."""

    quote: str
    file: str
    start: int
    end: int
    kind: Kind
    title: str | None
    publisher: str | None
    date: str | None
    url: str | None
    heading: str | None
    paragraph: int | None
    page: int | None
    score: float  # compares within one answer only
    highlights: tuple[tuple[int, int], ...]  # words of the question, as offsets into the document's text
    is_cut: bool  # a single sentence longer than a quote may be
    lead_in: LeadIn | None

    @classmethod
    def of(  # noqa: PLR0913  # what is quoted, and how well it fits
        cls,
        document: Document,
        block: Block,
        span: Span,
        *,
        score: float = 0.0,
        highlights: tuple[tuple[int, int], ...] = (),
        is_cut: bool = False,
        lead_in: LeadIn | None = None,
    ) -> Self:
        """A stretch of a block as a citation."""
        source = document.source
        return cls(
            quote=document.text[span.start : span.end],
            file=document.file,
            start=span.start,
            end=span.end,
            kind=block.kind,
            title=document.title,
            publisher=source.publisher,
            date=source.date,
            url=source.url,
            heading=block.heading,
            paragraph=block.paragraph,
            page=None,
            score=score,
            highlights=highlights,
            is_cut=is_cut,
            lead_in=lead_in,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question."""

    question: str
    verdict: Verdict
    coverage: float  # 0 to 1: the share of the question's weight that the best passage holds
    understood: Mapping[str, tuple[str, ...]]  # a word of the question -> the documents' own words, casefolded
    not_understood: tuple[str, ...]
    citations: tuple[Citation, ...]
    search_ms: float = field(default=0.0, compare=False)
    silence: Silence | None = None  # under `nothing`: why
    #: A word of the question as typed -> the documents' words, as written there, that it was taken for.
    read_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
