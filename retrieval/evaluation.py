"""Judged questions, and how well an index answers them.

A judgement is a line of JSON:

    {"id": "plain-001", "group": "plain", "question": "who appointed Kyzym",
     "answers": [{"file": "000.txt", "text": "By the decision of the Minister of Foreign Affairs, I was appointed"}]}

A quote is right if it is of that file and holds one of the texts whole. A question without answers should be met
with silence. Other keys are for people.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from retrieval.errors import JudgementError
from retrieval.types import Verdict, unwatched

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.index import Index
    from retrieval.types import Answer, Watch


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question with the stretches that answer it, as (file, text)."""

    question: str
    group: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a group of questions was answered; shares from 0 to 1, None where they do not apply."""

    questions: int
    success_at_1: float | None  # the first quote is right
    success_at_3: float | None  # one of the three is right
    mrr: float | None  # mean of 1 / the place of the first right quote
    answered: float  # share of verdicts; of questions without an answer these are false answers
    related: float
    silence: float


@dataclass(frozen=True, slots=True)
class _Outcome:
    judgement: Judgement
    verdict: Verdict
    place: int | None  # of the first right quote, from 1


def read_judgements(lines: Iterable[str]) -> list[Judgement]:
    """The judgements of a file, empty lines passed over.

    Raises:
        JudgementError: a line is not a judgement; the message names it.
    """
    return [_judgement(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _judgement(number: int, line: str) -> Judgement:
    try:
        entry = json.loads(line)
        answers = tuple((_text(answer["file"]), _text(answer["text"])) for answer in _list(entry["answers"]))
        return Judgement(_text(entry["question"]), _text(entry["group"]), answers)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = (
            f"line {number} is no judgement: it is a JSON object with question, group and answers [{{file, text}}]"
        )
        raise JudgementError(message) from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("not a text")
    return value


def _list(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def evaluate(index: Index, judgements: Sequence[Judgement], watch: Watch = unwatched) -> dict[str, Figures]:
    """The figures of each group, in order of first appearance."""
    groups: dict[str, list[_Outcome]] = defaultdict(list)
    for judgement in watch(judgements, "Asking"):
        answer = index.ask(judgement.question)
        groups[judgement.group].append(_Outcome(judgement, answer.verdict, _place(answer, judgement)))
    return {group: _figures(outcomes) for group, outcomes in groups.items()}


def as_json(figures: Mapping[str, Figures]) -> str:
    """The figures by group, as one JSON object."""
    return json.dumps({group: asdict(row) for group, row in figures.items()}, indent=2)


def _place(answer: Answer, judgement: Judgement) -> int | None:
    for place, citation in enumerate(answer.citations, start=1):
        if any(citation.file == file and text in citation.quote for file, text in judgement.answers):
            return place
    return None


def _figures(outcomes: Sequence[_Outcome]) -> Figures:
    verdicts = [outcome.verdict for outcome in outcomes]
    answerable = [outcome for outcome in outcomes if outcome.judgement.answers]
    places = [outcome.place for outcome in answerable]
    return Figures(
        questions=len(outcomes),
        success_at_1=_mean([place == 1 for place in places]),
        success_at_3=_mean([place is not None for place in places]),
        mrr=_mean([1 / place if place else 0.0 for place in places]),
        answered=verdicts.count(Verdict.ANSWERED) / len(verdicts),
        related=verdicts.count(Verdict.RELATED) / len(verdicts),
        silence=verdicts.count(Verdict.NOTHING) / len(verdicts),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
