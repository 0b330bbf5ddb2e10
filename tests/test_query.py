"""A question as it is compared with passages: what of it some terms hold."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index import Index
from retrieval.query import Query
from tests.folders import document


def query(
    *words: Mapping[str, float],
    weights: Sequence[float] | None = None,
    counts: Sequence[int] | None = None,
    order: Sequence[int] | None = None,
    names: Sequence[bool] | None = None,
) -> Query:
    ones = [1.0] * len(words)
    return Query(
        words=words,
        counts=counts or [1] * len(words),
        rarity=[w / count for w, count in zip(weights, counts, strict=True)] if weights and counts else weights or ones,
        emphasis=ones,
        typed=[""] * len(words),
        order=range(len(words)) if order is None else order,
        names=names or [False] * len(words),
        specific=ones,
        known=[True] * len(words),
        asked=None,
        counted=None,
        speaker=None,
        is_bare=False,
        is_of_readers=False,
    )


def asked(question: str, text: str) -> Query:
    """The query that an index makes of a question to one document."""
    why = Index([document(text)]).explain(question)
    assert why is not None
    return why.query


KYZYM, APPOINT, MINISTER = {"kyzym": 1.0}, {"appoint": 1.0}, {"minist": 1.0, "premier": 0.4}


@pytest.mark.parametrize(
    ("held", "share"),
    [
        ("", 0.0),
        ("hotel", 0.0),
        ("kyzym", 0.5),
        ("kyzym appoint", 0.8),
        ("kyzym appoint minist hotel", 1.0),
        ("premier", 0.08),  # as sure as it may mean the word
        ("minist premier", 0.2),  # its best term counts, not both
    ],
)
def test_a_share_is_the_weight_of_the_words_that_are_held_as_surely_as_they_are(held: str, share: float) -> None:
    asked = query(KYZYM, APPOINT, MINISTER, weights=[5.0, 3.0, 2.0])

    assert asked.total == 10
    assert asked.share(frozenset(held.split())) == pytest.approx(share)
    assert asked.share(frozenset(held.split())) == pytest.approx(share)  # from what was computed before


def test_one_term_may_stand_for_two_words() -> None:
    asked = query({"belarus": 1.0}, {"belarusian": 1.0, "belarus": 0.4})

    assert asked.held(frozenset({"belarus"})) == [1.0, 0.4]
    assert asked.numbers == {"belarus": [(0, 1.0), (1, 0.4)], "belarusian": [(1, 1.0)]}
    assert asked.terms == {"belarus", "belarusian"}


@pytest.mark.parametrize(
    ("names", "held", "share"),
    [
        ([True, False, False], "kyzym", 1.0),
        ([True, False, False], "appoint minist", 0.0),
        ([True, False, True], "kyzym", 5 / 7),
        ([True, False, True], "premier", 0.8 / 7),
        ([False, False, False], "kyzym", 0.5),  # without names all words count
    ],
)
def test_the_share_of_names_is_of_their_weight_alone(names: list[bool], held: str, share: float) -> None:
    asked = query(KYZYM, APPOINT, MINISTER, weights=[5.0, 3.0, 2.0], names=names)
    assert asked.share_of_names(frozenset(held.split())) == pytest.approx(share)


def test_a_question_of_no_word_is_held_by_nothing() -> None:
    empty = query()
    assert (empty.total, empty.share(frozenset({"kyzym"})), empty.pairs) == (0, 0.0, {})


def test_pairs_are_what_neighbours_were_taken_for_with_their_mean_weight_as_sure_as_the_less_sure() -> None:
    asked = query(KYZYM, {"appoint": 1.0}, {"minist": 1.0, "premier": 0.8, "chief": 0.5}, weights=[5.0, 3.0, 2.0])

    assert asked.pairs == {
        ("kyzym", "appoint"): 4.0,
        ("appoint", "minist"): 2.5,
        ("appoint", "premier"): pytest.approx(2.0),  # "chief" is merely related
    }


def test_a_pair_that_stands_there_twice_has_its_higher_weight() -> None:
    asked = query({"a": 1.0}, {"b": 0.7}, {"b": 1.0}, order=[0, 1, 0, 2])
    assert asked.pairs["a", "b"] == 1.0


def test_a_repeated_word_weighs_more_but_its_pairs_do_not() -> None:
    asked = query(KYZYM, APPOINT, weights=[10.0, 3.0], counts=[2, 1], order=[0, 1, 0])

    assert asked.repeated == [{"kyzym": 2.0}, {"appoint": 1.0}]
    assert asked.pairs == {("kyzym", "appoint"): 4.0, ("appoint", "kyzym"): 4.0}


def test_what_a_translation_says_is_said_and_what_a_relative_says_is_not() -> None:
    asked = query({"minist": 0.9}, {"appoint": 0.4}, weights=[3.0, 1.0], names=[True, False])
    terms = frozenset({"minist", "appoint"})

    assert asked.held(terms) == [0.9, 0.4]
    assert asked.said(terms) == [1.0, 0.4]
    assert asked.share_said(terms) == pytest.approx(0.85)
    assert asked.share_of_names(terms) == 1.0


# as an index makes it

TEXT = "Yesterday Kyzym was appointed in Minsk.\n\nThe minister of 2024 appointed many.\n\nNobody was appointed."


def test_the_words_of_a_question_stand_in_it_once_each_and_as_often_as_they_were_typed() -> None:
    found = asked("Kyzym appointed Kyzym? Kyzym’s appointment of xyzzy", TEXT)

    assert [dict(word) for word in found.words] == [{"kyzym": 1.0}, {"appoint": 1.0}, {}]
    assert (found.counts, found.order) == ([3, 2, 1], [0, 1, 0, 0, 1, 2])
    assert set(found.surfaces) == {"kyzym", "appointed", "xyzzy"}


def test_rare_words_weigh_more_and_unknown_ones_as_much_as_the_rarest() -> None:
    kyzym, appointed, unknown = asked("Kyzym appointed xyzzy", TEXT).weights
    assert kyzym == unknown > appointed > 0


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("who appointed kyzym", [False, True]),  # a name by its capital in the documents
        ("who appointed Xyzzy", [False, True]),  # by its capital in the question
        ("Xyzzy appointed", [False, False]),  # which every first word has
        ("WHO APPOINTED XYZZY", [False, False]),  # and here every word
        ("appointed in 2024", [False, True]),
        ("2025 minister", [True, False]),
        ("minister of japan", [False, True]),  # a country without its capital
    ],
)
def test_names_are_known_by_a_capital_or_as_countries_and_numbers_by_a_digit(question: str, names: list[bool]) -> None:
    assert asked(question, TEXT).names == names


_TERMS = st.sampled_from("abcdef")
_WORDS = st.lists(st.dictionaries(_TERMS, st.floats(0.1, 1), max_size=3), min_size=1, max_size=5)


@given(_WORDS, st.frozensets(_TERMS), st.frozensets(_TERMS))
def test_more_terms_never_hold_less(words: list[dict[str, float]], some: frozenset[str], more: frozenset[str]) -> None:
    asked = query(*words, names=[number % 2 == 0 for number in range(len(words))])

    assert 0 <= asked.share(some) <= asked.share(some | more) + 1e-12 <= 1 + 1e-9
    assert 0 <= asked.share_of_names(some) <= asked.share_of_names(some | more) + 1e-12 <= 1 + 1e-9
