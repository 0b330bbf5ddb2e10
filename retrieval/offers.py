"""Whether a quote holds what cannot be missing in an answer: a date, a number of just these things, somebody's name."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from retrieval.frequency import specificity
from retrieval.thesaurus import countries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.analysis import Token
    from retrieval.answer_types import AnswerType
    from retrieval.query import Query
    from retrieval.runs import Run
    from retrieval.types import Span

_FULL_NAME = 20  # characters from the beginning of a name to its last word, at most
_COUNTED_NEAR = 2  # content words on either side of a number among which it says what it counts
_SOMEBODY = re.compile(r"\b(?:s?he|він|вона|он|она|ён|яна)\b", re.IGNORECASE)


def is_offered(run: Run, query: Query) -> bool:
    """Whether the quote, or what leads in to it, holds what cannot be missing in an answer to the question."""
    kind, text = query.asked, run.passage.document.text
    if query.speaker is not None and query.speaker.isdisjoint(run.around):
        return False
    known = [token for token in run.tokens if token.term in query.meant]
    if kind and kind.is_somebody and not _names_somebody(run, query):
        return False
    if kind and kind.is_needed_beside_names and query.is_bare:
        return _is_beside(known, kind.offers(text, run.span.start, run.span.end))
    if kind is None or not (kind.is_needed or (kind.is_needed_of_names and query.is_bare)):
        return True
    if kind.is_offered(_without(text, run.span, known)):
        return query.counted is None or _is_counted(run, kind, query.counted)
    return kind.is_needed and run.lead_in is not None and kind.is_offered(run.lead_in.quote)


def _is_beside(known: Sequence[Token], offers: Iterable[Span]) -> bool:
    """Whether one of these words stands in such an offer, or right behind it: "leader Sviatlana Tsikhanouskaya"."""
    return any(offer.start <= token.start <= offer.end + _FULL_NAME for offer in offers for token in known)


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
