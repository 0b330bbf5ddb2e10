"""A passage analysed once for all questions: its terms, and the runs of sentences that may be quoted from it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING

from retrieval import analysis
from retrieval.languages import NEGATIONS
from retrieval.pronouns import antecedents
from retrieval.sentences import sentences
from retrieval.types import Kind, LeadIn, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.analysis import Cyrillic, Token
    from retrieval.answer_types import AnswerType
    from retrieval.types import Block

MAX_SENTENCES = 3
MAX_CHARACTERS = 600
_USUAL_CHARACTERS = 330
_MAX_LEAD_IN = 400
_ANNOUNCED = 6  # terms before the colon that say what follows it: "wrote on her X site on Feb 3"
_LOOK_BACK = 2_000  # characters in which the beginning of a quotation, or its introduction, is looked for

# What a run is worth beside what it says, in shares of a question's weight: it should stand alone and be neither
# long nor torn. Of like runs the longer one more often holds the answer; chosen on public questions.
_EXTRA_SENTENCE = 0.03
_LENGTH = -0.001  # for each character above the usual
_DANGLING = -0.08
_TORN = -0.06
_ANNOUNCING = -0.2  # it ends with a colon: what it announces is not in it
_KIND = {Kind.TEXT: 0.0, Kind.COMMENT: -0.1, Kind.TEASER: -0.1}

_DANGLERS = re.compile(
    r"[“\"«(]?(?:he|she|it|they|the\s+latter|this|that|these|those|his|her|their|its|such|however|therefore"
    r"|moreover|nevertheless|because|so|but|and|also|then|він|вона|вони|це|ці|але|тому|однак|он|она|они|это|эти|но|поэтому|однако|ён|яна"
    r"|яны|гэта|але|аднак)\b",
    re.IGNORECASE,
)
#: Opening mark -> the marks that close it.
QUOTATION_MARKS = {"“": "”", "«": "»", "„": "“”", '"': '"'}
_OPENING, _CLOSING = {"“", "«"}, {"”", "»"}
_MARK = re.compile('[“”«»„"]')
_ATTRIBUTION = re.compile(r":\s*[“«„\"]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage with its terms."""

    span: Span
    tokens: tuple[Token, ...]
    counts: Mapping[str, int]  # how often each term stands there
    denials: int  # how often it says "not"


@dataclass(frozen=True, slots=True)
class Run:
    """One to three consecutive whole sentences of a passage."""

    passage: Passage
    span: Span
    sentences: Sequence[Sentence]
    first: int  # the place of its first term
    tokens: tuple[Token, ...]
    terms: tuple[str, ...]  # of the tokens, in order
    shown: frozenset[str]  # terms of the run and its lead-in
    seen: frozenset[str]  # these, with the heading that the citation names
    around: frozenset[str]  # these, with the title, the heading and the sentence before, be it of the paragraph above
    lead_in: LeadIn | None
    introduced: frozenset[str]  # terms of the lead-in
    announced: frozenset[str]  # the last ones, next to the colon
    denials: int  # how often it says "not"
    merit: float


@dataclass(frozen=True)
class Analysed:
    """A passage with its terms, sentence by sentence, and its runs.

    A place is the number of a term among those of the passage, from 0.
    """

    passage: Passage
    terms: tuple[str, ...]
    places: Mapping[str, Sequence[int]]  # of each term, in order
    surfaces: Mapping[str, Sequence[int]]  # of each word as it stands there, folded but not stemmed
    sentences: tuple[Sentence, ...]
    heading: frozenset[str]  # terms of the heading
    context: frozenset[str]  # of the title too, and of the names that its pronouns mean
    runs: tuple[Run, ...]
    reach: frozenset[str]  # terms of a run or around it, of any of the runs
    merit: float  # of the run that has most

    @property
    def all_terms(self) -> frozenset[str]:
        """Every term that speaks for the passage."""
        return self.context.union(self.terms)

    def neighbours(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[int, tuple[str, str]]]:
        """Where one of these pairs of terms stands side by side: the place of the first, and the pair; in order."""
        return sorted((at, pair) for pair in self._pairs.keys() & pairs for at in self._pairs[pair])

    def offering(self, asked: AnswerType) -> frozenset[int]:
        """Where the sentences start that offer such an answer."""
        if asked not in self._offering:
            text, spans = self.passage.document.text, self.passage.sentences
            self._offering[asked] = frozenset(
                span.start for span in spans if asked.is_offered(text, span.start, span.end)
            )
        return self._offering[asked]

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[int]]:
        """The places of each two terms that stand side by side."""
        found: dict[tuple[str, str], list[int]] = {}
        for at, pair in enumerate(pairwise(self.terms)):
            found.setdefault(pair, []).append(at)
        return found

    @cached_property
    def _offering(self) -> dict[AnswerType, frozenset[int]]:
        """What was looked for before: there are few kinds of answers."""
        return {}


def analysed(passage: Passage, way: Cyrillic) -> Analysed:
    """The passage, analysed."""
    # As a whole, like the index: a sentence in capitals alone would be read another way.
    flat = analysis.tokens(passage.document.text, passage.start, passage.end, way)
    parts = tuple(_sentence(passage.document.text, span, flat) for span in passage.sentences)
    terms = tuple(token.term for token in flat)
    heading = frozenset(analysis.terms(passage.block.heading or "", way))
    around = heading.union(analysis.terms(context(passage), way))
    runs = tuple(_runs(passage, parts, heading, around, way))
    return Analysed(
        passage,
        terms,
        places=_places(terms),
        surfaces=_places(token.word for token in flat),
        sentences=parts,
        heading=heading,
        context=around,
        runs=runs,
        reach=frozenset().union(*(run.around for run in runs)),
        merit=max(run.merit for run in runs),
    )


def context(passage: Passage) -> str:
    """The title and the heading that a passage stands under, and whom its pronouns mean."""
    return "\n".join(filter(None, (passage.document.title, passage.block.heading, antecedents(passage))))


def _places(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The places of each word, in order."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    return {word: tuple(found) for word, found in places.items()}


def _sentence(text: str, span: Span, tokens: Sequence[Token]) -> Sentence:
    """The sentence that stands there, with those of the tokens that begin in it."""
    own = tuple(token for token in tokens if span.start <= token.start < span.end)
    denials = sum(word in NEGATIONS for word in analysis.words(text[span.start : span.end]))
    return Sentence(span, own, Counter(token.term for token in own), denials)


def _runs(
    passage: Passage,
    parts: Sequence[Sentence],
    heading: frozenset[str],
    context: frozenset[str],
    way: Cyrillic,
) -> Iterator[Run]:
    places = list(accumulate((len(part.tokens) for part in parts), initial=0))
    above = _said_before(passage, way)
    for first, part in enumerate(parts):
        lead_in = _lead_in(passage, part.span.start)
        introduction = analysis.terms(lead_in.quote, way) if lead_in else []
        introduced, announced = frozenset(introduction), frozenset(introduction[-_ANNOUNCED:])
        before = context.union(parts[first - 1].counts if first else above)
        for behind in range(first + 1, min(first + MAX_SENTENCES, len(parts)) + 1):
            own = parts[first:behind]
            span = Span(part.span.start, own[-1].span.end)
            if behind > first + 1 and span.end - span.start > MAX_CHARACTERS:
                break
            tokens = tuple(chain.from_iterable(sentence.tokens for sentence in own))
            terms = tuple(token.term for token in tokens)
            shown = introduced.union(terms)
            yield Run(
                passage,
                span,
                sentences=own,
                first=places[first],
                tokens=tokens,
                terms=terms,
                shown=shown,
                seen=shown | heading if heading else shown,  # most stand under none: one set is enough
                around=before | shown,
                lead_in=lead_in,
                introduced=introduced,
                announced=announced,
                denials=sum(sentence.denials for sentence in own),
                merit=_merit(passage, span, len(own)),
            )


def _said_before(passage: Passage, way: Cyrillic) -> list[str]:
    """The terms of the sentence before the passage; none where a document or a section begins."""
    block = passage.block if passage.start > passage.block.start else _above(passage)
    if block is None:
        return []
    text, end = passage.document.text, min(block.end, passage.start)
    last = sentences(text, max(block.start, end - _LOOK_BACK), end)[-1:]  # spaces and nothing else hold none
    return [term for span in last for term in analysis.terms(text[span.start : span.end], way)]


def _merit(passage: Passage, span: Span, count: int) -> float:
    text = passage.document.text
    return (
        _KIND[passage.block.kind]
        + _EXTRA_SENTENCE * (count - 1)
        + _LENGTH * max(0, min(span.end - span.start, MAX_CHARACTERS) - _USUAL_CHARACTERS)
        + (_DANGLING if _DANGLERS.match(text, span.start) else 0)
        + (_TORN if _is_torn(text, span.start, span.end) else 0)
        + (_ANNOUNCING if text[span.end - 1] == ":" else 0)
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
        elif not depth and mark[0] in QUOTATION_MARKS:
            opened, depth, closing = mark.start(), 1, QUOTATION_MARKS[mark[0]]
    return opened if depth else None


def _lead_in(passage: Passage, start: int) -> LeadIn | None:
    """Who is speaking, when the quote is somebody's words and does not say whose."""
    text = passage.document.text
    span = _attribution(text, max(passage.block.start, start - _LOOK_BACK), start) or _introduction(passage, start)
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


def _introduction(passage: Passage, start: int) -> Span | None:
    """The sentence that ends with a colon in the paragraph above, unless what it introduces has ended by then."""
    above, text = _above(passage), passage.document.text
    if above is None or text[above.end - 1] != ":":
        return None
    first = passage.block.start
    if text[first] in QUOTATION_MARKS and start > first and _open_quotation(text, first, start) is None:
        return None
    return sentences(text, max(above.start, above.end - _LOOK_BACK), above.end)[-1]


def _above(passage: Passage) -> Block | None:
    """The paragraph above that of the passage, if it is of the same kind."""
    blocks = passage.document.blocks
    at = bisect_right(blocks, passage.block.start, key=lambda block: block.start) - 1
    above = blocks[at - 1] if at else None
    return above if above and above.kind is passage.block.kind else None
