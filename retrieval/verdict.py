"""How sure an answer is: the share of the question that its passage covers, against the size of the folder.

In a large folder a passage that holds some words of any question is easily found, so more is asked of it. A
fixed threshold does not transfer: one read off 1,200 passages refuses a third of what two documents can answer.
"""

from __future__ import annotations

import math

from retrieval.types import Verdict

_REFERENCE_SIZE = 60  # passages, about two articles
_ANSWERED, _RELATED = 0.55, 0.34
_GROWTH = 0.06  # for each e-fold of the folder
_HIGHEST = 0.9


def verdict(coverage: float, size: int) -> Verdict:
    """The verdict on a best passage.

    Args:
        coverage: the share of the question's weight that it holds, 0 to 1.
        size: passages in the folder.
    """
    growth = _GROWTH * math.log(max(1, size) / _REFERENCE_SIZE)
    if coverage >= min(_HIGHEST, _ANSWERED + growth):
        return Verdict.ANSWERED
    return Verdict.RELATED if coverage >= min(_HIGHEST, _RELATED + growth) else Verdict.NOTHING
