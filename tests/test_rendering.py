"""How an answer looks, and that it arrives at Telegram letter by letter: asked of TDLib, Telegram's own library."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering import MAX_LENGTH, QUOTES, Message, clipped, plain, render
from bot.telegram_text import clean
from bot.wording import PLURALS, wording
from retrieval.index import Index
from retrieval.types import Answer, Citation, Kind, LeadIn, Silence, Source, Verdict
from tests import tdlib
from tests.oddities import LABELS, QUESTIONS, TEXTS, WORDS, documents, shown, under

EN = wording("en")
QUOTE = "By the decision of the Minister, I was appointed Ambassador."
CITATION = Citation(
    quote=QUOTE,
    file="letters/kyzym.txt",
    start=100,
    end=100 + len(QUOTE),
    kind=Kind.TEXT,
    title="A Title",
    publisher=None,
    date=None,
    url=None,
    heading=None,
    paragraph=5,
    page=None,
    score=1.0,
    highlights=(),
    is_cut=False,
    lead_in=None,
)
ANSWER = Answer("who appointed Kyzym", Verdict.ANSWERED, 1.0, {}, (), (CITATION,))
NOTHING = Answer("?", Verdict.NOTHING, 0.0, {}, (), (), silence=Silence.UNSAID)


def cited(**changes: object) -> Message:
    """An answer of one citation, unlike CITATION in these fields."""
    return render(replace(ANSWER, citations=(replace(CITATION, **changes),)), EN)  # type: ignore[arg-type]  # any field


# What is shown


def test_an_answer_is_a_quotation_and_the_place_where_it_stands() -> None:
    message = render(ANSWER, EN)
    assert message.text == f"{QUOTE}\nA Title · letters/kyzym.txt · paragraph 5"
    assert under(message, "blockquote") == [QUOTE]
    assert under(message, "code") == ["letters/kyzym.txt"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"publisher": "Kyiv Post"}, "Kyiv Post · letters/kyzym.txt · paragraph 5"),
        ({"title": None}, "letters/kyzym.txt · paragraph 5"),
        ({"date": "2024-02-05"}, "A Title · 2024-02-05 · letters/kyzym.txt · paragraph 5"),
        ({"heading": "On Belarus"}, "A Title · letters/kyzym.txt · “On Belarus” · paragraph 5"),
        ({"page": 3}, "A Title · letters/kyzym.txt · page 3 · paragraph 5"),
        ({"page": 3, "paragraph": None}, "A Title · letters/kyzym.txt · page 3"),
        ({"is_cut": True}, "A Title · letters/kyzym.txt · paragraph 5 · the sentence goes on"),
        ({"kind": Kind.COMMENT}, "A Title · letters/kyzym.txt · reader comment, paragraph 5 of the comments"),
        ({"kind": Kind.TEASER}, "A Title · letters/kyzym.txt · teaser for another article, line 5"),
        ({"title": "A\n long\ttitle"}, "A long title · letters/kyzym.txt · paragraph 5"),
        ({"title": "т" * 101}, f"{'т' * 99}… · letters/kyzym.txt · paragraph 5"),
    ],
)
def test_a_place_says_what_is_known_and_no_more(changes: dict[str, object], place: str) -> None:
    message = cited(**changes)
    assert message.text.split("\n") == [QUOTE, place]
    assert shown(message).quotations() == [QUOTE]


def test_the_best_quote_is_open_and_the_others_are_folded() -> None:
    lead_in = LeadIn("He writes:", 80, 90)
    others = [replace(CITATION, quote=quote, lead_in=lead_in) for quote in ("The second.", "The third.")]
    message = render(replace(ANSWER, citations=(replace(CITATION, lead_in=lead_in), *others)), EN)
    assert under(message, "blockquote") == ["He writes:", QUOTE]
    assert under(message, "expandable_blockquote") == ["He writes:", "The second.", "He writes:", "The third."]
    assert message.text.split("\n\n")[1] == "He writes:\nThe second.\nA Title · letters/kyzym.txt · paragraph 5"


def test_what_leads_in_to_a_quote_is_not_repeated_right_below_itself() -> None:
    lead_in = LeadIn("He writes:", 80, 90)
    leading = replace(CITATION, quote="He writes:", start=80, end=90, highlights=())
    led = replace(CITATION, quote="The second.", lead_in=lead_in)
    assert under(render(replace(ANSWER, citations=(leading, led)), EN), "expandable_blockquote") == ["The second."]
    elsewhere = replace(leading, file="b.txt")
    message = render(replace(ANSWER, citations=(elsewhere, led)), EN)
    assert under(message, "expandable_blockquote") == ["He writes:", "The second."]


@pytest.mark.parametrize(
    ("quote", "words", "bold"),
    [
        ("Kyzym was appointed.", ["Kyzym", "appointed"], ["Kyzym", "appointed"]),
        ("Ihor Kyzym’s life", ["Ihor", "Kyzym’s"], ["Ihor Kyzym’s"]),
        ("At-Large", ["At", "Large"], ["At-Large"]),
        ("1941–1945", ["1941", "1945"], ["1941–1945"]),
        ("A\u2028🇺🇦\t\r\nKy\u030azym.", ["Ky\u030azym"], ["Kyzym"]),
        ("Kyzym,Kyzym", ["Kyzym"], ["Kyzym"]),
    ],
)
def test_the_words_of_the_question_are_bold(quote: str, words: list[str], bold: list[str]) -> None:
    places = [(100 + quote.index(word), 100 + quote.index(word) + len(word)) for word in words]
    message = cited(quote=quote, end=100 + len(quote), highlights=tuple(places))
    assert under(message, "bold") == bold
    assert shown(message).quotations() == [clean(quote)]


def test_of_very_many_highlights_the_first_stay() -> None:
    quote = "Kyzym, " * 80
    places = tuple((100 + 7 * number, 105 + 7 * number) for number in range(80))
    citations = [replace(CITATION, quote=quote + end, highlights=places) for end in "abc"]
    message = render(replace(ANSWER, citations=tuple(citations)), EN)
    assert len(under(message, "bold")) == 75
    assert shown(message).quotations() == [citation.quote for citation in citations]


def test_a_quote_of_letters_that_telegram_drops_leaves_no_quotation() -> None:
    assert cited(quote="\u2028\r", highlights=((100, 101),)).entities[0].style.value == "code"


def test_a_file_that_is_named_like_an_address_is_no_link() -> None:
    assert "url" in {entity.kind for entity in tdlib.auto_entities("notes.md · paragraph 5")}
    assert under(cited(file="notes.md"), "code") == ["notes.md"]


def test_what_is_uncertain_is_said_to_be() -> None:
    message = render(replace(ANSWER, verdict=Verdict.RELATED, not_understood=("xyzzy",)), EN)
    opening, quotation, notes = message.text.split("\n\n")
    assert (opening, notes) == ("Nothing certain. The closest passages:", "Not in the documents: xyzzy")
    assert shown(message).quotations() == quotation.split("\n")[:1]


def test_at_most_ten_unknown_words_are_named_and_each_is_kept_short() -> None:
    message = render(replace(NOTHING, not_understood=("long" * 100, *(f"w{number}" for number in range(20)))), EN)
    notes = message.text.removeprefix("The documents do not say.\n\nNot in the documents: ").split(", ")
    assert notes == [f"{('long' * 100)[:29]}…", *(f"w{number}" for number in range(9))]


@pytest.mark.parametrize(
    ("read_as", "note"),
    [
        ({"Кизима": ("Kyzym",)}, "I read “Кизима” as Kyzym."),
        ({"a": ("A", "B", "C"), "b": ("x\ny",)}, "I read “a” as A/B, “b” as x y."),
        ({"x" * 40: ("y" * 40,)}, f"I read “{'x' * 29}…” as {'y' * 29}…."),
        ({f"w{number}": ("A",) for number in range(20)}, f"I read {', '.join(f'“w{n}” as A' for n in range(10))}."),
    ],
)
def test_how_a_question_was_read_is_said_below(read_as: dict[str, tuple[str, ...]], note: str) -> None:
    message = render(replace(ANSWER, read_as=read_as, not_understood=("xyzzy",)), EN)
    assert message.text.split("\n\n")[1:] == [note, "Not in the documents: xyzzy"]
    assert shown(message).quotations() == [QUOTE]


@pytest.mark.parametrize("language", PLURALS)
def test_every_silence_has_a_sentence_of_its_own_and_nothing_is_quoted(language: str) -> None:
    messages = [render(replace(NOTHING, silence=silence), wording(language)) for silence in Silence]
    assert [message.entities for message in messages] == [()] * len(Silence)
    assert len({shown(message).text for message in messages}) == len(Silence)
    assert "4096" in messages[list(Silence).index(Silence.TOO_LONG)].text


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("abc", "abc"),
        (" a\n\tb\u2028c ", "a b c"),
        ("abcdefghijk", "abcdefghi…"),
        ("abcdefgh ijk", "abcdefgh…"),
        ("", ""),
    ],
)
def test_a_label_is_one_line_of_limited_length(text: str, label: str) -> None:
    assert clipped(text, 10) == label


def test_a_plain_message_is_clean_and_has_no_blank_ends() -> None:
    assert plain("\n a\tb\u2028\n") == Message("a b")


# Whatever the documents, the question and the language


def assert_faithful(answer: Answer, message: Message, page: int = 0) -> None:
    """The quotes stand under quotations, whole and in order; only what does not fit any more may be missing."""
    arrived, at = shown(message), 0
    quotations = [entity for entity in arrived.entities if entity.kind in tdlib.QUOTATIONS]
    above = None
    for rank, citation in enumerate(answer.citations[QUOTES * page : QUOTES * (page + 1)]):
        is_said = citation.lead_in and above == (citation.file, citation.lead_in.start)
        lead_in = [citation.lead_in.quote] if citation.lead_in and not is_said else []
        expected = [clean(quote) for quote in (*lead_in, citation.quote)]
        found = quotations[at : at + len(expected)]
        if [arrived.under(entity) for entity in found] == expected:
            assert {entity.kind for entity in found} == {"expandable_blockquote" if rank else "blockquote"}
            at += len(expected)
            above = citation.file, citation.start
        else:
            assert rank, "the best quote is missing"
            assert sum(map(tdlib.units, expected)) + tdlib.units(message.text) > MAX_LENGTH - 1_000
    assert at == len(quotations)
    assert answer.citations or not message.entities


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, source=st.builds(Source, LABELS, LABELS, LABELS), name=WORDS, question=QUESTIONS)
def test_every_page_of_every_answer_arrives_letter_by_letter(
    text: str, source: Source, name: str, question: str
) -> None:
    answer = Index(documents(text, source, name)).ask(question, 10)
    for language in PLURALS:
        for page in range(max(1, -(-len(answer.citations) // QUOTES))):
            assert_faithful(answer, render(answer, wording(language), page), page)


LONGEST = st.sampled_from(["🇺🇦", "Kyzym ", "سفير\n", "𝕶\u030a", "/start\t"])
HIGHLIGHTS = st.lists(st.integers(0, 600), unique=True, max_size=120).map(sorted)


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    """A citation at the limits of its parts."""
    quote, lead_in = f"K{draw(LONGEST) * 600}"[:600], f"L{draw(LONGEST) * 400}"[:400]
    marks = draw(HIGHLIGHTS)
    return replace(
        CITATION,
        quote=quote,
        start=0,
        file=f"{draw(LONGEST) * 100}.txt",
        kind=draw(st.sampled_from([Kind.TEXT, Kind.COMMENT, Kind.TEASER])),
        publisher=draw(LABELS),
        date=draw(LABELS),
        heading=draw(LABELS),
        page=draw(st.none() | st.integers(0, 10**6)),
        highlights=tuple(zip(marks[::2], marks[1::2], strict=False)),
        is_cut=draw(st.booleans()),
        lead_in=draw(st.sampled_from([None, LeadIn(lead_in, 0, 400)])),
    )


@settings(deadline=None, max_examples=100)
@given(
    chosen=st.lists(citations(), min_size=1, max_size=3),
    verdict=st.sampled_from([Verdict.ANSWERED, Verdict.RELATED]),
    words=st.lists(st.sampled_from(["𝕶" * 40, "𝖅" * 30, "xyzzy", "/start"]), max_size=20),
)
def test_the_longest_answers_fit_into_a_message(chosen: list[Citation], verdict: Verdict, words: list[str]) -> None:
    read_as = {f"{number}{word}": (word, "x") for number, word in enumerate(words)}
    answer = replace(ANSWER, verdict=verdict, citations=tuple(chosen), not_understood=tuple(words), read_as=read_as)
    for language in PLURALS:
        assert_faithful(answer, render(answer, wording(language)))


@pytest.mark.parametrize("letter", ["з", "𝖅"])
@pytest.mark.parametrize("language", PLURALS)
def test_the_best_quote_is_there_however_long_everything_around_it_is(letter: str, language: str) -> None:
    long = letter * 100
    citation = replace(CITATION, quote=letter * 600, publisher=long, date=long, file=long, heading=long, page=10**6)
    citation = replace(citation, kind=Kind.COMMENT, is_cut=True, lead_in=LeadIn(letter * 400, 0, 400))
    words = {f"{number}{long}": (long, long) for number in range(10)}
    answer = replace(ANSWER, verdict=Verdict.RELATED, citations=(citation,), not_understood=tuple(words), read_as=words)
    assert shown(render(answer, wording(language))).quotations() == [letter * 400, letter * 600]
