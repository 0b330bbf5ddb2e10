"""BM25 without the flaws of rank_bm25: each has a test that its remedy holds."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.ranking import Ranking, Scored

TERMS = st.lists(st.sampled_from("abcde"), max_size=8)
CORPORA = st.lists(TERMS, max_size=12)


def hits(ranking: Ranking, *query: str, limit: int = 500) -> list[Scored]:
    """For words that mean themselves."""
    return ranking.top([{term: 1.0} for term in query], limit)


def found(ranking: Ranking, *query: str, limit: int = 500) -> list[int]:
    return [hit.passage for hit in hits(ranking, *query, limit=limit)]


def score(ranking: Ranking, *query: str) -> float:
    """Of the best passage."""
    return hits(ranking, *query)[0].score


def by_formula(corpus: Sequence[Sequence[str]], query: Sequence[str]) -> dict[int, float]:
    """BM25+ with delta 0, k1 .9 and b .75, written out; passages without terms do not count."""
    filled = {number: Counter(terms) for number, terms in enumerate(corpus) if terms}
    average = sum(counts.total() for counts in filled.values()) / max(1, len(filled))
    scores = {}
    for number, counts in filled.items():
        norm = 0.9 * (0.25 + 0.75 * counts.total() / average)
        hits = [(counts[term], sum(term in other for other in filled.values())) for term in query if term in counts]
        if hits:
            scores[number] = sum(math.log((len(filled) + 1) / df) * 1.9 * tf / (norm + tf) for tf, df in hits)
    return scores


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_a_corpus_without_terms_finds_nothing(corpus: list[list[str]]) -> None:
    ranking = Ranking(corpus)

    assert len(ranking) == 0
    assert "a" not in ranking
    assert hits(ranking, "a") == []
    assert (ranking.weight("a"), ranking.mean_length) == (0, 0)


def test_an_empty_passage_is_never_found_and_the_others_keep_their_numbers() -> None:
    ranking = Ranking([[], ["a", "b"], [], ["b"]])

    assert len(ranking) == 2
    assert found(ranking, "b") == [3, 1]
    assert found(ranking, "a") == [1]


@pytest.mark.parametrize("query", [[], ["unknown"], ["unknown", "words"]])
def test_a_query_that_shares_nothing_with_the_passages_finds_nothing(query: list[str]) -> None:
    assert hits(Ranking([["a", "b"], ["c"]]), *query) == []


def test_a_passage_without_a_term_of_the_query_is_not_found() -> None:
    assert found(Ranking([["a", "b"], ["c", "d"], ["a", "e"]]), "a") == [0, 2]


@pytest.mark.parametrize("count", [2, 5, 40, 200])
def test_passages_of_the_same_score_stand_in_the_order_of_the_corpus(count: int) -> None:
    ranking = Ranking([["same", "text"], ["other"]] * count)

    assert found(ranking, "same") == [*range(0, 2 * count, 2)]
    assert found(ranking, "same", limit=2) == [0, 2]


def test_a_term_in_half_of_the_passages_still_finds_them() -> None:
    ranking = Ranking([["it", "is", "windy", "in", "london"], ["hello", "good", "man"]])

    assert found(ranking, "windy", "london") == [0]
    assert score(ranking, "windy") > 0


def test_a_term_in_every_passage_still_finds_them() -> None:
    ranking = Ranking([["invoice", "paid"]] * 3)

    assert found(ranking, "invoice") == [0, 1, 2]
    assert all(hit.score > 0 for hit in hits(ranking, "invoice"))


def test_a_match_is_never_ranked_below_a_miss() -> None:
    assert found(Ranking([["invoice", "paid"]] * 3 + [["penguin"]]), "invoice") == [0, 1, 2]


def test_the_weight_of_a_term_falls_with_every_further_passage_that_holds_it() -> None:
    ranking = Ranking([[f"in-{df}" for df in range(1, 21) if passage < df] for passage in range(20)])
    weights = [ranking.weight(f"in-{df}") for df in range(1, 21)]

    assert all(rarer > commoner > 0 for rarer, commoner in pairwise(weights))
    assert weights[8] == pytest.approx(math.log(21 / 9))


def test_an_unknown_term_weighs_as_much_as_one_that_stands_in_a_single_passage() -> None:
    ranking = Ranking([["a", "b"], ["b"]])

    assert ranking.weight("unknown") == ranking.weight("a") == math.log(3)


def test_a_string_in_place_of_a_list_of_terms_is_refused() -> None:
    for corpus in (["invoice paid"], "abc"):
        with pytest.raises(TypeError, match="not in one string"):
            Ranking(corpus)
    with pytest.raises(TypeError, match="not in one string"):
        Ranking([["a"]]).top(["a"], 1)  # type: ignore[list-item]  # what is refused


def test_an_unknown_word_in_the_query_changes_nothing() -> None:
    ranking = Ranking([["a", "b", "c"], ["b", "c", "d"], ["c", "d", "e"]])

    assert hits(ranking, "a", "zz", "b") == hits(ranking, "a", "b")


def test_a_repeated_word_of_the_query_counts_each_time() -> None:
    ranking = Ranking([["a", "x"], ["b", "y"], ["b", "z"], ["c", "z"]])

    assert found(ranking, "b", "a") == [0, 1, 2]
    assert found(ranking, "b", "a", "b") == [1, 2, 0]
    assert score(ranking, "b", "b") == pytest.approx(2 * score(ranking, "b"))


def test_the_order_of_the_words_changes_no_score_in_the_last_bit() -> None:
    ranking = Ranking([["a", "b", "c", "c"], ["b", "c", "d"], ["c", "d", "e", "a", "a"], ["e", "f", "g"]])
    answers = {tuple(hits(ranking, *query)) for query in permutations(["a", "b", "c", "d", "a"])}

    assert len(answers) == 1


def test_a_word_that_stands_more_often_or_in_a_shorter_passage_counts_more() -> None:
    ranking = Ranking([["a", "x", "y"], ["a", "a", "y"], ["a", "x", "y", "z"], ["a", "x"]])

    assert found(ranking, "a") == [1, 3, 0, 2]


def test_a_ranking_asked_twice_says_the_same_and_never_more_than_the_limit() -> None:
    ranking = Ranking([["a"], ["a", "b"], ["b"]])

    assert hits(ranking, "a", "b", limit=2) == hits(ranking, "a", "b")[:2]
    assert found(ranking, "a", "b", limit=0) == []
    assert found(ranking, "a", "b", limit=1) == [1]


def test_of_the_terms_that_a_word_may_mean_the_best_counts_alone() -> None:
    ranking = Ranking([["a", "x"], ["b", "x"], ["a", "b"], ["c", "x"]])
    both = ranking.top([{"a": 1.0, "b": 0.5}], 9)

    assert both[:2] == hits(ranking, "a")
    assert [hit.passage for hit in both[2:]] == [1]
    assert both[2].score == pytest.approx(0.5 * score(ranking, "b"))
    assert ranking.top([{"a": 0.5, "b": 0.5, "zz": 1.0}], 9)[0].score == pytest.approx(0.5 * score(ranking, "a"))
    assert ranking.top([{}, {"zz": 1.0}], 9) == []


def test_the_mean_length_is_that_of_the_passages_with_terms() -> None:
    assert Ranking([["a"], [], ["a", "b", "c"]]).mean_length == 2


@settings(deadline=None)
@given(CORPORA, TERMS)
def test_the_hits_are_those_of_the_formula_in_its_order(corpus: list[list[str]], query: list[str]) -> None:
    found = hits(Ranking(corpus), *query)

    assert {hit.passage: pytest.approx(hit.score) for hit in found} == by_formula(corpus, query)
    assert found == sorted(found, key=lambda hit: (-hit.score, hit.passage))
    assert all(hit.score > 0 for hit in found)
