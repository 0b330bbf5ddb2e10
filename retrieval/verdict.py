"""How sure an answer is, against the size of the folder.

Two questions are put in turn. Is the folder about this at all? If not, silence. Does the first quote say it? If
not, it is shown as merely related. Each is a sum of signals against a threshold that grows with the folder: among
many passages some hold some words of any question, so a fixed threshold does not transfer. Beside the sums stand two
conditions: the quote offers what was asked for, and leaves no heavy word of the question unsaid.

The weights are those of logistic regressions, rounded, over 1,440 questions that eight articles answer and 1,477
that they do not, the same asked of folders without their article, and of questions about the seeds: those of
tests/judgements/tune.jsonl, five other hundred, and 180 about anything under the sun. Those of relevance were fitted
in folders of 74, 300, 1,300, 9,400 and 102,700 passages together, the larger ones filled up with manuals and prose of
other subjects: of 112 questions about something else .96 meet silence at 9,400 passages and .88 at 102,700, where the
weights of small folders had .93 and .61, of 720 without their article .84 and .78 instead of .79 and .38. That the
folder is about it counts for certainty too: of the questions asked without their article .04 are called answered, with
it .80, and the condition of the heavy word spends that on questions close to a document that does not answer them.
Signals that brought nothing: the lead over the second passage, the best single sentence, whether a word is nowhere in
the folder, how near the words stand in the quote itself, the best score as a share of the ideal one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.frequency import LEAST
from retrieval.query import mean
from retrieval.reading import WEIGHTS, Rung
from retrieval.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.query import Query
    from retrieval.reranking import Ranked
    from retrieval.runs import Run

#: A word that is left unsaid by a quote that answers weighs at most this share of the question.
_UNSAID = 0.29
_LONE_NAME, _LONE_WORD = 0.18, 0.09  # the proximity of what nothing stands beside in the question
_NEAREST = 0.5  # the proximity from which more says nothing: only whoever pastes a passage has it
_SURPRISES = (-6, 12)  # e-folds: what is less and more says nothing more
_TOLD = 3  # e-folds of rarity that words which are no names must say to be nearly all
_OWN = WEIGHTS[Rung.SPELLING]  # how surely a word is meant from which the folder has it, not only a related one
_REFERENCE_SIZE = 60  # passages, about two articles


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
        return self.least + self.growth * math.log(max(size, self.smallest) / _REFERENCE_SIZE)

    def is_reached(self, signals: Mapping[str, float], size: int) -> bool:
        """Whether the signals suffice in a folder of so many passages."""
        return self.value(signals) >= self.threshold(size)


#: Whether the folder is about it at all.
RELEVANCE = Scale(
    {
        "topic": 1.7,
        "evidence": 1.0,
        "subject": 0.35,
        "proximity": 4.9,
        "known": 1.75,
        "surprise": 2.5,
        "spoken_of": 0.6,
        "besides": 0.26,
    },
    least=4.62,
    growth=0.09,
    smallest=1,
)
#: Whether the first quote says it. The more the folder is about it, the less the quote need show.
CERTAINTY = Scale(
    {
        "shown": 1.0,
        "names": 0.3,
        "topic": 0.54,
        "evidence": 0.27,
        "subject": 0.17,
        "proximity": 2.67,
        "known": 0.21,
        "spoken_of": 0.4,
    },
    least=2.49,
    growth=0.005,
    smallest=20,
)

SIGNALS = (*dict.fromkeys((*RELEVANCE.weights, *CERTAINTY.weights)), "whole")


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
        surprise: how unlikely it is that what they say of the question stands together in a passage by chance.
        besides: how much they say of it in words that are no names, nearing 1; 1 for a question of names alone.
        spoken_of: 0 where the folder has names at most of what the question says, and not the rest; else 1.
        shown: the share of the question's weight that the quote says.
        names: the share of the weight of its names that the passage holds.
        whole: 1 less the share of the heaviest word that tells something, is no name, and is not in the quote.
    """
    said = query.said(quote.around)
    weights = [weight * specific for weight, specific in zip(query.weights, query.specific, strict=True)]
    telling = [sure * specific for sure, specific in zip(said, query.specific, strict=True)]
    names = [sure for sure, is_name in zip(telling, query.names, strict=True) if is_name]
    return {
        "topic": _topic(query, size),
        "evidence": 1 - math.exp(-sum(telling) - sum(names)),
        "subject": mean(said, weights),
        "proximity": _proximity(query, best),
        "known": _known_names(query),
        "surprise": _surprise(query, said, size),
        "besides": _besides(query, said),
        "spoken_of": _spoken_of(query),
        "shown": query.share_said(quote.seen),
        "names": query.share_of_names(best.passage.all_terms),
        "whole": 1 - _unsaid(query, quote),
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
    is_sure = CERTAINTY.is_reached(signals, size) and signals["whole"] >= 1 - _UNSAID
    return Verdict.ANSWERED if is_offered and is_sure else Verdict.RELATED


def _topic(query: Query, size: int) -> float:
    """How specific a word of the question is in English and yet how frequent in the folder, of the best such word."""
    rarest = math.log(size + 1)
    words = zip(query.said(query.terms), query.specific, query.rarity, strict=True)
    return max(sure * specific * max(0.0, 1 - rarity / rarest) for sure, specific, rarity in words)


def _surprise(query: Query, said: Sequence[float], size: int) -> float:
    """How few passages would hold by chance what is said of the question.

    Words that fell into passages independently, each as often as the folder has it, would meet in so many passages;
    the negative logarithm of that is brought to 0 to 1. A word is as rare as the rarest that it was read as, and takes
    part as far as it tells something.
    """
    least, most = _SURPRISES
    rows = zip(said, query.rarity, query.specific, strict=True)
    unlikely = sum(sure * rarity * specific for sure, rarity, specific in rows) - math.log(size)
    return min(max((unlikely - least) / (most - least), 0.0), 1.0)


def _besides(query: Query, said: Sequence[float]) -> float:
    """What is said besides names: "the weather in Kyiv" is not said by what only says Kyiv."""
    rows = zip(said, query.rarity, query.specific, query.names, strict=True)
    told = [sure * rarity * specific for sure, rarity, specific, is_name in rows if not is_name]
    return 1 - math.exp(-sum(told) / _TOLD) if told else 1.0


def _known_names(query: Query) -> float:
    """The share of the names of the question that the folder has, 1 where it holds none.

    A number that the folder has says nothing beside them: any folder may have 2022.
    """
    rows = zip(query.words, query.names, query.typed, strict=True)
    known = [bool(word) for word, is_name, typed in rows if is_name and not (word and typed[:1].isdigit())]
    return sum(known) / len(known) if known else 1.0


def _spoken_of(query: Query) -> float:
    """Whether the folder has a word of the question that is no name and tells something, if others are not there.

    "The weather in Kyiv today" is not spoken of by documents that have only Kyiv and today.
    """
    others = [
        (bool(word), specific)
        for word, is_known, is_name, specific in zip(query.words, query.known, query.names, query.specific, strict=True)
        if is_known and not is_name
    ]
    return float(all(has for has, _ in others) or any(has and specific > LEAST for has, specific in others))


def _unsaid(query: Query, quote: Run) -> float:
    """The share of the question that its heaviest word has which the quote should say and does not.

    It should say what is no name and tells something; a name may be "she" there, unless the folder does not have it.
    Of a word that the folder does not have itself its relatives say too little.
    """
    needed = [
        (is_known and specific > LEAST) if not is_name else not word
        for word, specific, is_known, is_name in zip(query.words, query.specific, query.known, query.names, strict=True)
    ]
    said = [
        sure if max(word.values(), default=0.0) >= _OWN else 0.0
        for word, sure in zip(query.words, query.said(quote.seen), strict=True)
    ]
    rows = zip(query.weights, said, needed, strict=True)
    return max((weight * (1 - sure) for weight, sure, is_needed in rows if is_needed), default=0.0) / query.total


def _proximity(query: Query, best: Ranked) -> float:
    if len(query.words) == 1:
        return _LONE_NAME if query.names[0] else _LONE_WORD
    return min(_NEAREST, best.parts["proximity"] / query.total)
