"""Links: to a source where the quote is marked, and to a passage in a private chat with the bot."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.context import Contexts
from bot.dialogue import Dialogue
from bot.links import Places, deep_link, payload, source_url
from bot.rendering import MAX_LENGTH, Style
from bot.telegram_text import clean, utf16_length
from bot.wording import PLURALS, wording
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Kind
from tests import tdlib
from tests.folders import SEEDS, ask, read
from tests.serving import buttons, recorded, serving
from tests.telegram_inline import START_PARAMETER
from tests.telegram_server import TelegramServer

QUESTIONS = ["who appointed Kyzym", "Kyiv", "Tsikhanouskaya", "Lukashenka", "reader comments", "opposition in exile"]
INDEX = Index(read_folder(SEEDS).documents)
CITATIONS = [citation for question in QUESTIONS for citation in INDEX.ask(question, 50).citations]
NAME = payload(CITATIONS[0])[1:9]  # of its file
SOURCES = '[[document]]\nfile = "a.txt"\nurl = "{url}"\n'


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(INDEX, Contexts(INDEX))


# To a source


@pytest.mark.parametrize(
    ("url", "text", "address"),
    [
        ("https://example.com/a", "Kyzym was appointed.", "https://example.com/a#:~:text=Kyzym%20was%20appointed."),
        ("https://example.com/a#b", "Kyzym was appointed.", "https://example.com/a#b:~:text=Kyzym%20was%20appointed."),
        (
            "http://example.com",
            "A well-read, old & Kyzym",
            "http://example.com#:~:text=A%20well%2Dread%2C%20old%20%26%20Kyzym",
        ),
        ("ftp://example.com/a", "Kyzym was appointed.", None),
    ],
)
def test_a_source_is_opened_at_the_quote(url: str, text: str, address: str | None) -> None:
    (citation,) = ask("Kyzym", {"a.txt": f"{text}\n"}, SOURCES.format(url=url)).citations
    assert source_url(citation) == address


def test_a_long_quote_is_found_by_its_first_and_last_words() -> None:
    text = f"Kyzym said at once {'and again ' * 12}that it was so."
    (citation,) = ask("Kyzym", {"a.txt": f"{text}\n"}, SOURCES.format(url="https://example.com")).citations
    address = source_url(citation)
    assert address is not None
    first, last = unquote(address.partition(":~:text=")[2]).split(",")
    assert citation.quote.startswith(first)
    assert citation.quote.endswith(last)


def test_without_an_address_there_is_nothing_to_open() -> None:
    assert [source_url(citation) for citation in CITATIONS if citation.url is None] != []
    assert {source_url(citation) for citation in CITATIONS if citation.url is None} == {None}


# To a passage


def test_every_quote_has_a_link_of_its_own_that_leads_back_to_it(places: Places) -> None:
    found = {payload(citation): places.citation(payload(citation)) for citation in CITATIONS}
    assert len(found) == len({(citation.file, citation.start, citation.end) for citation in CITATIONS})
    for citation in CITATIONS:
        again = found[payload(citation)]
        assert again is not None
        assert (again.quote, again.file, again.kind) == (citation.quote, citation.file, citation.kind)
        assert (again.paragraph, again.heading, again.title) == (citation.paragraph, citation.heading, citation.title)
        assert START_PARAMETER.fullmatch(payload(citation))
        assert deep_link(citation, "quoth_bot") == f"https://t.me/quoth_bot?start={payload(citation)}"


@pytest.mark.parametrize(
    "text",
    [
        *("", "p", "inline", "p-1-2", "pAAAAAAAA-1-2", f"p{NAME}", f"p{NAME}-1", f"p{NAME}-1-2-3", f"x{NAME}-890-1020"),
        *(f"p{NAME}-900-900", f"p{NAME}-950-900", f"p{NAME}-0-99999", f"p{NAME}-9999999999-9999999999"),
        *(f"p{NAME}--5-9", f"p{NAME}-890-1020 ", f"p{NAME}-890-1020\n", f"p{NAME}-{'9' * 11}-1"),
    ],
)
def test_what_names_no_quote_leads_nowhere(places: Places, text: str) -> None:
    assert places.citation(text) is None


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_whoever_makes_up_a_place_sees_a_stretch_of_a_block_that_may_be_quoted_or_nothing(start: int, end: int) -> None:
    places, contexts = Places(INDEX, Contexts(INDEX)), Contexts(INDEX)
    citation = places.citation(f"p{NAME}-{start}-{end}")
    if citation is None:
        return
    document = next(document for document in INDEX.documents if document.file == citation.file)
    assert citation.quote == document.text[start:end] != ""
    assert citation.kind in {Kind.TEXT, Kind.COMMENT, Kind.TEASER}
    assert utf16_length(contexts.render(citation, wording("uk")).text) <= MAX_LENGTH


def test_a_stretch_as_long_as_a_block_is_no_quote() -> None:
    index = Index(read({"a.txt": f"{'Kyzym was appointed. ' * 500}\n"}).documents)
    (citation, *_) = index.ask("Kyzym").citations
    places, name = Places(index, Contexts(index)), payload(citation)[:10]
    assert places.citation(f"{name}0-600") is not None
    assert places.citation(f"{name}0-601") is None


def test_a_passage_is_shown_with_the_quote_marked_in_it() -> None:
    dialogue = Dialogue(INDEX)
    for citation in CITATIONS:
        reply = dialogue.reply(f"/start {payload(citation)}", wording("en"))
        entities = [tdlib.Entity(e.style.value, e.offset, e.length) for e in reply.message.entities]
        shown = tdlib.sent(reply.message.text, entities)
        (around,) = shown.quotations()
        assert clean(citation.quote) in around
        marked = [shown.under(entity) for entity in shown.entities if entity.kind == Style.BOLD.value]
        assert marked == [clean(citation.quote)]
        assert citation.file in shown.text
        assert reply.answer is None


# In a chat


async def test_a_link_opens_its_passage_with_a_way_to_the_source_and_is_no_question(
    server: TelegramServer, tmp_path: Path
) -> None:
    index = Index(
        read({"a.txt": "Before.\n\nKyzym was appointed.\n\nAfter.\n"}, SOURCES.format(url="https://a.com")).documents
    )
    (citation,) = index.ask("Kyzym").citations
    async with serving(server, index, tmp_path):
        server.say(f"/start {payload(citation)}")
        opened = await server.next_sent()
    assert "Before.\n\nKyzym was appointed.\n\nAfter." in opened.text
    assert [button["url"] for button in buttons(opened.markup)] == ["https://a.com#:~:text=Kyzym%20was%20appointed."]
    assert recorded(tmp_path) == []


@pytest.mark.parametrize("language", PLURALS)
async def test_a_link_that_leads_nowhere_is_owned_up_to(server: TelegramServer, tmp_path: Path, language: str) -> None:
    words = wording(language)
    async with serving(server, INDEX, tmp_path):
        server.say(f"/start {payload(CITATIONS[0])}", language=language)
        server.say(f"/start p{NAME}-0-99999", language=language)
        server.say("/start", language=language)
        opened, lost, greeting = [await server.next_sent() for _ in range(3)]
    assert opened.markup is None  # the seeds have no address
    assert lost.text == f"{words('lost_link')}\n\n{greeting.text}"
    assert greeting.text.startswith(words("start"))


def test_a_line_above_a_message_leaves_its_entities_where_they_belong() -> None:
    message = Dialogue(INDEX).reply("/sources", wording("en")).message
    below = message.below("🇺🇦 A line\r above")
    assert below.text == f"🇺🇦 A line above\n\n{message.text}"
    offset = utf16_length("🇺🇦 A line above\n\n")
    assert [(e.style, e.offset, e.length) for e in below.entities] == [
        (e.style, e.offset + offset, e.length) for e in message.entities
    ]
    assert below.entities
