"""Who speaks in a quote, and the sentence that leads in to it."""

import pytest

from retrieval.types import Verdict
from tests.folders import LONG, ask, quotes


@pytest.mark.parametrize(
    ("introduction", "opening", "closing"),
    [
        ("Kyzym writes:", "“", "”"),
        ("Kyzym writes:", '"', '"'),
        ("Кизим пише:", "«", "»"),
        ("Кизим пише:", "„", "“"),
        ("On Feb. 2 Mr. Kyzym wrote:", "“", "”"),
    ],
)
def test_a_quote_from_inside_a_quotation_says_who_speaks(introduction: str, opening: str, closing: str) -> None:
    speech = f"It is {LONG}known. I was appointed to {LONG}Minsk. It is late."
    (quote,) = quotes("who was appointed", f"He left. {introduction} {opening}{speech}{closing} She left.")

    assert quote.quote == f"I was appointed to {LONG}Minsk."
    assert quote.lead_in is not None
    assert quote.lead_in.quote == introduction


def test_a_quotation_inside_a_quotation_hides_the_speaker_of_neither() -> None:
    text = f"Kyzym writes: “It is a “special” case, {LONG}indeed. I was appointed to {LONG}Minsk.”"
    (quote,) = quotes("who was appointed", text)

    assert quote.lead_in is not None
    assert quote.lead_in.quote == "Kyzym writes:"


def test_a_paragraph_below_a_colon_carries_the_sentence_that_introduces_it() -> None:
    (quote,) = quotes("Who was congratulated?", "It was late. She wrote on her site:\n\n“I congratulated Kyzym.”")

    assert quote.quote == "“I congratulated Kyzym.”"
    assert quote.lead_in is not None
    assert (quote.lead_in.quote, quote.lead_in.start, quote.lead_in.end) == ("She wrote on her site:", 13, 35)


def test_what_somebody_wrote_is_what_stands_below_the_colon() -> None:
    text = f"She wrote on {LONG}her site on Monday:\n\n“We are glad of this step {LONG}.”\n\nShe wrote a book.\n"
    (quote, *_) = quotes("What did she write on her site on Monday?", text)

    assert quote.quote.startswith("“We are glad")
    assert quote.lead_in is not None


def test_every_sentence_of_a_quotation_below_a_colon_carries_its_introduction() -> None:
    (quote,) = quotes("who was appointed", f"She wrote:\n\n“It is {LONG}known. I was appointed to {LONG}Minsk.”")

    assert quote.quote == f"I was appointed to {LONG}Minsk.”"
    assert quote.lead_in is not None
    assert quote.lead_in.quote == "She wrote:"


@pytest.mark.parametrize(
    "text",
    [
        f"She wrote: “It is {LONG}late.” The minister slept in {LONG}Minsk.",
        f'She wrote: "It is {LONG}late." The minister slept in {LONG}Minsk.',
        f"Вона пише: „Так є {LONG}досі“. The minister slept in {LONG}Minsk.",
        f"She wrote:\n\n“It is {LONG}late.” The minister slept in {LONG}Minsk.",
        f"He said “no”: it is {LONG}late. The minister slept in {LONG}Minsk.",
        f"They called it “special, {LONG}indeed. The minister slept in {LONG}Minsk.",
        f"He said: they called it “special, {LONG}indeed. The minister slept in {LONG}Minsk.",
        f"She wrote:\n\n## On her site:\n\nThe minister slept in {LONG}Minsk.",
        f"She wrote, {LONG * 2}on her site:\n\nThe minister slept in {LONG}Minsk.",
        f"The minister slept in {LONG}Minsk.",
    ],
    ids=[
        "closed",
        "closed straight",
        "closed low",
        "closed above",
        "no speech",
        "no colon",
        "far colon",
        "heading",
        "long",
        "none",
    ],
)
def test_words_that_nobody_else_said_are_given_no_speaker(text: str) -> None:
    (quote,) = ask("minister slept", {"a.md": text}).citations

    assert quote.quote == f"The minister slept in {LONG}Minsk."
    assert quote.lead_in is None


def test_the_words_of_the_speaker_count_for_the_quote() -> None:
    text = (
        f"Kyzym writes: “It is {LONG}known. I was appointed to {LONG}Minsk.”\n\nSomebody was appointed to {LONG}Riga."
    )
    answer = ask("Kyzym appointed", {"a.txt": text})

    assert answer.citations[0].quote == f"I was appointed to {LONG}Minsk.”"


SPEECHES = {
    "a.txt": (
        "Kuleba said in Kyiv:\n\n“Kyzym was appointed ambassador in Minsk.”\n\n"
        "Emily, who had heard of it, wrote on her site:\n\n“I thank them all, and Kyzym, the ambassador.”"
    )
}


@pytest.mark.parametrize(
    ("question", "words", "expected"),
    [
        ("What did Kuleba say about ambassador Kyzym?", "“Kyzym was", Verdict.ANSWERED),
        ("What did Emily say about ambassador Kyzym?", "“I thank", Verdict.ANSWERED),
        ("Що написала Емілі про посла Кизима?", "“I thank", Verdict.ANSWERED),
        ("What did Macron say about the ambassador Kyzym in Minsk?", "“Kyzym was", Verdict.RELATED),
        ("What did Kyzym say about his appointment as ambassador in Minsk?", "“Kyzym was", Verdict.RELATED),
    ],
)
def test_what_somebody_said_is_quoted_in_their_words(question: str, words: str, expected: Verdict) -> None:
    answer = ask(question, SPEECHES)

    assert answer.citations[0].quote.startswith(words)
    assert answer.verdict is expected


def test_who_asks_when_gets_the_words_that_lead_in_to_a_quote_first_where_they_alone_say_it() -> None:
    leading = "Kyzym, who had been in Minsk before, wrote on June 2, in the evening:"
    written = "“I was appointed ambassador. I thank them.”"
    page = f"{leading}\n\n{written}\n\nKyzym slept well.\n"

    def asked(question: str) -> list[str]:
        return [quote.quote for quote in ask(question, {"a.txt": page}).citations]

    assert asked("When did Kyzym write that he was appointed ambassador?")[:2] == [leading, written]
    assert asked("Why did Kyzym write that he was appointed ambassador?")[0] == written
