"""BM25 over passages: the one module that knows rank_bm25.

The package scores what it is given; everything around that is done here, each line for one of its flaws
(measured; https://github.com/dorianbrown/rank_bm25, 0.2.2 of 2022, still the last release):

* no index for an empty corpus or empty passages: it divides by zero (issue 36), or an empty passage wins as NaN;
* a string is refused: it would be taken as a list of characters;
* BM25Plus with delta 0, whose weight ln((N+1)/df) is above 0 and falls with df. BM25Okapi gives 0 to a term in
  half of the passages (issue 39) and can rank a match below a miss; PyPI's BM25L has a wrong formula;
* passages are scored only if they hold a term of the query: the score alone cannot tell, and all of them cost
  8 times as much at 10,000 passages;
* unknown terms are dropped (each would cost a full pass), repeated ones kept (they carry weight in long questions);
* ties are broken by corpus order, and terms summed in a fixed order: the same words give the same score.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rank_bm25 import BM25Plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Short passages repeat a term for no informational reason, hence the small k1: of 12 pairs tried, .9/.75 was best
# on folders of two articles (first hit right in .848 against .841 with 1.5/.75) and never worse elsewhere.
_K1, _B = 0.9, 0.75


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage by its number in the corpus, with its score for one query."""

    passage: int
    score: float


class Ranking:
    """An immutable BM25 index; a changed folder gets a new one.

    Args:
        corpus: the terms of each passage; a passage without terms is never found.
    """

    def __init__(self, corpus: Iterable[Sequence[str]]) -> None:
        kept = [(number, list(_checked(terms))) for number, terms in enumerate(corpus) if terms]
        self._numbers = [number for number, _ in kept]
        self._postings: dict[str, array[int]] = {}
        for row, (_, terms) in enumerate(kept):
            for term in dict.fromkeys(terms):
                self._postings.setdefault(term, array("i")).append(row)
        self._bm25 = BM25Plus([terms for _, terms in kept], k1=_K1, b=_B, delta=0) if kept else None
        if self._bm25:
            self._bm25.doc_len = np.asarray(self._bm25.doc_len)  # a list would be converted for each query

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def __len__(self) -> int:
        return len(self._numbers)

    def weight(self, term: str) -> float:
        """The term's inverse document frequency, ln((N+1)/df); an unknown term weighs as one of df 1."""
        return math.log((len(self) + 1) / len(self._postings.get(term, "1")))

    def top(self, query: Sequence[str], limit: int) -> list[Scored]:
        """The best passages for a query.

        Args:
            query: analysed terms; a repeated term counts twice, as BM25 has it.
            limit: how many passages at most.

        Returns:
            Passages that hold a term of the query, best first, ties in corpus order. Scores compare within one
            query only.

        Source:
            BM25+ with delta 0: Lv and Zhai, "Lower-Bounding Term Frequency Normalization", CIKM 2011.
        """
        known = sorted(term for term in _checked(query) if term in self._postings)
        if not known or self._bm25 is None:
            return []
        rows = sorted(set().union(*(self._postings[term] for term in set(known))))
        scores = self._bm25.get_batch_scores(known, rows)
        best = sorted(zip(rows, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))[:limit]
        return [Scored(self._numbers[row], score) for row, score in best]


def _checked(terms: Sequence[str]) -> Sequence[str]:
    if isinstance(terms, str):
        raise TypeError("terms are a list of strings, not one string")
    return terms
