"""How common a word is in English: what everybody says of everything tells little about what a question is about."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from retrieval.analysis import terms

_COMMON = 30  # rank up to which a word tells least
LEAST = 0.15  # how much that is


def specificity(term: str) -> float:
    """How much a term tells about a subject: from 0.15 for the most frequent ones of English to 1 for a rare one.

    It grows with the logarithm of the rank. A term that is not in the table, a name or a word of another language,
    counts as rare. What only says when, where or how much, or only asks ("happened", "called"), tells least.
    """
    if term in _light():
        return LEAST
    ranks = _ranks()
    rank = ranks.get(term, len(ranks))
    return max(LEAST, math.log(max(rank, _COMMON) / _COMMON) / math.log(len(ranks) / _COMMON))


def is_now(term: str) -> bool:
    """Whether a term only says that the present is meant, which a question may say or leave out."""
    return term in _now()


@cache
def _now() -> frozenset[str]:
    return frozenset(terms("already currently lately now nowadays presently recently still today yet"))


@cache
def _ranks() -> dict[str, int]:
    """The rank of each term of the table, from 1."""
    return {term: rank for rank, term in enumerate(_table("frequent.txt").split(), start=1)}


@cache
def _light() -> frozenset[str]:
    """The terms of the words that tell nothing of a subject."""
    return frozenset(terms(_table("light.txt")))


def _table(file: str) -> str:
    lines = Path(__file__).with_name(file).read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))
