"""A question as it is compared with passages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.answer_types import AnswerType

_MEANT = 0.5


@dataclass(frozen=True)
class Query:
    """The different words of a question, each with the terms it may mean, and what is asked for.

    A word counts by its best term that is there, and as often as it stands in the question.
    """

    words: Sequence[Mapping[str, float]]  # term -> how surely it is meant, 0 to 1; empty: not understood
    counts: Sequence[int]  # how often each word stands in the question
    weights: Sequence[float]  # of each word, by how rare it is, times its count
    order: Sequence[int]  # the question as numbers of its words
    surfaces: Mapping[str, float]  # the words as typed, folded, with their weights
    names: Sequence[bool]  # which words are names or numbers
    asked: AnswerType | None  # what is asked for

    @cached_property
    def total(self) -> float:
        """The weight of the whole question."""
        return sum(self.weights)

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
        """Terms of neighbouring words, with the mean weight of the two words."""
        found: dict[tuple[str, str], float] = {}
        rarity = [weight / count for weight, count in zip(self.weights, self.counts, strict=True)]
        for one, other in pairwise(self.order):
            weight = (rarity[one] + rarity[other]) / 2
            for first, sure in self.words[one].items():
                for second, surely in self.words[other].items():
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
        """The words with their terms, each as sure as often as it stands in the question."""
        pairs = zip(self.words, self.counts, strict=True)
        return [{term: count * sure for term, sure in word.items()} for word, count in pairs]

    @property
    def knows_names(self) -> bool | None:
        """Whether the documents have all its names and numbers; None if it holds none."""
        named = [bool(word) for is_name, word in zip(self.names, self.words, strict=True) if is_name]
        return all(named) if named else None

    def held(self, terms: frozenset[str]) -> list[float]:
        """For each word, how surely these terms hold it, 0 to 1."""
        held = [0.0] * len(self.words)
        for term in self.terms & terms:
            for number, sure in self.numbers[term]:
                held[number] = max(held[number], sure)
        return held

    def share(self, terms: frozenset[str]) -> float:
        """How much of the question's weight these terms hold, 0 to 1."""
        found = self.terms & terms
        if found not in self._shares:
            self._shares[found] = _mean(self.held(found), self.weights)
        return self._shares[found]

    @cached_property
    def _shares(self) -> dict[frozenset[str], float]:
        """What was computed before: many runs hold the same words of a question."""
        return {}

    def share_of_names(self, terms: frozenset[str]) -> float:
        """How much of the weight of its names and numbers these terms hold; of all words where there are none."""
        if not any(self.names):
            return self.share(terms)
        weights = [weight if is_name else 0.0 for weight, is_name in zip(self.weights, self.names, strict=True)]
        return _mean(self.held(terms), weights)


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / total if total else 0.0
