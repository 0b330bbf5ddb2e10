"""Whether a folder is about a question at all, and whether its best quote answers it; in small and in large folders."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.explanation import Explanation
from retrieval.index import Index
from retrieval.types import Verdict
from retrieval.verdict import CERTAINTY, RELEVANCE, SIGNALS, Scale, verdict
from tests.folders import ask, read

ORDER = [Verdict.NOTHING, Verdict.RELATED, Verdict.ANSWERED]
SHARES = st.floats(0, 1)
SIZES = st.integers(0, 10**9)


def signals(**given: float) -> dict[str, float]:
    return dict.fromkeys(SIGNALS, 0.0) | given


ABOUT = {"topic": 1.0, "evidence": 1.0, "known": 1.0, "spoken_of": 1.0, "whole": 1.0, "proximity": 0.1}


@pytest.mark.parametrize(
    ("shown", "size", "expected"),
    [
        (0.81, 60, Verdict.ANSWERED),
        (0.80, 60, Verdict.RELATED),
        (0.10, 60, Verdict.RELATED),
        (1.00, 60, Verdict.ANSWERED),
        (0.81, 1_000, Verdict.RELATED),
        (0.80, 1, Verdict.ANSWERED),
    ],
)
def test_a_larger_folder_asks_for_more(shown: float, size: int, expected: Verdict) -> None:
    assert verdict(signals(shown=shown, **ABOUT), size) is expected


def test_a_quote_that_shows_all_of_a_question_is_silence_where_the_folder_is_not_about_it() -> None:
    everyday = signals(shown=1.0, names=1.0, evidence=0.4, subject=1.0, known=1.0, proximity=0.35, whole=1.0)

    assert CERTAINTY.is_reached(everyday, 60)
    assert verdict(everyday, 60) is Verdict.NOTHING


def test_a_quote_that_leaves_out_a_heavy_word_of_the_question_is_related_at_most() -> None:
    assert verdict(signals(shown=1.0, **ABOUT), 60) is Verdict.ANSWERED
    assert verdict(signals(shown=1.0, **ABOUT | {"whole": 0.7}), 60) is Verdict.RELATED


def test_a_quote_without_what_was_asked_for_is_related_at_most() -> None:
    assert verdict(signals(shown=1.0, **ABOUT), 60, is_offered=False) is Verdict.RELATED
    assert verdict(signals(), 60, is_offered=False) is Verdict.NOTHING


@pytest.mark.parametrize(
    ("scale", "name"), [(scale, name) for scale in (RELEVANCE, CERTAINTY) for name in scale.weights]
)
def test_every_signal_makes_an_answer_surer(scale: Scale, name: str) -> None:
    assert scale.value(signals() | {name: 0.6}) > scale.value(signals() | {name: 0.3})


@pytest.mark.parametrize("scale", [RELEVANCE, CERTAINTY], ids=["relevance", "certainty"])
def test_the_thresholds_grow_with_the_folder_from_a_handful_of_passages_to_a_library(scale: Scale) -> None:
    sizes = [20, 60, 300, 5_000, 100_000]

    assert all(scale.threshold(smaller) < scale.threshold(larger) for smaller, larger in pairwise(sizes))
    assert scale.threshold(0) == scale.threshold(1) <= scale.threshold(20)


@given(SIZES)
def test_in_a_folder_of_any_size_all_signals_answer_and_none_do_not(size: int) -> None:
    assert verdict(dict.fromkeys(SIGNALS, 1.0), size) is Verdict.ANSWERED
    assert verdict(signals(), size) is Verdict.NOTHING


@given(SHARES, SHARES, SIZES, SIZES)
def test_a_better_passage_or_a_smaller_folder_never_makes_an_answer_less_sure(
    one: float, other: float, size: int, other_size: int
) -> None:
    sure = verdict(dict.fromkeys(SIGNALS, max(one, other)), min(size, other_size))
    unsure = verdict(dict.fromkeys(SIGNALS, min(one, other)), max(size, other_size))

    assert ORDER.index(sure) >= ORDER.index(unsure)


PAGES = {
    "a.md": "Kyzym was appointed ambassador in Minsk.\n\nKuleba spoke of sanctions with Kyzym today.\n",
    "b.md": "The people of the world met Kuleba.\n\nHe was born in Sumy.\n",
}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Was Kyzym appointed ambassador?", Verdict.ANSWERED),
        ("sanctions", Verdict.ANSWERED),  # a word alone is what the question is about
        ("Sumy", Verdict.ANSWERED),
        ("Tell me about the sanctions!", Verdict.ANSWERED),  # and so is what is asked about
        ("что про санкции", Verdict.ANSWERED),
        ("Tell me about people!", Verdict.NOTHING),  # who are everywhere
        ("people", Verdict.ANSWERED),
        ("What day is it today?", Verdict.NOTHING),  # said, but by everybody of everything
        ("best people in the world", Verdict.NOTHING),
        ("Was Macron appointed?", Verdict.NOTHING),  # about somebody else
        ("What did Macron say to Kyzym in Minsk?", Verdict.RELATED),  # one of two is known
        ("What did Macron say to Kyzym about the harvest?", Verdict.NOTHING),  # nobody speaks of any harvest
        ("Who is the wife of Kyzym?", Verdict.NOTHING),
        ("What is the weather in Minsk?", Verdict.NOTHING),
        ("Was the secretary Kyzym appointed ambassador in Minsk?", Verdict.ANSWERED),  # one word of many is unsaid
        ("Who interviewed the ambassador in Minsk?", Verdict.RELATED),  # it is what the question asks
        ("When was Kyzym appointed ambassador in Minsk?", Verdict.RELATED),  # no date
        ("How many sanctions did Kuleba speak of?", Verdict.RELATED),  # no number
        ("Where is Minsk?", Verdict.RELATED),  # "in Minsk" does not say it
        ("Who is Sumy?", Verdict.RELATED),
        ("Who met Kuleba?", Verdict.RELATED),  # "the people" are nobody
        ("Whom did the people of the world meet?", Verdict.ANSWERED),
        ("Who spoke of sanctions?", Verdict.ANSWERED),
        ("Who was born in Sumy?", Verdict.ANSWERED),  # "he" is somebody
        ("Who is Kuleba?", Verdict.RELATED),  # it says what he did
        ("Who is Kyzym?", Verdict.ANSWERED),
        ("Who is against Kuleba?", Verdict.RELATED),  # what is asked stays asked, though "against" tells little
    ],
)
def test_a_verdict_says_whether_the_documents_are_about_it_and_whether_they_say_it(
    question: str, expected: Verdict
) -> None:
    assert ask(question, PAGES).verdict is expected


def test_words_that_meet_in_a_passage_are_less_of_a_surprise_where_many_passages_have_each() -> None:
    question, met = "Is there a harbour or a violin?", "They saw a harbour.\n\nThe harbour has a violin."
    each = "\n\n".join(f"Entry {n} has a {'harbour' if n % 2 else 'violin'}." for n in range(200))
    neither = "\n\n".join(f"Entry {n} has a boat." for n in range(200))
    often, seldom = (explain(question, {"a.txt": met, "b.txt": filler}) for filler in (each, neither))

    assert often.signals["shown"] == seldom.signals["shown"] == 1.0
    assert often.signals["surprise"] < seldom.signals["surprise"] - 0.3


def explain(question: str, files: Mapping[str, str]) -> Explanation:
    found = Index(read(files).documents).explain(question)
    assert found is not None
    return found
