"""How the words of a question stand in a passage, and what each way of standing is worth."""

from collections.abc import Mapping

import pytest

from retrieval.analysis import Cyrillic, terms, words
from retrieval.evaluation import read_judgements
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.passages import passages
from retrieval.query import Query
from retrieval.reranking import PAIRS, PROXIMITY, SENTENCE, SURFACES, Ranked, rescore
from retrieval.runs import Analysed, analysed
from tests.folders import SEEDS, document

USUAL = 12.0  # terms of a passage on average
FILLER = "Green rivers carry sleepy boats towards distant lakes. "


def passage(text: str) -> Analysed:
    (found,) = passages(document(text))
    return analysed(found, Cyrillic.SNOWBALL)


def query(question: str, weight: float = 2.0, /, **also: Mapping[str, float]) -> Query:
    """The query of a question whose words weigh the same; `also`: what else a term may be."""
    found = list(dict.fromkeys(terms(question)))
    return Query(
        words=[{term: 1.0, **also.get(term, {})} for term in found],
        counts=[1] * len(found),
        rarity=[weight] * len(found),
        emphasis=[1.0] * len(found),
        typed=list({terms(word)[0]: word for word in words(question) if terms(word)}.values()),
        order=[found.index(term) for term in terms(question)],
        names=[False] * len(found),
        specific=[],
        known=[],
        asked=None,
        counted=None,
        speaker=None,
        is_bare=False,
        is_of_readers=False,
    )


def part(name: str, text: str, question: str, **also: Mapping[str, float]) -> float:
    return rescore(passage(text), 0.0, query(question, **also), USUAL)[name]


@pytest.mark.parametrize(
    ("name", "question", "less", "more"),
    [
        ("pairs", "minister appointed Kyzym", "Kyzym saw a minister.", "A minister appointed Kyzym."),
        ("pairs", "minister appointed Kyzym", "Kyzym appointed a minister.", "A minister appointed Kyzym."),
        ("pairs", "minister Kyzym", "Minister Kyzym. " + 3 * FILLER, "Minister Kyzym."),
        ("pairs", "minister Kyzym", "Minister Kyzym. Rivers flow.", "Minister Kyzym. Minister Kyzym."),
        ("surfaces", "appointed", "The appointment.", "He appointed."),
        ("surfaces", "appointed", "He appointed many.", "He appointed, they appointed."),
        ("surfaces", "appointed", "He appointed. " + 3 * FILLER, "He appointed."),
        ("sentence", "minister Kyzym", "The minister slept. Kyzym woke.", "The minister woke Kyzym. Rivers flow."),
        ("sentence", "minister Kyzym", f"The minister Kyzym, {FILLER}", "The minister Kyzym."),
        ("sentence", "minister Kyzym", "The minister slept.", "The minister, the minister slept."),
        ("proximity", "minister Kyzym", "The minister of distant green lakes saw Kyzym.", "The minister saw Kyzym."),
        ("proximity", "minister Kyzym", "The minister.", "The minister saw Kyzym."),
        ("proximity", "minister Kyzym town", "The minister, Kyzym.", "The minister, Kyzym, town."),
    ],
)
def test_each_part_grows_with_what_it_measures(name: str, question: str, less: str, more: str) -> None:
    assert 0 <= part(name, less, question) < part(name, more, question)


@pytest.mark.parametrize("name", ["pairs", "surfaces", "sentence", "proximity"])
def test_a_passage_without_a_word_of_the_question_has_no_part(name: str) -> None:
    assert part(name, FILLER, "minister Kyzym") == 0


def test_the_words_of_a_pair_stand_in_their_order_and_side_by_side() -> None:
    assert part("pairs", "Kyzym, the minister.", "minister Kyzym") == 0
    assert part("pairs", "Minister Ihor Kyzym.", "minister Kyzym") == 0


def test_words_further_apart_than_fifteen_are_not_near() -> None:
    fourteen = "green river boat lake hill tree bird " * 2
    assert part("proximity", f"Minister {fourteen}Kyzym.", "minister Kyzym") == pytest.approx(PROXIMITY * 2 / 15**0.5)
    assert part("proximity", f"Minister {fourteen}wolf Kyzym.", "minister Kyzym") == 0


def test_the_nearest_places_of_two_words_count_once() -> None:
    text = f"Minister {FILLER} minister Kyzym {FILLER} Kyzym."
    assert part("proximity", text, "minister Kyzym") == pytest.approx(PROXIMITY * 2)


def test_two_words_are_not_near_each_other_by_one_word_of_the_passage() -> None:
    assert part("proximity", "Belarus.", "Belarus Belarusian", belarusian={"belarus": 0.4}) == 0


def test_two_words_that_may_each_mean_either_of_two_are_near_where_both_stand() -> None:
    either = {"polit": {"imprison": 0.75, "oppon": 0.75}, "prison": {"imprison": 0.75, "oppon": 0.75}}
    assert part("proximity", "He imprisoned an opponent.", "political prison", **either) > 0
    assert part("proximity", "He imprisoned them.", "political prison", **either) == 0


def test_a_word_that_is_merely_related_counts_less_for_standing_near() -> None:
    near = part("proximity", "The minister Kyzym woke.", "minister Kyzym")
    assert part("proximity", "The minister Kizim woke.", "minister Kyzym", kyzym={"kizim": 0.5}) == pytest.approx(
        near / 2
    )


def test_a_word_counts_by_the_best_of_its_terms_in_a_sentence() -> None:
    also = {"kyzym": {"kizim": 0.5}}
    sure, unsure, both = (
        part("sentence", f"Then {x} woke.", "Kyzym", **also) for x in ("Kyzym", "Kizim", "Kizim Kyzym")
    )

    assert unsure == pytest.approx(sure / 2)
    assert unsure < both <= sure


def test_a_passage_without_sentences_has_no_best_one() -> None:
    bare = Analysed(passage("Kyzym.").passage, (), {}, {}, (), frozenset(), frozenset(), (), frozenset(), 0.0)
    assert rescore(bare, 0.0, query("Kyzym"), USUAL)["sentence"] == 0


def test_the_parts_make_up_the_score_and_the_first_is_what_bm25_gave() -> None:
    found = passage("The minister appointed Kyzym.")
    parts = rescore(found, 4.25, query("minister appointed Kyzym"), USUAL)
    ranked = Ranked(found, parts)

    assert list(parts) == ["bm25", "pairs", "surfaces", "sentence", "proximity"]
    assert parts["bm25"] == 4.25
    assert min(parts.values()) > 0
    assert ranked.score == pytest.approx(sum(parts.values()))


def test_the_passages_of_a_judged_question_come_best_first() -> None:
    lines = (SEEDS.parent / "tests" / "judgements" / "tune.jsonl").read_text("utf-8").splitlines()
    index = Index(read_folder(SEEDS).documents)
    ranked = [why.ranked for judgement in read_judgements(lines) if (why := index.explain(judgement.question))]

    assert sum(map(len, ranked)) > 1_000
    assert [hits for hits in ranked if list(hits) != sorted(hits, key=lambda hit: -hit.score)] == []


def test_what_each_part_is_worth_is_a_bonus_beside_bm25() -> None:
    assert 0 < min(PAIRS, SURFACES, SENTENCE, PROXIMITY) <= max(PAIRS, SURFACES, SENTENCE, PROXIMITY) < 1
