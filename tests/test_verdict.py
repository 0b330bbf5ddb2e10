"""How sure an answer must be, in small and in large folders."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.types import Verdict
from retrieval.verdict import SIGNALS, certainty, threshold, verdict

ORDER = [Verdict.NOTHING, Verdict.RELATED, Verdict.ANSWERED]
SHARES = st.floats(0, 1)
SIZES = st.integers(0, 10**9)


def signals(score: float) -> dict[str, float]:
    return {"score": score, "names": 0.0, "proximity": 0.0}


@pytest.mark.parametrize(
    ("score", "size", "expected"),
    [
        (0.40, 60, Verdict.ANSWERED),
        (0.39, 60, Verdict.RELATED),
        (0.19, 60, Verdict.RELATED),
        (0.17, 60, Verdict.NOTHING),
        (0.40, 1_000, Verdict.RELATED),
        (0.68, 1_000, Verdict.ANSWERED),
        (0.32, 1, Verdict.ANSWERED),
    ],
)
def test_a_larger_folder_asks_for_more(score: float, size: int, expected: Verdict) -> None:
    assert verdict(signals(score), size) is expected


def test_what_is_close_to_a_question_about_somebody_else_is_no_answer() -> None:
    assert verdict(signals(0.3), 60) is Verdict.RELATED
    assert verdict(signals(0.3), 60, knows_names=False) is Verdict.NOTHING
    assert verdict(signals(0.5), 60, knows_names=False) is Verdict.ANSWERED


@pytest.mark.parametrize("name", list(SIGNALS))
def test_every_signal_makes_an_answer_surer(name: str) -> None:
    assert certainty(signals(0.2) | {name: 0.6}) > certainty(signals(0.2) | {name: 0.3})


def test_the_threshold_grows_with_the_folder_but_not_below_a_handful_of_passages() -> None:
    sizes = [20, 60, 300, 5_000, 100_000]

    assert all(threshold(smaller) < threshold(larger) for smaller, larger in pairwise(sizes))
    assert threshold(0) == threshold(1) == threshold(20)


@given(SIZES)
def test_a_passage_that_holds_nothing_of_the_question_answers_it_in_no_folder(size: int) -> None:
    assert verdict(signals(0.0), size) is Verdict.NOTHING


@given(SHARES, SHARES, SIZES, SIZES)
def test_a_better_passage_or_a_smaller_folder_never_makes_an_answer_less_sure(
    one: float, other: float, size: int, other_size: int
) -> None:
    sure = verdict(signals(max(one, other)), min(size, other_size))
    unsure = verdict(signals(min(one, other)), max(size, other_size))

    assert ORDER.index(sure) >= ORDER.index(unsure)
