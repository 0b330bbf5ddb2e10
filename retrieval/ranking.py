"""BM25 over passages: the one module that knows rank_bm25.

The package scores what it is given; everything around that is done here, each line for one of its flaws
(measured; https://github.com/dorianbrown/rank_bm25, 0.2.2 of 2022, still the last release):

* no index for an empty corpus or empty passages: it divides by zero (issue 36), or an empty passage wins as NaN;
* a string is refused: it would be taken as a list of characters;
* BM25Plus with delta 0, whose weight ln((N+1)/df) is above 0 and falls with df. BM25Okapi gives 0 to a term in
  half of the passages (issue 39) and can rank a match below a miss; PyPI's BM25L has a wrong formula;
* a term is scored in the passages that hold it and nowhere else, once: what it adds does not depend on the
  question, so it is kept;
* unknown terms cost nothing, repeated ones keep their weight (they carry it in long questions);
* ties are broken by corpus order, and words summed in a fixed order: the same words give the same score.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from rank_bm25 import BM25Plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

# Short passages repeat a term for no informational reason, hence the small k1: of 12 pairs tried, .9/.75 was best
# on folders of two articles (first hit right in .848 against .841 with 1.5/.75) and never worse elsewhere.
K1, B = 0.9, 0.75
_KEPT = 10_000  # terms whose scores are kept
_T = TypeVar("_T")


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
        kept = [(number, _checked(terms)) for number, terms in enumerate(corpus) if terms]
        self._numbers = [number for number, _ in kept]
        self._postings: dict[str, array[int]] = {}
        for row, (_, terms) in enumerate(kept):
            for term in dict.fromkeys(terms):
                self._postings.setdefault(term, array("i")).append(row)
        self._bm25 = BM25Plus([list(terms) for _, terms in kept], k1=K1, b=B, delta=0) if kept else None
        if self._bm25:
            self._bm25.doc_len = np.asarray(self._bm25.doc_len)  # a list would be converted for each term
        self._scores = lru_cache(maxsize=_KEPT)(self._scored)

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def mean_length(self) -> float:
        """Terms of a passage on average."""
        return float(self._bm25.avgdl) if self._bm25 else 0.0

    def weight(self, term: str) -> float:
        """The term's inverse document frequency, ln((N+1)/df); an unknown term weighs as one of df 1."""
        return math.log((len(self) + 1) / len(self._postings.get(term, "1")))

    def top(self, words: Sequence[Mapping[str, float]], limit: int) -> list[Scored]:
        """The best passages for a query.

        Args:
            words: for each word of the query the terms it may mean, each with a factor; in a passage the best of them
                counts. A word may stand there twice, or with twice the factor: it counts twice, as BM25 has it.
            limit: how many passages at most.

        Returns:
            Passages that hold a term of the query, best first, ties in corpus order. Scores compare within one
            query only.

        Source:
            BM25+ with delta 0: Lv and Zhai, "Lower-Bounding Term Frequency Normalization", CIKM 2011.
        """
        known = sorted(sorted((t, f) for t, f in _checked(word).items() if t in self._postings) for word in words)
        if not any(known):
            return []
        rows = np.unique(np.concatenate([self._scores(term)[0] for word in known for term, _ in word]))
        total = np.zeros(len(rows))
        for word in known:
            best = np.zeros(len(rows))
            for term, factor in word:
                where, scores = self._scores(term)
                at = rows.searchsorted(where)
                best[at] = np.maximum(best[at], factor * scores)
            total += best
        order = np.argsort(-total, kind="stable")[:limit]
        found = zip(rows[order].tolist(), total[order].tolist(), strict=True)
        return [Scored(self._numbers[row], score) for row, score in found]

    def _scored(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The rows that hold a term, and what it scores in each."""
        rows = np.asarray(self._postings[term], dtype=np.int64)
        scores = self._bm25.get_batch_scores([term], rows.tolist()) if self._bm25 else []
        return rows, np.asarray(scores)


def _checked(value: _T) -> _T:
    if isinstance(value, str):
        raise TypeError("terms come in a list, not in one string")
    return value
