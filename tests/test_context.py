"""A quote in context: what is around it, to the letter, and no more than a message holds."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.context import Contexts
from bot.keyboards import MAX_QUOTES
from bot.rendering import MAX_LENGTH, Message
from bot.telegram_text import clean, utf16_length
from bot.wording import PLURALS, wording
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Citation, Document, Source
from tests.folders import read
from tests.oddities import LABELS, QUESTIONS, TEXTS, WORDS, documents, shown, under
from tests.processes import SEEDS

EN = wording("en")
SOURCES = """
[[document]]
file = "a.txt"
title = "The title"

[[document.range]]
kind = "comment"
start = "I agree"
end = "Me neither."

[[document.range]]
kind = "teaser"
start = "Elsewhere"
end = "elsewhere."
"""
ARTICLE = """The first paragraph. It has two sentences.

The second paragraph. It has three. Kyzym was appointed.

The third paragraph. It is the last one.

Elsewhere: the minister was appointed elsewhere.

I agree with Kyzym. He was right to be appointed.

I do not. Me neither."""


def context_of(document: Document, quote: str, language: str = "en") -> Message:
    """The context of the first such words of a document."""
    start = document.text.index(quote)
    contexts = Contexts(Index([document]))
    citation = contexts.citation(document.file, start, start + len(quote))
    assert citation is not None
    return contexts.render(citation, wording(language))


def document(text: str, sources: str | None = None) -> Document:
    return read({"a.txt": text.encode("utf-8-sig")}, sources).documents[0]


def quotation(message: Message) -> str:
    """What stands under the one quotation."""
    (quotation,) = shown(message).quotations()
    return quotation


# What is shown


def test_a_quote_is_bold_between_the_block_before_and_the_block_after() -> None:
    message = context_of(document(ARTICLE, SOURCES), "Kyzym was appointed.")
    assert quotation(message) == ARTICLE[: ARTICLE.index("\n\nElsewhere")]
    assert under(message, "bold") == ["Kyzym was appointed."]
    assert message.text.split("\n")[-1] == "The title · a.txt · paragraph 2"
    assert "…" not in message.text


@pytest.mark.parametrize(
    ("quote", "begin", "end"),
    [
        ("The first paragraph.", "The first", "three. Kyzym was appointed."),
        ("It is the last one.", "The second", "the last one."),
    ],
)
def test_at_the_ends_of_a_text_there_is_less_around_a_quote(quote: str, begin: str, end: str) -> None:
    text = quotation(context_of(document(ARTICLE.partition("\n\nElsewhere")[0], None), quote))
    assert (text.startswith(begin), text.endswith(end)) == (True, True)


@pytest.mark.parametrize("text", ["Kyzym was appointed.", "  \n\nKyzym was appointed.\n\n  "])
def test_a_file_of_one_sentence_is_its_own_context(text: str) -> None:
    assert quotation(context_of(document(text), "Kyzym was appointed.")) == "Kyzym was appointed."


def test_a_heading_stands_above_its_paragraph() -> None:
    text = "# On Belarus\n\nKyzym was appointed. He went there.\n\n# On Poland\n\nNobody was appointed there."
    found = read({"a.md": text}).documents[0]
    assert quotation(context_of(found, "He went there.")) == text[2 : text.index("\n\nNobody")]


@pytest.mark.parametrize(
    ("quote", "around", "kind"),
    [
        ("It is the last one.", ("The second", "the last one."), "paragraph 3"),
        ("appointed elsewhere.", ("Elsewhere", "elsewhere."), "teaser for another article, line 1"),
        ("He was right", ("I agree", "Me neither."), "reader comment, paragraph 1 of the comments"),
        ("Me neither.", ("I agree", "Me neither."), "reader comment, paragraph 2 of the comments"),
    ],
)
def test_an_article_a_teaser_and_a_comment_are_no_context_of_each_other(
    quote: str, around: tuple[str, str], kind: str
) -> None:
    message = context_of(document(ARTICLE, SOURCES), quote)
    assert quotation(message).startswith(around[0])
    assert quotation(message).endswith(around[1])
    assert message.text.split("\n")[-1] == f"The title · a.txt · {kind}"


def test_the_furniture_of_a_page_is_no_context() -> None:
    found = next(each for each in read_folder(SEEDS).documents if "correction or clarification" in each.text)
    before = found.text[: found.text.index("To suggest a correction")].rstrip()
    message = context_of(found, before[before.rindex("\n") + 1 :].strip()[:40])
    assert "correction or clarification" not in message.text


@pytest.mark.parametrize("language", PLURALS)
def test_the_place_is_named_in_the_readers_language(language: str) -> None:
    words = wording(language)
    message = context_of(document(ARTICLE, SOURCES), "He was right", language)
    assert message.text.endswith(words("comment", number=1))
    assert shown(message)


# As much as a message holds


@pytest.mark.parametrize("word", ["word ", "🇺🇦 ", "𝕶𝖞𝖟𝖞𝖒 ", "x" * 300 + " ", "שגריר ", "Kyzym\u0301 "])
@pytest.mark.parametrize("paragraphs", [1, 3])
def test_of_long_paragraphs_what_is_near_is_shown_from_word_to_word(word: str, paragraphs: int) -> None:
    half = word * (5_000 // len(word))
    text = "\n\n".join([f"{half}Kyzym was appointed. {half.strip()}"] * paragraphs)
    found = document(text)
    start = text.index("Kyzym was appointed", len(text) // 2 if paragraphs > 1 else 0)
    contexts = Contexts(Index([found]))
    citation = contexts.citation("a.txt", start, start + len("Kyzym was appointed."))
    assert citation is not None
    message = contexts.render(citation, EN)
    text = quotation(message)
    assert under(message, "bold") == ["Kyzym was appointed."]
    assert message.text.count("…") == 2
    assert utf16_length(text) > 1_000
    assert set(text.partition("Kyzym was appointed.")[0].split()) == {word.strip()}
    assert set(text.partition("Kyzym was appointed.")[2].split()) == {word.strip()}


@pytest.mark.parametrize("letter", ["x", "🇺", "𝕶", "е\u0301", "字"])
def test_a_text_without_spaces_is_shown_as_far_as_it_fits(letter: str) -> None:
    text = f"{letter * 5_000} Kyzym was appointed. {letter * 5_000}"
    message = context_of(document(text), "Kyzym was appointed.")
    assert under(message, "bold") == ["Kyzym was appointed."]
    assert utf16_length(quotation(message)) > 1_000


@pytest.mark.parametrize("letter", ["x", "𝕶"])
def test_the_longest_quote_with_the_longest_place_has_its_context(letter: str) -> None:
    long = letter * 1_000
    before = "y " * 2_000
    found = document(f"{before}{letter * 600} {before}")
    contexts = Contexts(Index([found]))
    citation = contexts.citation("a.txt", 4_000, 4_600)
    assert citation is not None
    citation = replace(citation, publisher=long, date=long, heading=long, page=10**6, is_cut=True)
    for language in PLURALS:
        message = contexts.render(citation, wording(language))
        assert under(message, "bold") == [letter * 600]
        assert len(quotation(message)) > 1_500
        assert utf16_length(message.text) <= MAX_LENGTH


def test_what_telegram_changes_is_changed_here_already() -> None:
    text = "A\tb\u2028c.\r\nKy\u030azym \u202ewas\u200f\u200e appointed.\x0bNext: @durov /start #tag $USD a.md"
    message = context_of(document(text), text[text.index("Ky") : text.index(".\x0b") + 1])
    assert under(message, "bold") == [clean("Ky\u030azym \u202ewas\u200f\u200e appointed.")]
    assert quotation(message) in clean(text)


# A stretch of a document as a citation


@pytest.mark.parametrize(
    ("file", "start", "end"),
    [
        ("b.txt", 0, 5),
        ("a.txt", 0, 0),
        ("a.txt", 5, 3),
        ("a.txt", 0, 44),
        ("a.txt", 10**9, 10**9 + 5),
        ("a.txt", len(ARTICLE) - 5, len(ARTICLE) + 1),
    ],
)
def test_only_a_stretch_of_one_block_is_a_citation(file: str, start: int, end: int) -> None:
    assert Contexts(Index([document(ARTICLE, SOURCES)])).citation(file, start, end) is None


def test_a_stretch_that_is_longer_than_any_quote_is_no_citation() -> None:
    contexts = Contexts(Index([document("word " * 200)]))
    assert contexts.citation("a.txt", 0, 600) is not None
    assert contexts.citation("a.txt", 0, 601) is None


def test_a_citation_that_is_found_again_says_what_the_answer_said() -> None:
    index = Index(read_folder(SEEDS).documents)
    contexts = Contexts(index)
    for citation in index.ask("should Ukraine recognize the government in exile", 10).citations:
        found = contexts.citation(citation.file, citation.start, citation.end)
        assert isinstance(found, Citation)
        forgotten = {"highlights": (), "lead_in": None, "score": 0.0, "is_cut": False}
        assert found == replace(citation, **forgotten)  # type: ignore[arg-type]  # some of its fields


# Whatever the documents, the question and the language


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, source=st.builds(Source, LABELS, LABELS, LABELS), name=WORDS, question=QUESTIONS)
def test_every_context_arrives_letter_by_letter(text: str, source: Source, name: str, question: str) -> None:
    index = Index(documents(text, source, name))
    contexts = Contexts(index)
    texts = {document.file: document.text for document in index.documents}
    for language in PLURALS:
        for citation in index.ask(question, MAX_QUOTES).citations:
            message = contexts.render(citation, wording(language))
            assert "".join(under(message, "bold")) == clean(citation.quote)
            assert quotation(message) in clean(texts[citation.file])
