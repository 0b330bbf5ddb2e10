"""How sure an answer is, against the size of the folder.

Two questions are put in turn. Is the folder about this at all? If not, silence. Does the first quote say it? If
not, it is shown as merely related. Each is a sum of signals against a threshold that grows with the folder: among
many passages some hold some words of any question, so a fixed threshold does not transfer.

The weights are those of logistic regressions, rounded, over 1,440 questions that eight articles answer and 1,477
that they do not, the same asked of folders without their article, and of questions about the seeds: those of
tests/judgements/tune.jsonl and as many others, and 121 about anything under the sun. Of the latter .73 met with
silence when the score alone decided, .99 now; of questions close to the seeds that they do not answer .33 were called
answered, .16 now. Signals that brought nothing: the lead over the second passage, the best single
sentence, whether a word is nowhere in the folder.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.query import mean
from retrieval.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.query import Query
    from retrieval.reranking import Ranked
    from retrieval.runs import Run

#: By how much more a folder must be about a question that it is said to answer. Without their article .047 of 1,440
#: public questions were called answered with it, .051 without; those that are answered lost .01.
_SURELY = 0.2
_REFERENCE_SIZE = 60  # passages, about two articles
_LARGEST = 5_000  # passages from which nothing more is asked


@dataclass(frozen=True, slots=True)
class Scale:
    """A sum of signals, each from 0 to 1, and how high it must be."""

    weights: Mapping[str, float]
    least: float  # at the reference size
    growth: float  # for each e-fold of the folder
    smallest: int  # passages up to which nothing less is asked

    def value(self, signals: Mapping[str, float]) -> float:
        """The signals as one figure."""
        return sum(weight * signals[name] for name, weight in self.weights.items())

    def threshold(self, size: int) -> float:
        """What the figure must reach in a folder of so many passages."""
        return self.least + self.growth * math.log(min(max(size, self.smallest), _LARGEST) / _REFERENCE_SIZE)

    def is_reached(self, signals: Mapping[str, float], size: int, *, beyond: float = 0.0) -> bool:
        """Whether the signals suffice in a folder of so many passages, and by so much."""
        return self.value(signals) >= self.threshold(size) + beyond


#: Whether the folder is about it at all.
RELEVANCE = Scale(
    {"topic": 2.0, "evidence": 1.0, "subject": 0.62, "proximity": 1.58, "known": 0.77},
    least=2.06,
    growth=0.075,
    smallest=1,
)
#: Whether the first quote says it.
CERTAINTY = Scale({"shown": 1.0, "names": 0.27, "proximity": 2.3}, least=0.946, growth=0.078, smallest=20)

SIGNALS = tuple(dict.fromkeys((*RELEVANCE.weights, *CERTAINTY.weights)))


def measured(query: Query, best: Ranked, quote: Run, size: int) -> dict[str, float]:
    """The signals of a search.

    Args:
        query: the question.
        best: the best passage.
        quote: the first quote.
        size: passages in the folder.

    Returns:
        topic: the word that tells most about the subject and that much of the folder speaks of.
        evidence: how much about the subject the quote and what stands around it say in words of the question, a name
            doubly, nearing 1.
        subject: the share of what the question tells about its subject that they say.
        proximity: how near the words stand to each other in the best passage.
        known: the share of the names of the question that the folder has.
        shown: the share of the question's weight that the quote says.
        names: the share of the weight of its names that the passage holds.
    """
    said = query.said(quote.around)
    weights = [weight * specific for weight, specific in zip(query.weights, query.specific, strict=True)]
    telling = [sure * specific for sure, specific in zip(said, query.specific, strict=True)]
    names = [sure for sure, is_name in zip(telling, query.names, strict=True) if is_name]
    return {
        "topic": _topic(query, size),
        "evidence": 1 - math.exp(-sum(telling) - sum(names)),
        "subject": mean(said, weights),
        "proximity": best.parts["proximity"] / query.total,
        "known": _known_names(query),
        "shown": query.share_said(quote.seen),
        "names": query.share_of_names(best.passage.all_terms),
    }


def verdict(signals: Mapping[str, float], size: int, *, is_offered: bool = True) -> Verdict:
    """The verdict for these signals in a folder of so many passages.

    Args:
        signals: those of `SIGNALS`.
        size: passages in the folder.
        is_offered: whether the quote holds what was asked for; without a date it answers no "when".
    """
    if not RELEVANCE.is_reached(signals, size):
        return Verdict.NOTHING
    is_sure = RELEVANCE.is_reached(signals, size, beyond=_SURELY) and CERTAINTY.is_reached(signals, size)
    return Verdict.ANSWERED if is_offered and is_sure else Verdict.RELATED


def _topic(query: Query, size: int) -> float:
    """How specific a word of the question is in English and yet how frequent in the folder, of the best such word."""
    rarest = math.log(size + 1)
    words = zip(query.said(query.terms), query.specific, query.rarity, strict=True)
    return max(sure * specific * max(0.0, 1 - rarity / rarest) for sure, specific, rarity in words)


def _known_names(query: Query) -> float:
    """The share of the names of the question that the folder has, 1 where it holds none."""
    known = [bool(word) for word, is_name in zip(query.words, query.names, strict=True) if is_name]
    return sum(known) / len(known) if known else 1.0
