"""Why an answer is what it is: everything that was weighed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.query import Query
    from retrieval.quoting import Weighed
    from retrieval.reading import Reading
    from retrieval.reranking import Ranked
    from retrieval.types import Verdict


@dataclass(frozen=True, slots=True)
class Explanation:
    """A search, step by step."""

    readings: Sequence[Reading]  # how each word was understood
    query: Query
    ranked: Sequence[Ranked]  # passages, best first, with the parts of their scores
    chosen: Sequence[Weighed]  # the quotes, with the parts of theirs
    signals: Mapping[str, float]  # what the verdict rests on
    size: int  # passages in the folder
    verdict: Verdict
    is_offered: bool  # whether the first quote holds what cannot be missing in an answer: a date, somebody's name
