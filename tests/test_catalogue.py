"""The list of documents and their outlines: every page as Telegram takes it, for one document and for ten thousand."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.catalogue import Catalogue
from bot.rendering import MAX_ENTITIES, MAX_LENGTH, Button, Message
from bot.wording import PLURALS, Wording, wording
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Source
from tests import tdlib
from tests.folders import SEEDS, document, read
from tests.tdlib import Entity

EN = wording("en")
FLAGS = "🇺🇦\u2028\t" * 300


@pytest.fixture(scope="module")
def seeds() -> Catalogue:
    return Catalogue(Index(read_folder(SEEDS).documents))


def folder_of(number: int, title: str | None = "T", publisher: str | None = None, date: str | None = None) -> Index:
    """So many documents of one sentence."""
    one = document("One sentence.")
    source = Source(title=title, publisher=publisher, date=date)
    return Index(replace(one, file=f"{at}.txt", source=source) for at in range(number))


def shown(message: Message | None) -> tdlib.Sent:
    """The message in the chat: Telegram has taken it, changed nothing, and its buttons keep to the limits."""
    assert message is not None
    asked = [Entity(entity.style.value, entity.offset, entity.length) for entity in message.entities]
    arrived = tdlib.sent(message.text, asked)
    assert arrived == (message.text, asked)
    assert tdlib.units(message.text) <= MAX_LENGTH
    assert len(asked) <= MAX_ENTITIES
    pressed = list(buttons(message))
    assert len(pressed) <= 100
    assert all(1 <= len(button.data.encode()) <= 64 for button in pressed)
    assert all(any(map(str.isalnum, button.label)) for button in pressed)  # never a sign alone
    return arrived


def buttons(message: Message | None) -> Iterator[Button]:
    assert message is not None
    return (button for row in message.buttons for button in row)


def outline_of(index: Index) -> Message | None:
    """The outline of the first document."""
    catalogue = Catalogue(index)
    first = next(buttons(catalogue.page(EN)))
    return catalogue.outline(EN, first.data.split(":")[1])


def test_a_document_stands_with_what_is_known_of_it() -> None:
    known = shown(Catalogue(folder_of(1, "A  title", "Kyiv Post", "2024-02-05")).page(EN))
    assert known.text == "1 document, 1 passage\n\n1. A title\nKyiv Post · 2024-02-05 · 0.txt · 1 passage"
    assert [(entity.kind, known.under(entity)) for entity in known.entities] == [("bold", "A title"), ("code", "0.txt")]
    unknown = shown(Catalogue(folder_of(1, None)).page(EN))
    assert unknown.text == "1 document, 1 passage\n\n1. without a title\n0.txt · 1 passage"


def test_a_few_documents_make_one_page_with_a_button_each(seeds: Catalogue) -> None:
    message = seeds.page(EN)
    assert "page 1" not in shown(message).text
    assert [button.label for button in buttons(message)] == [
        "1. 000_719b66f8acb16e56.txt",
        "2. Why Ukraine Should Establish Relations with Belar…",
    ]


@pytest.mark.parametrize(
    ("number", "text"), [(0, ""), (1, "T"), (6, "T"), (7, "T"), (10_000, "T"), (13, "x" * 1_000), (13, FLAGS)]
)
def test_every_document_is_reached_from_page_to_page(number: int, text: str) -> None:
    catalogue = Catalogue(folder_of(number, text, text, text))
    for language in PLURALS if number < 100 else ["uk"]:
        check_pages(catalogue, wording(language), number)


def check_pages(catalogue: Catalogue, words: Wording, number: int) -> None:
    assert catalogue.pages == max(1, -(-number // 6))
    listed = list[str]()
    for page in range(catalogue.pages):
        message = catalogue.page(words, page)
        arrived = shown(message)
        listed += [button.label for button in buttons(message) if button.data.startswith("outline:")]
        turning = {button.data for button in buttons(message) if button.data.startswith("sources:")}
        assert turning == {f"sources:{near}" for near in (page - 1, page + 1) if 0 <= near < catalogue.pages}
        assert (words("page_of", number=page + 1, total=catalogue.pages) in arrived.text) is (catalogue.pages > 1)
    assert catalogue.page(words, catalogue.pages) is None
    assert [label.partition(". ")[0] for label in listed] == [str(at + 1) for at in range(number)]


def test_an_outline_tells_headings_with_their_paragraphs_and_the_comments(seeds: Catalogue) -> None:
    _, second = buttons(seeds.page(EN))
    message = seeds.outline(EN, second.data.split(":")[1])
    assert shown(message).text.split("\n")[3:] == [
        "before the first heading · 3 paragraphs",
        "What is the Belarusian government in exile? · 4 paragraphs",
        "Ukraine as Russia · 12 paragraphs",
        "Why is this bad? · 9 paragraphs",
        "How should this happen? · 3 paragraphs",
        "Reader comments: 24 paragraphs",
    ]
    assert [(button.label, button.data) for button in buttons(message)] == [("Back to the documents", "sources:0")]


def test_without_headings_an_outline_tells_how_paragraphs_begin(seeds: Catalogue) -> None:
    first, _ = buttons(seeds.page(EN))
    name = first.data.split(":")[1]
    lines = [
        *shown(seeds.outline(EN, name)).text.split("\n")[3:],
        *shown(seeds.outline(EN, name, 1)).text.split("\n")[3:],
    ]
    assert [line.partition(". ")[0] for line in lines] == [str(number) for number in range(1, 16)]
    assert lines[0].startswith("1. The former Ukrainian Ambassador to Belarus, Ihor Kyzym, has revealed")
    assert seeds.outline(EN, name, 2) is None


def test_a_heading_without_paragraphs_stands_alone() -> None:
    index = Index(read({"a.md": "# A\n\n## B\n\nOne sentence.\n"}).documents)
    assert shown(outline_of(index)).text.split("\n")[3:] == ["B · 1 paragraph"]
    index = Index(read({"a.md": "# T\n\nA word.\n\n## A\n\n## B\n\nOne sentence.\n"}).documents)
    assert shown(outline_of(index)).text.split("\n")[3:] == [
        *("before the first heading · 1 paragraph", "A", "B · 1 paragraph")
    ]


def test_comments_stand_below_the_last_paragraph() -> None:
    text = "One sentence. Another one.\n\nA third sentence.\n\nI do not think so at all.\n"
    stated = '[[document]]\nfile = "a.txt"\n[[document.range]]\nkind = "comment"\nstart = "I do"\nend = "at all."\n'
    index = Index(read({"a.txt": text}, stated).documents)
    assert shown(outline_of(index)).text.split("\n")[3:] == [
        *("1. One sentence. Another one.", "2. A third sentence.", "Reader comments: 1 paragraph")
    ]


@pytest.mark.parametrize("text", ["x" * 1_000, FLAGS, "слово " * 300, "A sentence about Minsk."])
@pytest.mark.parametrize("mark", ["", "## "])
def test_the_longest_outline_fits_on_its_pages(text: str, mark: str) -> None:
    (long,) = read({"a.md": "\n\n".join(f"{mark}{n} {text}\n\nA sentence." for n in range(100))}).documents
    catalogue = Catalogue(Index([replace(long, source=Source(title=FLAGS, publisher=FLAGS, date=FLAGS))]))
    (button,) = buttons(catalogue.page(EN))
    for language in PLURALS:
        pages = 0
        while (message := catalogue.outline(wording(language), button.data.split(":")[1], pages)) is not None:
            shown(message)
            pages += 1
        assert pages == -(-(100 if mark else 200) // 14)


def test_from_an_outline_a_button_leads_back_to_the_page_of_the_document() -> None:
    catalogue = Catalogue(folder_of(100))
    last = list(buttons(catalogue.page(EN, 16)))[-2]
    outline = catalogue.outline(EN, last.data.split(":")[1])
    assert [button.data for button in buttons(outline)] == ["sources:16"]


@pytest.mark.parametrize(("name", "page"), [("", 0), ("AAAAAAAA", 0), ("{}", 0), ("gq-YIkrm", 2), ("gq-YIkrm", 10**40)])
def test_what_is_not_there_is_not_shown(seeds: Catalogue, name: str, page: int) -> None:
    assert seeds.outline(EN, name, page) is None
    assert seeds.page(EN, page + 1) is None
