"""What kind of answer a question asks for, and whether a sentence offers one: a row a kind.

It decides between sentences of about the same words: for "who appointed Kyzym" the one that says by whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"(?:the\s+)?[A-ZА-ЯІЇЄҐЁЎ]\w"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


@dataclass(frozen=True, slots=True)
class AnswerType:
    """How a kind of question begins, and what its answers look like."""

    question: re.Pattern[str]
    answer: re.Pattern[str]


ANSWER_TYPES = (
    AnswerType(
        _pattern(r"\b(?:how\s+(?:many|much|long|old|far|big|large|often)|скільки|сколько|колькі)\b"),
        _pattern(
            r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|half"
            r"|several|few|most|majority)\b"
        ),
    ),
    AnswerType(
        _pattern(r"\b(?:when|(?:what|which)\s+(?:year|date|day|month|century|time)|коли|когда|калі)\b"),
        _pattern(
            r"\b(?:1\d|20)\d\ds?\b|\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
            r"|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b"
            r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bcentur(?:y|ies)\b|\byears?\s+ago\b"
        ),
    ),
    AnswerType(
        _pattern(r"\b(?:who|whom|whose|хто|кто|кому|кого|кім|ким|кем)\b"),
        re.compile(rf"\b(?:[Bb]y|[Dd]ecision\s+(?:of|by))\s+{_NAME}"),
    ),
    AnswerType(
        _pattern(r"\b(?:where|(?:what|which)\s+(?:city|country|place|town|region)|де|где|дзе|куди|куда|куды)\b"),
        re.compile(rf"\b(?:in|at|to|from|near|across|into|inside|outside)\s+{_NAME}"),
    ),
    AnswerType(
        _pattern(r"\b(?:why|чому|почему|чаму|навіщо|зачем|навошта)\b"),
        _pattern(
            r"\b(?:because|since|due\s+to|as\s+a\s+result|in\s+order\s+to|so\s+that|therefore|reasons?|caused?)\b"
        ),
    ),
)


def asked(question: str) -> re.Pattern[str] | None:
    """What an answer to this question looks like; None when any sentence will do."""
    return next((kind.answer for kind in ANSWER_TYPES if kind.question.search(question)), None)
