"""The judged questions about the seeds: no figure of any group may fall below the recorded one.

Figures that rose, or that fell for a good reason, are recorded anew with `python tests/test_judgements.py`.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from retrieval.evaluation import Figures, Judgement, evaluate, read_judgements
from retrieval.folder import read_folder
from retrieval.index import Index

FOLDER = Path(__file__).parent / "judgements"
RECORDED = FOLDER / "recorded.json"
SETS = ("tune", "test")
DIGITS = 4

DOCUMENTS = read_folder(Path(__file__).parents[1] / "seeds").documents
INDEX = Index(DOCUMENTS)


@cache
def judgements(name: str) -> list[Judgement]:
    return read_judgements((FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines())


@cache
def figures(name: str) -> Mapping[str, Figures]:
    return evaluate(INDEX, judgements(name))


def guarded(row: Figures) -> dict[str, float]:
    """What may not fall; of questions without an answer `answered` may not rise."""
    if row.success_at_1 is None or row.success_at_3 is None or row.mrr is None:
        found = {"silence": row.silence, "answered": row.answered}
    else:
        found = {"success_at_1": row.success_at_1, "success_at_3": row.success_at_3, "mrr": row.mrr}
    return {figure: round(value, DIGITS) for figure, value in found.items()}


def all_guarded() -> dict[str, dict[str, dict[str, float]]]:
    return {name: {group: guarded(row) for group, row in figures(name).items()} for name in SETS}


def recorded() -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = json.loads(RECORDED.read_text("utf-8"))
    return found


def worse(now: Mapping[str, float], before: Mapping[str, float]) -> dict[str, str]:
    signs = {figure: -1 if figure == "answered" else 1 for figure in before}
    return {
        figure: f"{now[figure]:.4f}, recorded {before[figure]:.4f}"
        for figure, sign in signs.items()
        if sign * now[figure] < sign * before[figure]
    }


@pytest.mark.parametrize("name", SETS)
def test_no_figure_of_any_group_is_worse_than_recorded(name: str) -> None:
    now, before = all_guarded()[name], recorded()[name]

    assert now.keys() == before.keys()
    assert {group: worse(now[group], before[group]) for group in now} == {group: {} for group in now}


def test_a_figure_that_falls_is_found_and_one_that_rises_is_not() -> None:
    before = {"silence": 0.5, "answered": 0.2}

    assert worse({"silence": 0.6, "answered": 0.1}, before) == {}
    assert worse({"silence": 0.4, "answered": 0.2}, before) == {"silence": "0.4000, recorded 0.5000"}
    assert list(worse({"silence": 0.5, "answered": 0.3}, before)) == ["answered"]


@pytest.mark.parametrize("name", SETS)
def test_every_answer_stands_once_in_its_document(name: str) -> None:
    texts = {document.file: document.text for document in DOCUMENTS}
    answers = {answer for judgement in judgements(name) for answer in judgement.answers}

    assert answers
    assert [(file, text) for file, text in sorted(answers) if texts.get(file, "").count(text) != 1] == []


@pytest.mark.parametrize("name", SETS)
def test_a_group_has_answers_to_all_of_its_questions_or_to_none(name: str) -> None:
    has_answers: dict[str, set[bool]] = {}
    for judgement in judgements(name):
        has_answers.setdefault(judgement.group, set()).add(bool(judgement.answers))
    assert {group: len(kinds) for group, kinds in has_answers.items()} == dict.fromkeys(has_answers, 1)


def test_no_question_is_for_choosing_and_for_measuring_at_once() -> None:
    tune, test = ({judgement.question.casefold() for judgement in judgements(name)} for name in SETS)

    assert tune & test == set()
    assert [len(judgements(name)) for name in SETS] == [len(tune), len(test)]


if __name__ == "__main__":
    RECORDED.write_text(json.dumps(all_guarded(), indent=2) + "\n", encoding="utf-8")
