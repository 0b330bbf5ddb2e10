"""Which sentences of the ranked passages are quoted.

Every run of one to three whole sentences is a candidate. It is scored by the share of the question's weight
that it holds, by the rank of its passage, and by how well it stands alone; the best three that do not overlap
are the citations.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.analysis import terms
from retrieval.sentences import sentences, trimmed
from retrieval.types import Citation, Kind, LeadIn, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from retrieval.analysis import Token

MAX_QUOTES = 3
MAX_SENTENCES = 3
MAX_CHARACTERS = 600
_USUAL_CHARACTERS = 250
_MAX_LEAD_IN = 400
_LOOK_BACK = 2_000  # characters in which the beginning of a quotation, or its introduction, is looked for

# How much each property of a run counts, in shares of the question's weight. Measured on public questions: coverage
# and the passage's rank carry the choice, the rest decides between near equals; preferring short sentences hurts.
_PASSAGE = 1.0
_CONTEXT = 0.2
_PAIR = 0.1
_ASKED = 0.2
_EXTRA_SENTENCE = 0.02
_LENGTH = -0.001  # for each character above the usual
_DANGLING = -0.08
_TORN = -0.06
_KIND = {Kind.TEXT: 0.0, Kind.COMMENT: -0.1, Kind.TEASER: -0.1}
#: A further quote holds at least this share of what the first one holds.
_WORTH_SHOWING = 0.5
#: Quotes that share this much of their terms say the same.
_SAME = 0.8

_DANGLERS = re.compile(
    r"[“\"«(]?(?:he|she|it|they|this|that|these|those|his|her|their|its|such|however|therefore|moreover|nevertheless"
    r"|because|so|but|and|also|then|він|вона|вони|це|ці|але|тому|однак|он|она|они|это|эти|но|поэтому|однако|ён|яна"
    r"|яны|гэта|але|аднак)\b",
    re.IGNORECASE,
)
#: Opening mark -> the marks that close it.
_QUOTATION_MARKS = {"“": "”", "«": "»", "„": "“”", '"': '"'}
_OPENING, _CLOSING = {"“", "«"}, {"”", "»"}
_MARK = re.compile('[“”«»„"]')
_ATTRIBUTION = re.compile(r":\s*[“«„\"]")
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is compared: its terms with their weights, which stand side by side, what it asks for."""

    weights: Mapping[str, float]
    pairs: frozenset[tuple[str, str]]
    asked: re.Pattern[str] | None  # what an answer looks like

    def share(self, terms: Collection[str]) -> float:
        """How much of the question's weight these terms hold, 0 to 1."""
        total = sum(self.weights.values())
        return sum(weight for term, weight in self.weights.items() if term in terms) / total if total else 0.0


@dataclass(frozen=True)
class Candidate:
    """A passage that was found, with its words sentence by sentence."""

    passage: Passage
    rank: float  # its score as a share of the best passage's
    tokens: Sequence[Sequence[Token]]
    context: frozenset[str]  # terms of the title and the heading

    @cached_property
    def terms(self) -> frozenset[str]:
        """All terms that speak for the passage."""
        return self.context.union(token.term for sentence in self.tokens for token in sentence)


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive sentences of a candidate, from `first` to before `behind`."""

    candidate: Candidate
    first: int
    behind: int
    share: float
    score: float
    terms: frozenset[str]
    lead_in: LeadIn | None

    @property
    def span(self) -> Span:
        sentences = self.candidate.passage.sentences
        return Span(sentences[self.first].start, sentences[self.behind - 1].end)

    @property
    def file(self) -> str:
        return self.candidate.passage.document.file

    @property
    def order(self) -> tuple[float, int, str, int]:
        """Best first; then the shorter run, then the earlier one."""
        return -round(self.score, 9), self.behind - self.first, self.file, self.span.start

    def repeats(self, other: _Run) -> bool:
        """Whether it shows the same words as the other, or nearly so."""
        overlaps = self.span.start < other.span.end and other.span.start < self.span.end
        shared = len(self.terms & other.terms)
        return (self.file == other.file and overlaps) or shared >= _SAME * len(self.terms | other.terms)


def choose(candidates: Sequence[Candidate], query: Query) -> list[Citation]:
    """Up to three citations, best first, none overlapping or repeating another."""
    runs = sorted((run for candidate in candidates for run in _runs(candidate, query)), key=lambda run: run.order)
    chosen: list[_Run] = []
    for run in runs:
        is_worth_it = not chosen or run.share >= _WORTH_SHOWING * chosen[0].share
        if is_worth_it and not any(run.repeats(other) for other in chosen):
            chosen.append(run)
        if len(chosen) == MAX_QUOTES:
            break
    return [_citation(run, query) for run in chosen]


def _runs(candidate: Candidate, query: Query) -> Iterator[_Run]:
    spans = candidate.passage.sentences
    for first in range(len(spans)):
        lead_in = _lead_in(candidate.passage, spans[first].start)
        said_before = frozenset(terms(lead_in.quote)) if lead_in else frozenset[str]()
        for behind in range(first + 1, min(first + MAX_SENTENCES, len(spans)) + 1):
            if behind > first + 1 and spans[behind - 1].end - spans[first].start > MAX_CHARACTERS:
                break
            own = [token.term for sentence in candidate.tokens[first:behind] for token in sentence]
            if not query.weights.keys().isdisjoint(own):
                share = query.share(said_before.union(own))
                score = share + _merit(candidate, query, first, behind, own)
                yield _Run(candidate, first, behind, share, score, frozenset(own), lead_in)


def _merit(candidate: Candidate, query: Query, first: int, behind: int, own: Sequence[str]) -> float:
    """What counts beside the share of the question that is shown."""
    spans, text = candidate.passage.sentences, candidate.passage.document.text
    start, end = spans[first].start, spans[behind - 1].end
    before = candidate.tokens[first - 1] if first else ()
    around = candidate.context.union(own, (token.term for token in before))
    pairs = query.pairs.intersection(pairwise(own))
    return (
        _PASSAGE * candidate.rank
        + _KIND[candidate.passage.block.kind]
        + _CONTEXT * query.share(around)
        + _PAIR * len(pairs) / max(1, len(query.pairs))
        + (_ASKED if query.asked and query.asked.search(text, start, end) else 0)
        + _EXTRA_SENTENCE * (behind - first - 1)
        + _LENGTH * max(0, end - start - _USUAL_CHARACTERS)
        + (_DANGLING if _DANGLERS.match(text, start) else 0)
        + (_TORN if _is_torn(text, start, end) else 0)
    )


def _is_torn(text: str, start: int, end: int) -> bool:
    """Whether the quote ends inside a quotation, or holds the end of one that began before it."""
    marks = [mark[0] for mark in _MARK.finditer(text, start, end)]
    ends_of_others = sum(mark in _CLOSING for mark in marks) - sum(mark in _OPENING for mark in marks)
    return ends_of_others > 0 or _open_quotation(text, start, end) is not None


def _open_quotation(text: str, start: int, end: int) -> int | None:
    """Where the quotation begins that is still open at the end of the stretch."""
    opened, depth, closing = None, 0, ""
    for mark in _MARK.finditer(text, start, end):
        if depth and mark[0] in closing:
            depth -= 1
        elif depth and mark[0] == text[opened or 0]:
            depth += 1
        elif not depth and mark[0] in _QUOTATION_MARKS:
            opened, depth, closing = mark.start(), 1, _QUOTATION_MARKS[mark[0]]
    return opened if depth else None


def _citation(run: _Run, query: Query) -> Citation:
    passage = run.candidate.passage
    document, block = passage.document, passage.block
    tokens = [token for sentence in run.candidate.tokens[run.first : run.behind] for token in sentence]
    hits = [token for token in tokens if token.term in query.weights]
    shown = _within_limit(document.text, run.span, [Span(token.start, token.end) for token in hits])
    return Citation(
        quote=document.text[shown.start : shown.end],
        file=document.file,
        start=shown.start,
        end=shown.end,
        kind=block.kind,
        title=document.title,
        publisher=document.source.publisher,
        date=document.source.date,
        url=document.source.url,
        heading=block.heading,
        paragraph=block.paragraph,
        page=None,
        score=round(run.score, 4),
        highlights=tuple((hit.start, hit.end) for hit in hits if shown.start <= hit.start and hit.end <= shown.end),
        is_cut=shown != run.span,
        lead_in=run.lead_in,
    )


def _within_limit(text: str, span: Span, hits: Sequence[Span]) -> Span:
    """The span, or of a sentence longer than a quote may be the stretch of whole words that holds most hits."""
    if span.end - span.start <= MAX_CHARACTERS:
        return span
    words = [Span(match.start(), match.end()) for match in _WORD.finditer(text, span.start, span.end)]
    starts = [word.start for word in words]
    best = max(_stretches(words, starts, hits), key=lambda stretch: (stretch[0], -stretch[1].start))
    return trimmed(text, best[1].start, best[1].end)


def _stretches(words: Sequence[Span], starts: Sequence[int], hits: Iterable[Span]) -> Iterator[tuple[int, Span]]:
    """Stretches that begin with the sentence or a few words before a hit, with the number of hits in each."""
    found = list(hits)
    for begin in dict.fromkeys([0, *(max(0, bisect_right(starts, hit.start) - 6) for hit in found)]):
        start = words[begin].start
        last = bisect_right(starts, start + MAX_CHARACTERS) - 1
        while last > begin and words[last].end - start > MAX_CHARACTERS:
            last -= 1
        end = min(words[last].end, start + MAX_CHARACTERS)  # a single word may be longer still
        yield sum(start <= hit.start and hit.end <= end for hit in found), Span(start, end)


def _lead_in(passage: Passage, start: int) -> LeadIn | None:
    """Who is speaking, when the quote is somebody's words and does not say whose."""
    text = passage.document.text
    inside = _attribution(text, max(passage.block.start, start - _LOOK_BACK), start)
    span = inside or _introduction(passage)
    if span is None or span.end - span.start > _MAX_LEAD_IN:
        return None
    return LeadIn(text[span.start : span.end], span.start, span.end)


def _attribution(text: str, start: int, end: int) -> Span | None:
    """Words such as "Kyzym writes:", for a quote from inside the quotation that follows them in its paragraph."""
    mark = _open_quotation(text, start, end)
    colon = text.rfind(":", start, mark) if mark is not None else -1
    if colon < 0 or not _ATTRIBUTION.match(text, colon):
        return None
    return sentences(text, start, colon + 1)[-1]


def _introduction(passage: Passage) -> Span | None:
    """The sentence that ends with a colon in the paragraph above."""
    blocks, text = passage.document.blocks, passage.document.text
    at = bisect_right(blocks, passage.block.start, key=lambda block: block.start) - 1
    above = blocks[at - 1] if at else None
    if above is None or above.kind is not passage.block.kind or text[above.end - 1] != ":":
        return None
    return sentences(text, max(above.start, above.end - _LOOK_BACK), above.end)[-1]
