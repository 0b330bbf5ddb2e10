"""Whether a quote holds what cannot be missing in an answer: a date, a number of just these things, somebody's name."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from retrieval.answer_types import is_speech
from retrieval.frequency import specificity
from retrieval.thesaurus import countries
from retrieval.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.analysis import Token
    from retrieval.answer_types import AnswerType
    from retrieval.query import Query
    from retrieval.runs import Run
    from retrieval.types import Span

_NAMES = re.compile(r"(?:[^\W\d_][\w’'-]*\s+){1,3}")  # what stands in a name before its last word
_COUNTED_NEAR = 2  # content words on either side of a number among which it says what it counts
_SOMEBODY = re.compile(r"\b(?:s?he|він|вона|он|она|ён|яна)\b", re.IGNORECASE)


def is_offered(run: Run, query: Query) -> bool:
    """Whether the quote, or what leads in to it, holds what cannot be missing in an answer to the question."""
    if query.is_of_readers and run.passage.block.kind is not Kind.COMMENT:
        return False
    if query.speaker is not None and not _speaks(run, query.speaker):
        return False
    return query.asked is None or _holds(run, query.asked, query)


def _holds(run: Run, kind: AnswerType, query: Query) -> bool:
    text = run.passage.document.text
    known = [token for token in run.tokens if token.term in query.meant and token.term not in kind.asking]
    if kind.is_needed_beside_names and query.is_bare:
        return _is_beside(text, known, kind.offers(text, run.span.start, run.span.end))
    if kind.is_somebody and not _names_somebody(run, query):
        return False
    if not (kind.is_needed or (kind.is_needed_of_names and query.is_bare)):
        return True
    if kind.is_offered(_without(text, run.span, known)):
        return query.counted is None or _is_counted(run, kind, query.counted)
    return kind.is_needed and run.lead_in is not None and kind.is_offered(run.lead_in.quote)


def _speaks(run: Run, speaker: frozenset[str]) -> bool:
    """Whether the quote is in the words of somebody, or tells of them, by name or as "he", that they say something."""
    if not speaker.isdisjoint(run.introduced):
        return True
    text = run.passage.document.text
    return any(
        any(is_speech(token.word) for token in sentence.tokens)
        and (
            not speaker.isdisjoint(sentence.counts.keys())
            or (not speaker.isdisjoint(run.around) and _SOMEBODY.search(text, sentence.span.start, sentence.span.end))
        )
        for sentence in run.sentences
    )


def _is_beside(text: str, known: Sequence[Token], offers: Iterable[Span]) -> bool:
    """Whether one of these words stands in such an offer, or ends the name that it ends with: "leader Ihor Kyzym"."""
    return any(
        offer.start <= token.start < offer.end
        or (offer.end <= token.start and _NAMES.fullmatch(text, offer.end - 1, token.start) is not None)
        for offer in offers
        for token in known
    )


def _is_counted(run: Run, kind: AnswerType, things: frozenset[str]) -> bool:
    """Whether a number stands near a word for what is counted: "2,000 opponents" are no votes."""
    starts = [token.start for token in run.tokens]
    for number in kind.offers(run.passage.document.text, run.span.start, run.span.end):
        before, behind = bisect_left(starts, number.start), bisect_left(starts, number.end)
        near = run.terms[max(0, before - _COUNTED_NEAR) : before] + run.terms[behind : behind + _COUNTED_NEAR]
        if not things.isdisjoint(near):
            return True
    return False


def _without(text: str, span: Span, known: Sequence[Token]) -> str:
    """The stretch without these words of it: "in Minsk" does not say where Minsk is."""
    starts, ends = [span.start, *(token.end for token in known)], [*(token.start for token in known), span.end]
    return " ".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _names_somebody(run: Run, query: Query) -> bool:
    """Whether the quote names whom the question does not, or means them by "he", or says who is speaking.

    A country may be somebody, and stands in the news beside everybody: it is not enough.
    """
    text = run.passage.document.text
    if run.lead_in or _SOMEBODY.search(text, run.span.start, run.span.end):
        return True
    others = query.terms | countries()
    return any(
        text[token.start].isupper() and token.term not in others and not _is_first(token, sentence.span.start, text)
        for sentence in run.sentences
        for token in sentence.tokens
    )


def _is_first(token: Token, start: int, text: str) -> bool:
    """Whether a sentence begins with the word, and it is one that has a capital for that alone."""
    return not any(map(str.isalnum, text[start : token.start])) and specificity(token.term) < 1
