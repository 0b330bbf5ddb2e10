"""How sure an answer is, against the size of the folder.

In a large folder some passage holds some words of any question, so more is asked of it: a fixed threshold does not
transfer. Read off 720 questions about eight articles, in folders of one to eight, asked with and without the
article they are about.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from retrieval.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What makes an answer sure, each from 0 to 1: the best passage's score as a share of the ideal one, the share of the
#: question's names and numbers that it holds, and how near the words stand to each other there.
SIGNALS = {"score": 1.0, "names": 0.215, "proximity": 0.93}

_REFERENCE_SIZE = 60  # passages, about two articles
_ANSWERED, _GROWTH = 0.40, 0.095  # at the reference size, and for each e-fold of the folder
_LEAST_SIZE = 20
_LEAST_SHOWN, _LEAST_RELATED = 0.5, 0.34  # of the question, by the best quote, for either verdict
_RELATED = 0.45  # of the threshold


def certainty(signals: Mapping[str, float]) -> float:
    """The signals as one figure."""
    return sum(weight * signals[name] for name, weight in SIGNALS.items())


def threshold(size: int) -> float:
    """The certainty from which a folder of so many passages answers."""
    return _ANSWERED + _GROWTH * math.log(max(size, _LEAST_SIZE) / _REFERENCE_SIZE)


def verdict(signals: Mapping[str, float], size: int, *, shown: float = 1.0, knows_names: bool | None = None) -> Verdict:
    """The verdict for these signals in a folder of so many passages.

    Args:
        signals: those of `SIGNALS`.
        size: passages in the folder.
        shown: the share of the question's weight that the best quote shows; a title alone makes no answer.
        knows_names: whether the documents have all names and numbers of the question, None if it holds none. What
            is merely close to a question about somebody else, or shares but a common word with it, is not shown.
    """
    sure = certainty(signals)
    if sure >= threshold(size) and shown >= _LEAST_SHOWN:
        return Verdict.ANSWERED
    is_about_it = shown >= _LEAST_RELATED if knows_names is None else knows_names
    return Verdict.RELATED if sure >= _RELATED * threshold(size) and is_about_it else Verdict.NOTHING
