"""A folder of documents, ready to answer: analysis → vocabulary → ranking → quoting → verdict."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval import analysis
from retrieval.answer_types import asked
from retrieval.languages import COURTESIES, PLEASANTRIES
from retrieval.passages import passages
from retrieval.quoting import Candidate, Query, choose
from retrieval.ranking import Ranking
from retrieval.types import Answer, Silence, Verdict, unwatched
from retrieval.verdict import verdict
from retrieval.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.analysis import Token
    from retrieval.ranking import Scored
    from retrieval.types import Document, Passage, Watch

MAX_QUESTION = 4_096  # code points: what Telegram lets a person send
_CANDIDATES = 20  # to re-rank 50 gains nothing (measured)
_REMEMBERED = 2_000  # passages whose analysis is kept


class Index:
    """The passages of some documents, ranked and quoted on demand; immutable once built."""

    def __init__(self, documents: Iterable[Document], watch: Watch = unwatched) -> None:
        self.documents = tuple(documents)
        self.passages = tuple(passage for document in self.documents for passage in passages(document))
        self._vocabulary = Vocabulary()
        self._ranking = Ranking([self._indexed(passage) for passage in watch(self.passages, "Indexing")])
        self._tokens = lru_cache(maxsize=_REMEMBERED)(self._sentence_tokens)

    def ask(self, question: str) -> Answer:
        """What the documents say to a question, in their own words.

        Any string is a question; one that holds nothing to search for, or is longer than a Telegram message
        can be, is answered with silence.
        """
        began = time.perf_counter()
        asked = question.encode("utf-8", "replace").decode("utf-8")  # lone surrogates are no text
        answer = self._answer(asked)
        return replace(answer, search_ms=round(1_000 * (time.perf_counter() - began), 3))

    def _answer(self, question: str) -> Answer:
        if len(question) > MAX_QUESTION:
            return _silent(question, Silence.TOO_LONG)
        pleasantry = _pleasantry(question)
        if pleasantry:
            return _silent(question, pleasantry)
        tokens = analysis.tokens(question)
        if not tokens:
            return _silent(question, Silence.WORDLESS)
        return self._searched(question, tokens)

    def _searched(self, question: str, tokens: Sequence[Token]) -> Answer:
        understood, not_understood = self._vocabulary.read(tokens)
        terms = [token.term for token in tokens]
        query = self._query(terms, question)
        candidates = self._candidates(self._ranking.top(terms, _CANDIDATES))
        citations = choose(candidates, query)
        coverage = max((query.share(candidate.terms) for candidate in candidates), default=0.0)
        certainty = verdict(coverage, len(self._ranking)) if citations else Verdict.NOTHING
        is_silent = certainty is Verdict.NOTHING
        return Answer(
            question=question,
            verdict=certainty,
            coverage=round(coverage, 4),
            understood=understood,
            not_understood=not_understood,
            citations=() if is_silent else tuple(citations),
            silence=Silence.UNSAID if is_silent else None,
        )

    def _query(self, terms: Sequence[str], question: str) -> Query:
        weights = {term: count * self._ranking.weight(term) for term, count in Counter(terms).items()}
        return Query(weights, frozenset(pairwise(terms)), asked(question))

    def _candidates(self, hits: Sequence[Scored]) -> list[Candidate]:
        best = hits[0].score if hits else 1.0
        return [self._candidate(hit.passage, hit.score / best) for hit in hits]

    def _candidate(self, number: int, rank: float) -> Candidate:
        passage = self.passages[number]
        return Candidate(passage, rank, self._tokens(number), frozenset(_context(passage)))

    def _sentence_tokens(self, number: int) -> list[list[Token]]:
        """The content words of a passage, sentence by sentence."""
        passage = self.passages[number]
        text = passage.document.text
        return [analysis.tokens(text, sentence.start, sentence.end) for sentence in passage.sentences]

    def _indexed(self, passage: Passage) -> list[str]:
        """The terms of a passage, with those of the title and the heading it stands under."""
        tokens = analysis.tokens(passage.document.text, passage.start, passage.end)
        self._vocabulary.add(tokens)
        return [*_context(passage), *(token.term for token in tokens)]


def _context(passage: Passage) -> list[str]:
    """The terms of the title and of the heading that a passage stands under."""
    return analysis.terms(f"{passage.document.title or ''}\n{passage.block.heading or ''}")


def _pleasantry(question: str) -> Silence | None:
    """Whether the message is a greeting or thanks and nothing else."""
    words = set(analysis.words(question))
    if not words <= COURTESIES.union(*PLEASANTRIES.values()):
        return None
    return next((silence for silence, core in PLEASANTRIES.items() if words & core), None)


def _silent(question: str, why: Silence) -> Answer:
    return Answer(question, Verdict.NOTHING, 0.0, {}, (), (), silence=why)
