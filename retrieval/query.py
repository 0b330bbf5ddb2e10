"""A question as it is compared with passages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.answer_types import AnswerType

_MEANT = 0.6
_SAID = 0.7  # from which a word that was read as another counts as said: a translation says it as well as the word


@dataclass(frozen=True)
class Query:
    """The different words of a question, each with the terms it may mean, and what is asked for.

    A word counts by its best term that is there, and as often as it stands in the question.
    """

    words: Sequence[Mapping[str, float]]  # term -> how surely it is meant, 0 to 1; empty: not understood
    counts: Sequence[int]  # how often each word stands in the question
    rarity: Sequence[float]  # how rare each word is in the folder
    emphasis: Sequence[float]  # how much each word counts beside the others of its rarity, 0 to 1
    typed: Sequence[str]  # the words as typed, folded
    order: Sequence[int]  # the question as numbers of its words
    names: Sequence[bool]  # which words are names or numbers
    specific: Sequence[float]  # how much each word tells about the subject, 0 to 1
    known: Sequence[bool]  # which are words that the documents or the tables have, not slips or names from nowhere
    asked: AnswerType | None  # what is asked for
    counted: frozenset[str] | None  # terms of the things whose number is asked for; None: any number may be it
    speaker: frozenset[str] | None  # terms of whose words are asked for: "what did Kuleba say"; None: nobody's
    is_bare: bool  # whether it says nothing but names, and now: "where is Minsk today"
    is_of_readers: bool  # whether it asks for what readers wrote below the text

    @cached_property
    def total(self) -> float:
        """The weight of the whole question."""
        return sum(self.weights)

    @cached_property
    def weights(self) -> Sequence[float]:
        """What each word weighs in the question."""
        return list(map(mul, self._once, self.counts))

    @cached_property
    def surfaces(self) -> Mapping[str, float]:
        """The words as typed, with what each weighs where it stands."""
        return dict(zip(self.typed, self._once, strict=True))

    @cached_property
    def _once(self) -> Sequence[float]:
        """What each word weighs, however often it stands in the question."""
        return list(map(mul, self.rarity, self.emphasis))

    @cached_property
    def terms(self) -> frozenset[str]:
        """All terms that count for some word."""
        return frozenset(term for meanings in self.words for term in meanings)

    @cached_property
    def meant(self) -> frozenset[str]:
        """The terms that a word was taken for, without those that are merely related to it."""
        return frozenset(term for word in self.words for term, sure in word.items() if sure >= _MEANT)

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], float]:
        """Terms that neighbouring words were taken for, with the mean weight of the two words.

        Related terms make no pairs: with them, 1,440 public questions found the answer first for .802 instead of .810.
        """
        found: dict[tuple[str, str], float] = {}
        for one, other in pairwise(self.order):
            weight = (self._once[one] + self._once[other]) / 2
            for first, sure in self.words[one].items():
                for second, surely in self.words[other].items():
                    if min(sure, surely) >= _MEANT:
                        found[first, second] = max(found.get((first, second), 0.0), weight * min(sure, surely))
        return found

    @cached_property
    def numbers(self) -> Mapping[str, Sequence[tuple[int, float]]]:
        """For each term the words that it may stand for, by their number, and how surely."""
        found: dict[str, list[tuple[int, float]]] = {}
        for number, word in enumerate(self.words):
            for term, sure in word.items():
                found.setdefault(term, []).append((number, sure))
        return found

    @property
    def repeated(self) -> list[dict[str, float]]:
        """The words with their terms, each as sure as the word counts, and as often as it stands in the question."""
        found = zip(self.words, map(mul, self.counts, self.emphasis), strict=True)
        return [{term: times * sure for term, sure in word.items()} for word, times in found]

    def held(self, terms: frozenset[str]) -> list[float]:
        """For each word, how surely these terms hold it, 0 to 1."""
        return self._holding(self.terms & terms)

    def _holding(self, terms: frozenset[str]) -> list[float]:
        """The same for terms of the question alone."""
        held = [0.0] * len(self.words)
        for term in terms:
            for number, sure in self.numbers[term]:
                held[number] = max(held[number], sure)
        return held

    def said(self, terms: frozenset[str]) -> list[float]:
        """For each word, whether these terms say it: as surely as they hold it, wholly from a translation on."""
        return [1.0 if sure >= _SAID else sure for sure in self.held(terms)]

    def share(self, terms: frozenset[str]) -> float:
        """How much of the question's weight these terms hold, 0 to 1."""
        found = self.terms & terms
        share = self._shares.get(found)
        if share is None:
            held = sum(map(mul, self._holding(found), self.weights))
            share = self._shares[found] = held / self.total if self.total else 0.0
        return share

    @cached_property
    def _shares(self) -> dict[frozenset[str], float]:
        """What was computed before: many runs hold the same words of a question."""
        return {}

    def share_said(self, terms: frozenset[str]) -> float:
        """How much of the question's weight these terms say, 0 to 1."""
        return mean(self.said(terms), self.weights)

    def share_of_names(self, terms: frozenset[str]) -> float:
        """How much of the weight of its names and numbers these terms say; of all words where there are none."""
        weights = [weight if is_name else 0.0 for weight, is_name in zip(self.weights, self.names, strict=True)]
        return mean(self.said(terms), weights if any(self.names) else self.weights)


def mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """The mean of some values by their weights, 0 where nothing weighs."""
    total = sum(weights)
    return sum(map(mul, values, weights)) / total if total else 0.0
