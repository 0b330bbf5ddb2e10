"""Judged questions, and the figures of a folder so small that they can be worked out by hand."""

import json
from dataclasses import asdict

import pytest

from retrieval.errors import JudgementError
from retrieval.evaluation import Figures, Judgement, as_json, evaluate, read_judgements
from retrieval.index import Index
from tests.folders import Onlooker, read


def line(**changed: object) -> str:
    entry = {"question": "who?", "group": "plain", "answers": [{"file": "a.txt", "text": "Kyzym"}]}
    return json.dumps({**entry, **changed})


# reading


def test_a_judgement_is_a_line_of_json_and_empty_lines_and_other_keys_are_passed_over() -> None:
    several = [{"file": "a.txt", "text": "He"}, {"file": "b.txt", "text": "She"}]
    found = read_judgements([line(id="plain-001", note="tricky"), "", "  \n", line(answers=several), line(answers=[])])

    assert found == [
        Judgement("who?", "plain", (("a.txt", "Kyzym"),)),
        Judgement("who?", "plain", (("a.txt", "He"), ("b.txt", "She"))),
        Judgement("who?", "plain", ()),
    ]


def test_no_lines_are_no_judgements() -> None:
    assert read_judgements([]) == []


NO_JUDGEMENTS = [
    "nonsense",
    "{",
    "1",
    "null",
    '"text"',
    '["question", "group", "answers"]',
    "{}",
    '{"question": "who?", "group": "plain"}',
    '{"question": "who?", "answers": []}',
    '{"group": "plain", "answers": []}',
    line(answers=None),
    line(answers="a.txt"),
    line(answers=["a.txt"]),
    line(answers=[{"file": "a.txt"}]),
    line(answers=[{"text": "Kyzym"}]),
]


@pytest.mark.parametrize("broken", NO_JUDGEMENTS)
def test_a_line_that_is_no_judgement_is_named_counting_the_empty_ones(broken: str) -> None:
    with pytest.raises(JudgementError, match=r"^line 3 is no judgement: it is a JSON object with question, group"):
        read_judgements([line(), "", broken, line()])


@pytest.mark.parametrize(
    "wrong",
    [
        line(answers={}),  # becomes a question that should be met with silence
        line(answers=""),
        line(answers=[{"file": "a.txt", "text": ""}]),  # every quote of the file holds it
        line(question=None),  # becomes the question "None"
        "[" * 100_000,  # a RecursionError
    ],
    ids=["object", "string", "empty", "null", "deep"],
)
def test_a_line_that_would_be_misunderstood_is_named_too(wrong: str) -> None:
    with pytest.raises(JudgementError, match=r"^line 1 is no judgement"):
        read_judgements([wrong])


# figures

FILES = {
    "a.txt": "Kuleba appointed Kyzym.\n\nKyzym, said the minister in spring, was appointed too late for Lublin.\n",
    "b.txt": "Rivers flow through Lublin.\n",
}
BEST, SECOND = "Kuleba appointed Kyzym.", "appointed too late"
WHO = "who appointed Kyzym"


@pytest.fixture
def index() -> Index:
    return Index(read(FILES).documents)


def judged(question: str, *answers: tuple[str, str], group: str = "plain") -> Judgement:
    return Judgement(question, group, answers)


def test_the_folder_quotes_what_is_counted_on_below(index: Index) -> None:
    quotes = [(citation.file, citation.quote) for citation in index.ask(WHO).citations]

    assert quotes[0] == ("a.txt", BEST)
    assert (quotes[1][0], SECOND in quotes[1][1], len(quotes)) == ("a.txt", True, 2)
    assert [index.ask(question).verdict for question in (WHO, "bitcoin", "bitcoin price")] == [
        "answered",
        "nothing",
        "nothing",
    ]


def test_success_and_mean_reciprocal_rank_are_as_worked_out_by_hand(index: Index) -> None:
    figures = evaluate(
        index,
        [
            judged(WHO, ("a.txt", BEST)),  # place 1
            judged(WHO, ("a.txt", SECOND)),  # place 2
            judged(WHO, ("a.txt", SECOND), ("a.txt", BEST)),  # any of them: place 1
            judged("bitcoin", ("a.txt", BEST)),  # nowhere
        ],
    )
    assert figures == {
        "plain": Figures(
            questions=4,
            success_at_1=2 / 4,
            success_at_3=3 / 4,
            mrr=(1 + 1 / 2 + 1 + 0) / 4,
            answered=3 / 4,
            related=0.0,
            silence=1 / 4,
        )
    }


@pytest.mark.parametrize(
    "answer",
    [
        ("b.txt", BEST),  # of another file
        ("a.txt", "Kuleba appointed Kyzym. Kyzym"),  # not whole
        ("a.txt", "kuleba appointed Kyzym."),  # not to the letter
    ],
)
def test_a_quote_is_right_only_if_it_holds_the_text_whole_and_is_of_its_file(
    index: Index, answer: tuple[str, str]
) -> None:
    row = evaluate(index, [judged(WHO, answer)])["plain"]
    assert (row.success_at_1, row.success_at_3, row.mrr, row.answered) == (0.0, 0.0, 0.0, 1.0)


def test_a_group_without_answers_is_measured_by_its_silence_alone(index: Index) -> None:
    questions = [judged(question) for question in ("bitcoin", "bitcoin price", WHO)]
    row = evaluate(index, questions)["plain"]

    assert (row.success_at_1, row.success_at_3, row.mrr) == (None, None, None)
    assert (row.questions, row.silence, row.answered, row.related) == (3, 2 / 3, 1 / 3, 0.0)


def test_a_question_without_answers_does_not_lower_the_success_of_its_group(index: Index) -> None:
    row = evaluate(index, [judged(WHO, ("a.txt", BEST)), judged("bitcoin")])["plain"]
    assert (row.questions, row.success_at_1, row.silence) == (2, 1.0, 0.5)


def test_groups_come_in_the_order_in_which_they_appear(index: Index) -> None:
    found = evaluate(index, [judged("bitcoin", group=group) for group in ("typo", "plain", "typo", "cyrillic")])

    assert list(found) == ["typo", "plain", "cyrillic"]
    assert [row.questions for row in found.values()] == [2, 1, 1]


def test_no_judgements_have_no_figures(index: Index) -> None:
    assert evaluate(index, []) == {}


def test_somebody_may_look_on_while_the_questions_are_asked(index: Index) -> None:
    questions, onlooker = [judged(WHO), judged("bitcoin")], Onlooker()
    evaluate(index, questions, onlooker)

    assert onlooker.seen == {"Asking": questions}


def test_the_figures_as_json_are_those_of_each_group(index: Index) -> None:
    figures = evaluate(index, [judged(WHO, ("a.txt", BEST)), judged("bitcoin", group="off topic – «так»")])
    found = json.loads(as_json(figures))

    assert found == {group: asdict(row) for group, row in figures.items()}
    assert list(found) == list(figures)
    assert found["off topic – «так»"]["mrr"] is None
