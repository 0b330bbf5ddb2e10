"""A folder of documents, ready to answer: analysis → reading → ranking → re-ranking → quoting → verdict."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval import analysis
from retrieval.answer_types import asked_by, question_words
from retrieval.asking import Asker
from retrieval.explanation import Explanation
from retrieval.framing import unframed
from retrieval.languages import COURTESIES, PLEASANTRIES
from retrieval.offers import is_offered
from retrieval.passages import passages
from retrieval.quoting import MAX_QUOTES, choose, cite
from retrieval.ranking import Ranking
from retrieval.reading import Reader, Reading, Rung
from retrieval.reranking import Ranked, rescore
from retrieval.runs import analysed, context
from retrieval.types import Answer, Kind, Silence, Verdict, unwatched
from retrieval.verdict import SIGNALS, measured, verdict
from retrieval.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.analysis import Token
    from retrieval.answer_types import AnswerType, QuestionWord
    from retrieval.query import Query
    from retrieval.types import Document, Passage, Watch

MAX_QUESTION = 4_096  # code points: what Telegram lets a person send
_CANDIDATES = 20  # to re-rank 50 gains nothing (measured)
_REMEMBERED = 2_000  # passages whose analysis is kept
_HEADINGS = 100  # headings whose analysis is kept: many passages stand under each
_PLEASANT = COURTESIES.union(*PLEASANTRIES.values())


class Index:
    """The passages of some documents, ranked and quoted on demand; immutable once built."""

    def __init__(self, documents: Iterable[Document], watch: Watch = unwatched) -> None:
        self.documents = tuple(documents)
        self.passages = tuple(passage for document in self.documents for passage in passages(document))
        self._has_comments = any(passage.block.kind is Kind.COMMENT for passage in self.passages)
        self._way = analysis.cyrillic(document.text for document in self.documents)
        self._vocabulary = Vocabulary()
        self._headings = lru_cache(maxsize=_HEADINGS)(lambda text: analysis.tokens(text, way=self._way))
        self._ranking = Ranking([self._indexed(passage) for passage in watch(self.passages, "Indexing")])
        self._reader = Reader(self._vocabulary)
        self._asker = Asker(self._ranking.weight, self._vocabulary.is_name, self._has_comments)
        self._analysed = lru_cache(maxsize=_REMEMBERED)(lambda number: analysed(self.passages[number], self._way))

    def ask(self, question: str, limit: int = MAX_QUOTES) -> Answer:
        """What the documents say to a question, in their own words, in `limit` citations at most.

        Any string is a question; one that holds nothing to search for, or is longer than a Telegram message
        can be, is answered with silence.
        """
        began = time.perf_counter()
        text = _sayable(question)
        tokens = self._words_of(text)
        silence = _silence(text, tokens)
        answer = _silent(text, silence) if silence else self._answer(text, self._search(text, tokens, limit))
        return replace(answer, search_ms=round(1_000 * (time.perf_counter() - began), 3))

    def explain(self, question: str) -> Explanation | None:
        """Why the answer to a question is what it is; None for one that is not searched."""
        text = _sayable(question)
        tokens = self._words_of(text)
        return None if _silence(text, tokens) else self._search(text, tokens)

    def warm_up(self) -> None:
        """Reads the tables that the first question, and the first one in another script, would wait for."""
        self.ask("wrm up, розігрійся")

    def _words_of(self, question: str) -> list[Token]:
        tokens = analysis.tokens(question, 0, MAX_QUESTION, self._way)
        return unframed(question, tokens, has_comments=self._has_comments)

    def _answer(self, question: str, search: Explanation) -> Answer:
        readings, ranked = search.readings, search.ranked
        is_silent = search.verdict is Verdict.NOTHING
        return Answer(
            question=question,
            verdict=search.verdict,
            coverage=round(search.query.share(ranked[0].passage.all_terms), 4) if ranked else 0.0,
            understood={_spelt(question, r): self._words(r) for r in readings if r.meanings},
            not_understood=tuple(dict.fromkeys(_spelt(question, r) for r in readings if not r.meanings)),
            citations=() if is_silent else tuple(cite(run, search.query) for run in search.chosen),
            silence=Silence.UNSAID if is_silent else None,
            read_as={
                question[r.token.start : r.token.end]: tuple(map(self._vocabulary.written, r.meanings))
                for r in readings
                if r.meanings and r.rung is not Rung.EXACT
            },
        )

    def _search(self, question: str, tokens: Sequence[Token], limit: int = MAX_QUOTES) -> Explanation:
        asking = question_words(question)
        kind = asked_by(asking)
        tokens = self._content(tokens, asking, kind)
        readings = self._reader.readings(tokens, question)
        query = self._asker.query(readings, [token.term for token in tokens], question, kind)
        ranked = self._ranked(query)
        chosen = choose(ranked, query, limit)
        size = len(self._ranking)
        if not chosen:
            signals = dict.fromkeys(SIGNALS, 0.0)
            return Explanation(readings, query, ranked, chosen, signals, size, Verdict.NOTHING, is_offered=False)
        quote = chosen[0].run
        signals = measured(query, ranked[0], quote, size)
        offered = is_offered(quote, query)
        found = verdict(signals, size, is_offered=offered)
        return Explanation(readings, query, ranked, chosen, signals, size, found, is_offered=offered)

    def _content(
        self, tokens: Sequence[Token], asking: Sequence[QuestionWord], kind: AnswerType | None
    ) -> Sequence[Token]:
        """The words to look for: not those that only say what kind of answer is wanted, unless there are no others."""
        idle = {term for term in kind.asking if term not in self._vocabulary} if kind else set[str]()
        spans = [word.span for word in asking]
        return [
            token
            for token in tokens
            if token.term not in idle and not any(span.start <= token.start and token.end <= span.end for span in spans)
        ] or tokens

    def _words(self, reading: Reading) -> tuple[str, ...]:
        return tuple(word for term in reading.meanings for word in self._vocabulary.words(term))

    def _ranked(self, query: Query) -> list[Ranked]:
        """The best passages, best first."""
        length = self._ranking.mean_length
        scores = {hit.passage: hit.score for hit in self._ranking.top(query.repeated, _CANDIDATES)}
        # What a passage announces, or gives the reason of, need not hold a word of the question itself.
        below = {n + 1: 0.0 for n in scores if n + 1 not in scores and self._leads_on(n, query.asked)}
        found = [(self._analysed(number), score) for number, score in (scores | below).items()]
        ranked = [Ranked(passage, rescore(passage, score, query, length)) for passage, score in found]
        return sorted(ranked, key=lambda hit: -round(hit.score, 9))

    def _leads_on(self, number: int, asked: AnswerType | None) -> bool:
        """Whether the next passage belongs to this one: announced by a colon, or the answer for what it says."""
        own, below = self.passages[number], self.passages[number + 1 : number + 2]
        if not below or below[0].document is not own.document:
            return False
        text = own.document.text
        return text[own.end - 1] == ":" or (asked is not None and asked.answers_above(text, below[0].start))

    def _indexed(self, passage: Passage) -> list[str]:
        """The terms of a passage, with those of the title and the heading it stands under."""
        above, text = context(passage), passage.document.text
        heading = self._headings(above)
        tokens = analysis.tokens(text, passage.start, passage.end, self._way)
        self._vocabulary.add(above, heading, is_heading=True)
        self._vocabulary.add(text, tokens)
        return [token.term for token in (*heading, *tokens)]


def _spelt(question: str, reading: Reading) -> str:
    """The word of a question as it is spelt there, casefolded."""
    return analysis.spelt(question[reading.token.start : reading.token.end])


def _sayable(question: str) -> str:
    """The question without lone surrogates, which are no text."""
    return question.encode("utf-8", "replace").decode("utf-8")


def _silence(question: str, tokens: Sequence[Token]) -> Silence | None:
    """Why a message is not searched; None if it is."""
    if len(question) > MAX_QUESTION:
        return Silence.TOO_LONG
    return _pleasantry(question) or (None if tokens else Silence.WORDLESS)


def _pleasantry(question: str) -> Silence | None:
    """Whether the message is a greeting or thanks and nothing else."""
    if not all(word in _PLEASANT for word in analysis.words(question)):
        return None
    words = set(analysis.words(question))
    return next((silence for silence, core in PLEASANTRIES.items() if words & core), None)


def _silent(question: str, why: Silence) -> Answer:
    return Answer(question, Verdict.NOTHING, 0.0, {}, (), (), silence=why)
