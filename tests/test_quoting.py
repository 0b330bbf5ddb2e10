"""Which sentences are quoted, how far, and what is carried along."""

import re
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings

from retrieval import quoting
from retrieval.analysis import cyrillic, terms
from retrieval.evaluation import read_judgements
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.sentences import sentences
from retrieval.types import Citation, Document, Kind, Verdict
from tests.folders import LONG, PROSE, QUESTIONS, SEEDS, ask, document, quotes


def words_shown(citation: Citation) -> list[str]:
    return [citation.quote[start - citation.start : end - citation.start] for start, end in citation.highlights]


def test_a_quote_is_whole_sentences_with_the_words_of_the_question_marked() -> None:
    text = f"Nobody said {LONG}so far. The minister's office appointed Kyzym to {LONG}Minsk. It is {LONG}late.\n"
    (quote,) = quotes("which minister appointed KYZYM?", text)

    assert quote.quote == f"The minister's office appointed Kyzym to {LONG}Minsk."
    assert words_shown(quote) == ["minister's", "appointed", "Kyzym"]
    assert (quote.start, quote.end) == (text.index("The minister"), text.index(" It is"))
    assert not quote.is_cut
    assert quote.lead_in is None


def test_a_citation_says_where_its_quote_stands() -> None:
    sources = """
        [[document]]
        file = "sub/a.md"
        title = "The title"
        publisher = "Kyiv Post"
        date = "2024"
        url = "https://example.org"
    """
    (quote,) = ask("Lublin", {"sub/a.md": "# T\n\nOne.\n\n## Here\n\nThe Lublin triangle.\n"}, sources).citations

    assert (quote.file, quote.title, quote.publisher, quote.date) == ("sub/a.md", "The title", "Kyiv Post", "2024")
    assert (quote.url, quote.heading, quote.paragraph, quote.page) == ("https://example.org", "Here", 2, None)
    assert (quote.kind, quote.score > 0) == (Kind.TEXT, True)


def test_at_most_three_sentences_are_quoted_and_the_best_three_quotes_are_cited() -> None:
    text = "\n\n".join(
        f"Kyzym went to {town}. He liked it. He stayed. He left. The end." for town in ["Minsk", "Kyiv", "Riga", "Lviv"]
    )
    found = quotes("Kyzym went", text)

    assert [len(sentences(quote.quote)) for quote in found] == [3, 3, 3]
    assert all(first.score >= second.score for first, second in pairwise(found))


def test_two_quotes_may_come_from_one_passage_but_never_overlap() -> None:
    text = f"Kyzym came to {LONG}Minsk. Nobody knew. Later the minister called Kyzym from {LONG}Kyiv."
    first, second = quotes("minister Kyzym", text)

    assert first.paragraph == second.paragraph == 1
    assert second.end <= first.start


def test_near_duplicates_are_folded_into_one() -> None:
    text = "The minister appointed Kyzym to Minsk on Monday."
    copies = {"a.txt": text, "b.txt": f"{text} ", "c.txt": "The Minister appointed Kyzym to Minsk, on a Monday!"}

    assert [quote.file for quote in ask("who appointed Kyzym", copies).citations] == ["a.txt"]


def test_a_sentence_and_its_denial_are_no_duplicates() -> None:
    files = {"a.txt": "Kyzym was appointed ambassador in May.", "b.txt": "Kyzym was not appointed ambassador in May."}

    assert [quote.file for quote in ask("was Kyzym appointed", files).citations] == ["a.txt", "b.txt"]


def test_no_run_that_was_not_weighed_comes_before_the_quotes() -> None:
    lines = (SEEDS.parent / "tests" / "judgements" / "tune.jsonl").read_text("utf-8").splitlines()
    index = Index(read_folder(SEEDS).documents)
    explained = [index.explain(judgement.question) for judgement in read_judgements(lines)]
    for why in filter(None, explained):
        runs = [
            run
            for hit in why.ranked
            for run in quoting._weighed(hit, quoting._rank(hit, why.ranked, why.query), why.query)
        ]
        chosen: list[quoting.Weighed] = []
        for run in sorted(runs, key=lambda run: run.order):
            is_worth_it = not chosen or run.share >= chosen[0].share / 2
            if len(chosen) < 3 and is_worth_it and not any(quoting._repeats(run.run, one.run) for one in chosen):
                chosen.append(run)

        assert why.chosen == quoting._led(chosen, why.ranked, why.query)[:3]


def test_a_further_quote_that_holds_little_of_the_question_is_left_out() -> None:
    text = "The minister appointed Kyzym ambassador.\n\nThe minister went home.\n\nThe minister slept."

    assert len(quotes("minister appointed Kyzym ambassador", text)) == 1


def test_a_sentence_longer_than_a_quote_is_cut_at_words_around_the_question() -> None:
    text = (
        "Nobody "
        + "knew it and " * 200
        + "so the minister at last appointed Kyzym and "
        + "they went on and " * 200
        + "on."
    )
    (quote,) = quotes("who appointed Kyzym", text)

    assert quote.is_cut
    assert len(quote.quote) <= 600
    assert words_shown(quote) == ["appointed", "Kyzym"]
    assert text[quote.start - 1] == text[quote.end] == " "
    assert quote.quote[0] != " " != quote.quote[-1]


def test_a_sentence_of_the_longest_length_is_not_cut() -> None:
    rest = "a" * (593)

    assert [(len(quote.quote), quote.is_cut) for quote in quotes("Kyzym", f"Kyzym {rest}.")] == [(600, False)]
    assert [(quote.quote, quote.is_cut) for quote in quotes("Kyzym", f"Kyzym {rest}a.")] == [("Kyzym", True)]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000 + " came with Kyzym.",
        "Kyzym came with " + "x" * 10_000 + ".",
        "word " * 50 + "x" * 10_000 + " Kyzym " + "y" * 10_000,
        "\0" * 10_000 + "Kyzym" + "\0" * 10_000 + "Minsk.",
        "Kyzym" + " " * 10_000 + "Minsk.",
    ],
)
def test_a_cut_quote_holds_a_word_of_the_question_however_long_its_neighbours_are(text: str) -> None:
    (quote,) = quotes("Kyzym", text)

    assert words_shown(quote) == ["Kyzym"]
    assert len(quote.quote) <= 600


def test_a_word_longer_than_a_quote_is_cut_itself() -> None:
    (quote,) = quotes("x" * 3_000, "x" * 3_000)

    assert (quote.quote, quote.is_cut, quote.highlights) == ("x" * 600, True, ())


def test_a_long_sentence_that_answers_comes_before_a_short_one_that_does_not() -> None:
    text = (
        f"The minister appointed Kyzym, {LONG * 10}and then it was over.\n\nThe minister slept.\n\nAppointed by nobody."
    )

    assert quotes("The minister appointed Kyzym", text)[0].start == 0


def test_a_wall_of_the_word_that_is_asked_for_is_quoted_in_no_time() -> None:
    index, began = Index([document("Kyzym " * 10_000)]), process_time()

    assert index.ask("Kyzym").citations[0].is_cut
    assert process_time() - began < 3


def test_a_comment_and_a_teaser_come_behind_text_that_says_as_much() -> None:
    comment = "One.\n\nTwo.\n\nComments\n\n  1. The minister appointed Kyzym quickly.\n"
    teaser = "One.\n\nThe minister appointed Kyzym secretly\n\nThe minister appointed Kyzym secretly\n\nTwo."
    found = ask(
        "minister appointed Kyzym", {"a.txt": comment, "b.txt": teaser, "c.txt": "The minister appointed Kyzym today."}
    )

    assert [quote.kind for quote in found.citations] == [Kind.TEXT, Kind.COMMENT, Kind.TEASER]


def test_who_asks_for_the_word_of_readers_gets_a_comment_first() -> None:
    page = "One.\n\nThe minister appointed Kyzym.\n\nComments\n\n  1. I doubt that the minister appointed Kyzym.\n"
    of_all, of_readers = (
        ask(f"Has the minister appointed Kyzym{whose}?", {"a.txt": page})
        for whose in ("", ", according to the readers")
    )

    assert [quote.kind for quote in of_all.citations] == [Kind.TEXT, Kind.COMMENT]
    assert [quote.kind for quote in of_readers.citations] == [Kind.COMMENT, Kind.TEXT]
    assert of_readers.verdict is Verdict.ANSWERED
    text_alone = page.replace("I doubt that the minister appointed Kyzym.", "I doubt it.")
    assert (
        ask("Has the minister appointed Kyzym, according to the readers?", {"a.txt": text_alone}).verdict
        is Verdict.RELATED
    )


def test_of_two_sentences_the_one_that_says_by_whom_answers_who() -> None:
    text = (
        f"Kyzym was appointed yesterday in {LONG}haste.\n\nKyzym was appointed yesterday by Kuleba {LONG[7:]}in haste."
    )

    assert "by Kuleba" in quotes("who appointed Kyzym", text)[0].quote
    assert "by Kuleba" not in quotes("Kyzym appointed", text)[0].quote


def test_a_paragraph_that_opens_with_the_reason_answers_why_for_the_one_above_it() -> None:
    page = (
        "Kuleba refused to meet her in Vilnius.\n\nHis reason was the weather on that day, he said.\n\n"
        "They met in Kyiv.\n\nThe reason for that was a letter.\n"
    )

    def first(question: str) -> str:
        return ask(question, {"a.txt": page}).citations[0].quote

    assert first("Why did Kuleba refuse to meet her in Vilnius?").startswith("His reason was the weather")
    assert first("Did Kuleba refuse to meet her in Vilnius?").startswith("Kuleba refused")
    assert ask("Why did Kuleba refuse to meet her in Vilnius?", {"a.txt": page}).verdict is Verdict.ANSWERED


def test_a_sentence_that_stands_alone_is_preferred_to_one_that_leans_on_another() -> None:
    text = "\n\n".join(f"{opening} Kyzym was sent to Minsk {LONG}." for opening in ["But", "Also", "Once", "Але"])

    assert quotes("Kyzym Minsk", text)[0].quote.startswith("Once")


def test_a_sentence_that_ends_a_quotation_of_others_is_second_to_a_whole_one() -> None:
    torn = f"“It was {LONG}late. Kyzym went to Minsk {LONG}.”"
    whole = f"“Somehow” Kyzym went to Minsk {LONG}. It was {LONG}late."

    assert quotes("Kyzym Minsk", f"{torn}\n\n{whole}")[0].quote.startswith("“Somehow”")


def test_words_that_stand_side_by_side_in_the_question_are_best_side_by_side_in_the_quote() -> None:
    text = f"Lublin saw a good many things and a triangle {LONG}\n\nMany things saw a good Lublin triangle and a {LONG}"

    assert quotes("Lublin triangle", text)[0].quote.startswith("Many")


def whole_sentences(source: Document, quote: Citation) -> int:
    """How many sentences of its block the quote consists of; 0 when it begins or ends within one."""
    (block,) = [block for block in source.blocks if block.start <= quote.start and quote.end <= block.end]
    spans = sentences(source.text, block.start, block.end)
    inside = [span for span in spans if quote.start <= span.start and span.end <= quote.end]
    return len(inside) if inside and (inside[0].start, inside[-1].end) == (quote.start, quote.end) else 0


@settings(deadline=None)
@given(PROSE, QUESTIONS)
def test_a_citation_of_any_document_is_a_quote_to_the_letter_within_its_bounds(text: str, question: str) -> None:
    source = document(text)
    index, way = Index([source]), cyrillic([text])
    found, search = index.ask(question).citations, index.explain(question)
    meant = search.query.terms if search else frozenset[str]()

    assert len(found) <= 3
    for quote in found:
        assert quote.quote == text[quote.start : quote.end] != ""
        assert len(quote.quote) <= 600
        assert whole_sentences(source, quote) in ({0} if quote.is_cut else {1, 2, 3})
        assert all(quote.start <= start < end <= quote.end for start, end in quote.highlights)
        assert all(meant.issuperset(terms(f"the {word}", way)) for word in words_shown(quote))
        is_below = not meant.isdisjoint(terms(quote.heading or "", way))
        assert quote.highlights or quote.is_cut or quote.lead_in or is_below
        assert not re.search(r"^\s|\s$", quote.quote)
        if quote.lead_in:
            assert quote.lead_in.quote == text[quote.lead_in.start : quote.lead_in.end] != ""
            assert quote.lead_in.end <= quote.start
    for first, second in pairwise(sorted(found, key=lambda quote: quote.start)):
        assert first.end <= second.start
