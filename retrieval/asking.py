"""A question as it was read, made a query: what names something, what is counted, whose words are asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval import analysis
from retrieval.answer_types import counting, is_of_speech, is_speech
from retrieval.framing import of_readers
from retrieval.frequency import is_now, specificity
from retrieval.query import Query
from retrieval.reading import Reading, Rung, is_capitalised
from retrieval.thesaurus import countries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrieval.answer_types import AnswerType

_FIRST_NAME = 0.6  # how much a name counts that a family name follows: texts drop it
# How much a word counts at least that everybody says of everything ("now"), however rare it is in these documents.
# With 1 in its place 1,440 public questions find the answer first for .828 instead of .831, 186 new ones about the
# seeds for .726 instead of .747.
_EVERYDAY = 0.7
# How much "now" counts beside names alone: who asks "where is Kyzym now" asks for Kyzym.
_BARE = 0.4
_SPEECH = 0.4  # how much "say" counts where somebody's words are asked for: their words need not have it
_COUNTED = 3  # words behind "how many" that may say of what
#: What is counted in other words: members, opponents, twice.
_ANYBODY = frozenset(
    analysis.words("people person persons times люди людей человек чоловік чалавек осіб особ асоб раз разів раза разоў")
)
_SUBJECT = 0.3  # how much a word tells at least that is asked about
_ABOUT = re.compile(
    r"(?:^\W*|\b(?:about|concerning|regarding|про|щодо|об?|обо|пра|аб|наконт)\s+)(?:(?:the|this|that|these|those)\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Makes queries to some documents."""

    rarity: Callable[[str], float]  # how rare a term is there
    is_known_name: Callable[[str], bool]  # whether they write a term as a name
    has_comments: bool  # whether they have what readers wrote

    def query(self, readings: Sequence[Reading], terms: Sequence[str], question: str, kind: AnswerType | None) -> Query:
        """The query that a question makes.

        Args:
            readings: its different words, as they are understood.
            terms: its words in order, by their terms.
            question: as it was typed.
            kind: what it asks for.
        """
        numbers = {reading.token.term: number for number, reading in enumerate(readings)}
        is_topic = _is_topic(readings, question)
        names = [is_topic or self._is_name(reading, question) for reading in readings]
        specific = [min(map(specificity, (r.token.term, *r.meanings))) for r in readings]
        is_bare = any(names) and all(n or is_now(r.token.term) for n, r in zip(names, readings, strict=True))
        emphasis = _emphasis(readings, names, specific, question, is_bare=is_bare)
        spoken = _speakers(question, kind, readings, names)
        for _, verb in spoken:
            emphasis[verb] *= _SPEECH
        return Query(
            words=[reading.weights for reading in readings],
            counts=[terms.count(term) for term in numbers],
            rarity=[max(map(self.rarity, r.meanings), default=self.rarity("")) for r in readings],
            emphasis=emphasis,
            typed=[reading.token.word for reading in readings],
            order=[numbers[term] for term in terms],
            names=names,
            specific=specific,
            known=[reading.rung is not Rung.NONE for reading in readings],
            asked=kind,
            counted=_counted(question, kind, readings),
            speaker=frozenset(term for name, _ in spoken for term in readings[name].meanings) if spoken else None,
            is_bare=is_bare,
            is_of_readers=self.has_comments and bool(of_readers(question)),
        )

    def _is_name(self, reading: Reading, question: str) -> bool:
        """Whether a word names something: by a capital in the question or the documents, as a number or a country."""
        is_number = question[reading.token.start].isdigit()
        is_known = reading.token.term in countries() or any(map(self.is_known_name, reading.meanings))
        return is_number or is_capitalised(reading.token, question) or is_known


def _emphasis(
    readings: Sequence[Reading], names: Sequence[bool], specific: Sequence[float], question: str, *, is_bare: bool
) -> list[float]:
    """How much each word counts beside the others of its rarity, speech aside."""
    parts = [_FIRST_NAME if _is_first_name(at, readings, names, question) else 1.0 for at in range(len(readings))]
    emphasis = [part * (_EVERYDAY + (1 - _EVERYDAY) * tells) for part, tells in zip(parts, specific, strict=True)]
    return [each if name else _BARE for each, name in zip(emphasis, names, strict=True)] if is_bare else emphasis


def _counted(question: str, kind: AnswerType | None, readings: Sequence[Reading]) -> frozenset[str] | None:
    """The terms of the words right behind "how many"; None without such words, or where people are counted."""
    at, found = counting(question, kind), list[Reading]()
    for reading in readings:
        if reading.token.start == at and len(found) < _COUNTED:
            found.append(reading)
            at = reading.token.end + 1
    if not found or any(reading.token.word in _ANYBODY for reading in found):
        return None
    return frozenset(term for reading in found for term in reading.weights)


def _speakers(
    question: str, kind: AnswerType | None, readings: Sequence[Reading], names: Sequence[bool]
) -> list[tuple[int, int]]:
    """Which names stand right beside which words of speech, in a question that asks what is said; by their numbers."""
    if not is_of_speech(question, kind):
        return []
    return [
        (name, verb)
        for one in range(len(readings) - 1)
        if not question[readings[one].token.end : readings[one + 1].token.start].strip()
        for name, verb in ((one, one + 1), (one + 1, one))
        if names[name] and is_speech(readings[verb].token.word)
    ]


def _is_first_name(at: int, readings: Sequence[Reading], names: Sequence[bool], question: str) -> bool:
    """Whether a word is a name that the documents have, right before another one that they have, both with capitals."""
    if at + 1 == len(readings) or not (
        names[at] and names[at + 1] and readings[at].meanings and readings[at + 1].meanings
    ):
        return False
    own, other = readings[at].token, readings[at + 1].token
    return other.start - own.end == 1 and question[own.start].isupper() and question[other.start].isupper()


def _is_topic(readings: Sequence[Reading], question: str) -> bool:
    """Whether a word is all that is asked about, and so names its subject: "sanctions", "tell me about the army".

    It is no subject where it may stand in a sentence on anything, "tell me about time", unless nothing else is said.
    """
    if len(readings) != 1:
        return False
    word = readings[0].token
    before, behind = question[: word.start], question[word.end :]
    if not _ABOUT.search(before) or any(analysis.words(behind)):
        return False
    return specificity(word.term) >= _SUBJECT or not any(analysis.words(before))
