"""`quoth eval` and `quoth ask --explain` as processes, the way an operator meets them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.evaluation import read_judgements
from tests import processes
from tests.processes import SEEDS, Ended

Quoth = Callable[..., Ended]
TUNE = SEEDS.parent / "tests" / "judgements" / "tune.jsonl"
GROUPS = list(dict.fromkeys(judgement.group for judgement in read_judgements(TUNE.read_text("utf-8").splitlines())))
GOOD = '{"question": "who appointed Kyzym", "group": "plain", "answers": []}\n'


@pytest.fixture
def quoth(tmp_path: Path) -> Quoth:
    """The command in an empty folder, with the repository's documents to ask."""

    def run(*arguments: str) -> Ended:
        ended = processes.quoth(*arguments, cwd=tmp_path, QUOTH_SEEDS=str(SEEDS))
        assert "Traceback" not in ended.err
        return ended

    return run


# quoth eval


def test_the_figures_are_a_table_with_a_row_and_a_bar_for_each_group(quoth: Quoth) -> None:
    ended = quoth("eval", str(TUNE))
    head, *rows = ended.out.splitlines()

    assert (ended.status, ended.err) == (0, "")
    assert head.split() == ["group", "questions", "success@1", "success@3", "MRR", "answered", "related", "silence"]
    assert [row.split()[0] for row in rows] == GROUPS
    assert all("█" in row for row in rows if row.startswith(("plain", "offtopic")))


def test_the_figures_as_json_are_those_of_all_groups(quoth: Quoth, tmp_path: Path) -> None:
    some = TUNE.read_text("utf-8").splitlines()[::3]
    (tmp_path / "some.jsonl").write_text("\n".join(some), encoding="utf-8")
    ended = quoth("eval", "--json", "some.jsonl")
    figures = json.loads(ended.out)

    assert (ended.status, ended.err) == (0, "")
    assert list(figures) == GROUPS
    assert figures["plain"]["success_at_1"] > 0.5
    assert figures["offtopic"]["success_at_1"] is None
    assert sum(row["questions"] for row in figures.values()) == len(some)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "mine.jsonl cannot be read: "),
        (b"", "mine.jsonl holds no judgement."),
        (b"\n \n", "mine.jsonl holds no judgement."),
        (b"\xff\xfe{", "mine.jsonl cannot be read: "),
        (f"{GOOD}\nnonsense\n".encode(), "mine.jsonl: line 3 is no judgement: "),
        (f"{GOOD}[1]\n".encode(), "mine.jsonl: line 2 is no judgement: "),
    ],
    ids=["missing", "empty", "blank", "no UTF-8", "no JSON", "another JSON"],
)
def test_a_file_that_is_none_of_judgements_is_one_line_of_complaint(
    quoth: Quoth, tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / "mine.jsonl").write_bytes(content)
    ended = quoth("eval", "mine.jsonl")

    assert (ended.status, ended.out) == (2, "")
    assert ended.complaint.startswith(f"quoth: {complaint}")
    assert ended.complaint.endswith(".")


def test_a_folder_is_no_file_of_judgements(quoth: Quoth) -> None:
    ended = quoth("eval", ".")
    assert (ended.status, ended.out) == (2, "")
    assert ended.complaint.startswith("quoth: . cannot be read: ")


def test_a_separator_inside_of_a_question_does_not_end_its_line(quoth: Quoth, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(GOOD.replace("who ", "who\u2028\u0085"), encoding="utf-8")
    ended = quoth("eval", "mine.jsonl")

    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines()[1].split()[:2] == ["plain", "1"]


# quoth ask --explain


def test_an_explanation_follows_the_answer(quoth: Quoth) -> None:
    plain, ended = quoth("ask", "who", "appointed", "Kyzym"), quoth("ask", "--explain", "who", "appointed", "Kyzym")

    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(plain.out)
    explanation = ended.out.removeprefix(plain.out)
    titles = [line.strip() for line in explanation.splitlines() if line.strip() in {"Words", "Passages", "Quotes"}]
    assert titles == ["Words", "Passages", "Quotes"]
    assert [line.split()[:2] for line in explanation.splitlines() if line.startswith(("appointed ", "kyzym "))] == [
        ["appointed", "exact"],
        ["kyzym", "exact"],
    ]
    assert "000_719b66f8acb16e56.txt text 5" in explanation
    last = explanation.splitlines()[-1]
    assert last.startswith("Verdict: answered. Relevance ")
    assert ", certainty " in last


@pytest.mark.parametrize("question", ["who are you", "?!", "word " * 1_000])
def test_a_question_that_is_not_searched_has_no_explanation(quoth: Quoth, question: str) -> None:
    ended = quoth("ask", "--explain", question)

    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines()[-1].startswith("Nothing was searched: ")
    assert "Verdict" not in ended.out


def test_an_explanation_without_a_question_asks_for_one(quoth: Quoth) -> None:
    ended = quoth("ask", "--explain")
    assert (ended.status, ended.out) == (2, "")
    assert ended.complaint == "quoth: What is the question? Write: quoth ask who …"
