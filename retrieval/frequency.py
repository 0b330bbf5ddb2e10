"""How common a word is in English: what everybody says of everything tells little about what a question is about."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

_COMMON, _LEAST = 30, 0.15  # rank up to which a word tells least, and how much that is


def specificity(term: str) -> float:
    """How much a term tells about a subject: from 0.15 for the most frequent ones of English to 1 for a rare one.

    It grows with the logarithm of the rank. A term that is not in the table, a name or a word of another language,
    counts as rare.
    """
    ranks = _ranks()
    rank = ranks.get(term, len(ranks))
    return max(_LEAST, math.log(max(rank, _COMMON) / _COMMON) / math.log(len(ranks) / _COMMON))


@cache
def _ranks() -> dict[str, int]:
    """The rank of each term of the table, from 1."""
    table = Path(__file__).with_name("frequent.txt").read_text("utf-8")
    return {term: rank for rank, term in enumerate(table.split(), start=1)}
