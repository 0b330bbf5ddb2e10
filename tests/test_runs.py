"""The runs of sentences that may be quoted from a passage, and what each is worth beside what it says."""

import pytest
from hypothesis import given, settings

from retrieval.analysis import Cyrillic, terms, words
from retrieval.languages import NEGATIONS
from retrieval.passages import passages
from retrieval.runs import MAX_CHARACTERS, MAX_SENTENCES, Analysed, Run, analysed, context
from retrieval.types import Kind
from tests.folders import LONG, PROSE, document


def all_analysed(text: str, file: str = "a.txt") -> list[Analysed]:
    return [analysed(passage, Cyrillic.SNOWBALL) for passage in passages(document(text, file))]


def runs(text: str, file: str = "a.txt") -> dict[str, Run]:
    """The runs of all passages by their text."""
    return {text[run.span.start : run.span.end]: run for found in all_analysed(text, file) for run in found.runs}


def test_the_runs_are_all_stretches_of_one_to_three_sentences() -> None:
    assert list(runs("One boat. Two boats. Three boats. Four boats.")) == [
        "One boat.",
        "One boat. Two boats.",
        "One boat. Two boats. Three boats.",
        "Two boats.",
        "Two boats. Three boats.",
        "Two boats. Three boats. Four boats.",
        "Three boats.",
        "Three boats. Four boats.",
        "Four boats.",
    ]


def test_a_run_of_several_sentences_is_no_longer_than_a_quote_a_single_sentence_may_be() -> None:
    long = f"The boat, {LONG}{LONG}came."
    assert len(long) > MAX_CHARACTERS
    assert list(runs(f"Boats came. {long} Boats left.")) == ["Boats came.", long, "Boats left."]


def test_around_a_sentence_stands_the_one_before_it_be_it_of_the_paragraph_above() -> None:
    found = runs("Boats came. Birds left.\n\nFish slept. Whales sang.\n\n# Snow\n\nRain fell.\n", "a.md")

    assert found["Birds left."].around >= {"boat", "bird"}
    assert found["Fish slept."].around == {"bird", "leav", "fish", "sleep"}
    assert found["Whales sang."].around == {"fish", "sleep", "whale", "sing"}
    assert found["Rain fell."].around == {"snow", "rain", "fall"}  # a heading begins something else


@settings(max_examples=50)
@given(PROSE)
def test_runs_are_whole_sentences_of_their_passage_within_the_limits(text: str) -> None:
    text = text.lstrip("\ufeff")
    for found in all_analysed(text):
        assert len({run.span for run in found.runs}) == len(found.runs)
        for run in found.runs:
            spans = [sentence.span for sentence in run.sentences]

            assert 1 <= len(spans) <= MAX_SENTENCES
            assert len(spans) == 1 or run.span.end - run.span.start <= MAX_CHARACTERS
            assert (run.span.start, run.span.end) == (spans[0].start, spans[-1].end)
            assert set(spans) <= set(found.passage.sentences)
            assert run.terms == tuple(token.term for token in run.tokens)
            assert all(run.span.start <= token.start < token.end <= run.span.end for token in run.tokens)
            assert set(run.terms) <= run.shown <= run.around
            assert run.merit < 0.1
            assert run.lead_in is None or run.lead_in.end <= run.span.start
            stretch = text[run.span.start : run.span.end]
            assert run.denials == sum(word in NEGATIONS for word in words(stretch))


def test_a_passage_is_its_words_as_written_and_as_compared_sentence_by_sentence() -> None:
    (found,) = all_analysed(
        "# The Lublin triangle\n\n## Its ministers\n\nMinisters met. They were appointed!\n", "a.md"
    )

    assert found.surfaces == {"ministers": (0,), "met": (1,), "appointed": (2,)}
    assert found.terms == tuple(terms("ministers met appointed"))
    assert [list(sentence.counts) for sentence in found.sentences] == [terms("ministers met"), terms("appointed")]
    assert found.heading == set(terms("ministers"))
    assert found.context == set(terms("Lublin triangle ministers"))
    assert found.all_terms == found.context | set(terms("met appointed"))
    assert context(found.passage).split("\n") == ["The Lublin triangle", "Its ministers"]


def test_a_passage_knows_where_its_terms_stand_and_which_stand_side_by_side() -> None:
    (found,) = all_analysed("Boats came. The boats, red boats, and red. Boats came again.")
    boat, red, came = terms("boats red came")

    assert found.places[boat] == (0, 2, 4, 6)
    assert found.neighbours([(red, boat), (boat, came), (boat, boat), (came, red), ("", boat)]) == [
        (0, (boat, came)),
        (3, (red, boat)),
        (5, (red, boat)),
        (6, (boat, came)),
    ]
    assert [(run.first, len(run.terms)) for run in found.runs] == [(0, 2), (0, 6), (0, 9), (2, 4), (2, 7), (6, 3)]


def test_a_passage_without_title_and_heading_has_no_context() -> None:
    (found,) = all_analysed("the boats came.")
    assert (found.heading, found.context, context(found.passage)) == (frozenset(), frozenset(), "")


def test_around_a_run_are_the_headings_and_the_sentence_before_but_not_the_one_after() -> None:
    found = runs("# Lublin\n\nBoats came. Kyzym left. Rivers flow.\n", "a.md")["Kyzym left."]

    assert found.shown == set(terms("Kyzym left"))
    assert found.around == set(terms("Lublin boats came Kyzym left"))


# who is speaking

SAID = "Kyzym writes: “Boats came. Rivers flow. Nobody left.” The river is green."
ABOVE = "Kyzym writes:\n\n“Boats came. Rivers flow.” The lake is green.\n"


@pytest.mark.parametrize(
    ("text", "quote", "lead_in"),
    [
        (SAID, "Kyzym writes: “Boats came.", None),
        (SAID, "Rivers flow.", "Kyzym writes:"),
        (SAID, "Rivers flow. Nobody left.”", "Kyzym writes:"),
        (SAID, "The river is green.", None),
        ("We met. Kyzym writes: «Boats came. Rivers flow.»", "Rivers flow.»", "Kyzym writes:"),
        ("He sold “Boats. Rivers flow” there.", "Rivers flow” there.", None),  # no colon
        ("He saw: boats and “Boats came. Rivers flow.”", "Rivers flow.”", None),  # not before the mark
        (ABOVE, "“Boats came.", "Kyzym writes:"),
        (ABOVE, "Rivers flow.”", "Kyzym writes:"),
        (ABOVE, "The lake is green.", None),  # what was introduced has ended
        ("Kyzym writes:\n\nBoats came. Rivers flow.\n", "Rivers flow.", "Kyzym writes:"),
        ("Kyzym writes.\n\nBoats came.\n", "Boats came.", None),
        ("We met. Kyzym writes:\n\nBoats came.\n", "Boats came.", "Kyzym writes:"),
        (f"Kyzym, {LONG}{LONG}writes: “Boats came. Rivers flow.”", "Rivers flow.”", None),  # too long to be shown
        ("“She said: “Boats came.” Rivers flow. Lakes are green.”", "Lakes are green.”", None),
        ("Kyzym writes: “The “Boats” came. Rivers flow.”", "Rivers flow.”", "Kyzym writes:"),
        ('Kyzym writes: "Boats came. Rivers flow."', 'Rivers flow."', "Kyzym writes:"),
    ],
)
def test_a_quote_of_somebodys_words_is_introduced_by_who_says_them(text: str, quote: str, lead_in: str | None) -> None:
    found = runs(text)[quote].lead_in
    assert (found and found.quote) == lead_in
    assert found is None or text[found.start : found.end] == lead_in


def test_a_title_ending_with_a_colon_introduces_no_paragraph() -> None:
    (found,) = runs("# Kyzym writes:\n\nBoats came.\n", "a.md").values()
    assert found.lead_in is None


def test_the_words_of_a_lead_in_are_shown() -> None:
    found = runs(SAID)["Rivers flow."]
    assert "kyzym" not in found.terms
    assert "kyzym" in found.shown


# what says the contrary


@pytest.mark.parametrize(
    ("text", "denials"),
    [
        ("Kyzym left.", 0),
        ("Kyzym did not leave.", 1),
        ("Kyzym never left, nor did none of the boats.", 3),
        ("Кизим не поїхав, ні.", 2),
        ("Notes on nothing.", 0),
    ],
)
def test_denials_are_counted(text: str, denials: int) -> None:
    (found,) = runs(text).values()
    assert found.denials == denials


def test_the_denials_of_a_run_are_those_of_its_sentences() -> None:
    found = runs("Kyzym did not leave. Boats came.")
    assert [run.denials for run in found.values()] == [1, 1, 0]


# what a run is worth


def merit(text: str, quote: str) -> float:
    return runs(text)[quote].merit


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Kyzym left.", "He left."),
        ("Kyzym left.", "“They left”, we heard."),
        ("Кизим поїхав.", "Він поїхав."),
        ("Kyzym left.", "Ён паехаў."),
        ("Kyzym left.", f"Kyzym, {LONG}{LONG}left."),
        ("Hers was lost.", "Her boat was lost."),
        ("Kyzym left.", "Kyzym said:"),
    ],
)
def test_a_sentence_that_stands_alone_and_is_short_is_worth_more(better: str, worse: str) -> None:
    assert merit(worse, worse) < merit(better, better)


def test_beyond_the_limit_length_costs_no_more() -> None:
    long, longer = (f"The boat, {LONG * times}came." for times in (2, 4))

    assert len(long) > MAX_CHARACTERS
    assert merit(long, long) == merit(longer, longer)


def test_of_like_runs_the_longer_is_worth_a_little_more() -> None:
    one, two, three = (
        runs("Kyzym left. Boats came. Rivers flow.")[text].merit
        for text in (
            "Kyzym left.",
            "Kyzym left. Boats came.",
            "Kyzym left. Boats came. Rivers flow.",
        )
    )
    assert one < two < three


@pytest.mark.parametrize(
    ("text", "quote", "is_torn"),
    [
        ("“Boats came. Rivers flow.”", "“Boats came.", True),
        ("“Boats came. Rivers flow.”", "Rivers flow.”", True),
        ("“Boats came.” Rivers flow.", "“Boats came.”", False),
        ("Boats “came”. Rivers flow.", "Boats “came”.", False),
        ("„Boats came“. Rivers flow.", "„Boats came“.", False),
        ("Boats «came «here»». Rivers flow.", "Boats «came «here»».", False),
        ("Boats «came «here». Rivers» flow.", "Boats «came «here».", True),
        ('Boats "came". Rivers flow.', 'Boats "came".', False),
        ('Boats "came. Rivers" flow.', 'Boats "came.', True),
    ],
)
def test_a_run_that_tears_a_quotation_is_worth_less(text: str, quote: str, *, is_torn: bool) -> None:
    assert (merit(text, quote) < 0) is is_torn


def test_a_comment_of_a_reader_is_worth_less_than_the_text() -> None:
    paragraphs = [f"This is paragraph {name} of the page. It has a boat." for name in ("one", "two", "three")]
    text = "\n\n".join([*paragraphs, "Comments", "  1. I saw a boat.\n     It came.\n\n    • I saw a lake.\n"])
    merits = {run.passage.block.kind: run.merit for run in runs(text).values() if "boat" in run.terms}

    assert merits[Kind.COMMENT] < merits[Kind.TEXT]
