"""The words that the documents use."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.analysis import Token

_INSIDE = re.compile(r"[\w,;)’'-]\s$")  # what stands before a word inside a sentence
_NEAR = 3  # characters


class Vocabulary:
    """For each term of the documents, the words that stand for it there, and whether it is a name."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._capital: set[str] = set()  # terms written with a capital inside a sentence
        self._common: set[str] = set()  # terms written without one

    def add(self, text: str, tokens: Iterable[Token], *, is_heading: bool = False) -> None:
        """Takes in the words of a passage, or of a heading, whose capitals tell nothing.

        Args:
            text: where the tokens stand.
            tokens: the words.
            is_heading: whether this is a title or a heading.
        """
        for token in tokens:
            self._counts[token.term][token.word] += 1
            if not is_heading and text[token.start].islower():
                self._common.add(token.term)
            elif not is_heading and _INSIDE.search(text, max(0, token.start - _NEAR), token.start):
                self._capital.add(token.term)

    def __contains__(self, term: str) -> bool:
        return term in self._counts

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Every word with its term."""
        return ((word, term) for term, counts in self._counts.items() for word in counts)

    def __len__(self) -> int:
        return len(self._counts)

    def words(self, term: str) -> tuple[str, ...]:
        """The documents' words for a term, the most frequent first; none for an unknown term."""
        counts = self._counts.get(term)
        return tuple(sorted(counts, key=lambda word: (-counts[word], word))) if counts else ()

    def is_name(self, term: str) -> bool:
        """Whether the documents write it with a capital wherever it stands, not only where a sentence begins."""
        return term in self._capital and term not in self._common

    def written(self, term: str) -> str:
        """The most frequent word for a term, a name with its capital."""
        word = self.words(term)[0]
        return word[0].upper() + word[1:] if self.is_name(term) else word
