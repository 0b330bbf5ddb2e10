"""The words that the documents use, and which of them a question means."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrieval.analysis import Token


class Vocabulary:
    """For each term of the documents, the words that stand for it there."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def add(self, tokens: Iterable[Token]) -> None:
        """Takes in the words of a passage."""
        for token in tokens:
            self._counts.setdefault(token.term, Counter())[token.word] += 1

    def words(self, term: str) -> tuple[str, ...]:
        """The documents' words for a term, the most frequent first; none for an unknown term."""
        counts = self._counts.get(term, Counter[str]())
        return tuple(sorted(counts, key=lambda word: (-counts[word], word)))

    def read(self, question: Iterable[Token]) -> tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]:
        """How a question is understood: its words with the documents' own, and the words that mean nothing here."""
        meant = {token.word: self.words(token.term) for token in question}
        understood = {word: words for word, words in meant.items() if words}
        return understood, tuple(word for word, words in meant.items() if not words)
