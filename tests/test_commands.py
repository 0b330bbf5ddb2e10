"""The commands: what each replies, in every language, over the two documents and over folders of other shapes."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import COMMANDS, Reply, answer
from bot.rendering import MAX_ENTITIES, MAX_LENGTH, Message
from bot.wording import PLURALS, wording
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Source, Verdict
from tests import tdlib
from tests.processes import SEEDS
from tests.tdlib import Entity

EN = wording("en")


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(read_folder(SEEDS).documents)


def reply(name: str, index: Index, argument: str = "", language: str = "en") -> Reply:
    (command,) = (command for command in COMMANDS if command.name == name)
    return command.reply(index, wording(language), argument)


def shown(message: Message) -> tdlib.Sent:
    """The message in the chat: Telegram has taken it and changed nothing."""
    asked = [Entity(entity.style.value, entity.offset, entity.length) for entity in message.entities]
    arrived = tdlib.sent(message.text, asked)
    assert arrived == (message.text, asked)
    assert tdlib.units(message.text) <= MAX_LENGTH
    assert len(asked) <= MAX_ENTITIES
    return arrived


@pytest.mark.parametrize("language", PLURALS)
@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_reply_arrives_as_it_was_written(index: Index, name: str, language: str) -> None:
    assert "{" not in shown(reply(name, index, language=language).message).text


@pytest.mark.parametrize("language", PLURALS)
def test_every_command_has_a_menu_entry_that_telegram_takes_and_a_line_in_help(index: Index, language: str) -> None:
    lines = reply("help", index, language=language).message.text.splitlines()
    for command in COMMANDS:
        entry = wording(language)(command.menu)
        assert 0 < len(entry) <= 256
        assert f"/{command.name} – {entry}" in lines


def test_start_says_how_much_there_is_to_ask_about(index: Index) -> None:
    assert reply("start", index).message.text.endswith(f"\n\n2 documents, {len(index.passages)} passages")
    assert reply("start", index, "a payload") == reply("start", index)
    assert "2 документи, " in reply("start", index, language="uk").message.text


def test_ask_answers_the_question_behind_it(index: Index) -> None:
    asked = reply("ask", index, "who appointed Kyzym")
    assert asked.answer is not None
    assert asked.answer.verdict is Verdict.ANSWERED
    assert asked == answer(index, EN, "who appointed Kyzym")
    assert any("By the decision of the Minister" in quote for quote in shown(asked.message).quotations())


def test_ask_without_a_question_asks_for_one_and_is_no_question(index: Index) -> None:
    assert reply("ask", index) == Reply(Message(EN("ask_empty")))


def test_sources_names_every_document_with_what_is_known_of_it(index: Index) -> None:
    counts = [sum(passage.document is document for passage in index.passages) for document in index.documents]
    assert shown(reply("sources", index).message).text.split("\n\n") == [
        f"2 documents, {sum(counts)} passages",
        f"without a title\nKyiv Post · 000_719b66f8acb16e56.txt · {counts[0]} passages",
        "Why Ukraine Should Establish Relations with Belarus Government in Exile\n"
        f"003_23c2d2346bee6326.txt · {counts[1]} passages",
    ]


def test_sources_marks_titles_and_files(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# A  title\n\nOne sentence.", encoding="utf-8")
    (document,) = read_folder(tmp_path).documents
    dated = replace(document, source=Source(date="2024-02-05", publisher="Kyiv Post"))
    arrived = shown(reply("sources", Index([dated])).message)
    assert arrived.text == "1 document, 1 passage\n\nA title\nKyiv Post · 2024-02-05 · notes.md · 1 passage"
    assert [(entity.kind, arrived.under(entity)) for entity in arrived.entities] == [
        ("bold", "A title"),
        ("code", "notes.md"),
    ]


@pytest.mark.parametrize("language", PLURALS)
@pytest.mark.parametrize(
    ("number", "title"), [(49, "T"), (50, "T"), (51, "T"), (300, "🇺🇦\u2028\t" * 60), (1_500, "A title of usual length")]
)
def test_sources_shows_what_fits_and_says_how_much_more_there_is(
    tmp_path: Path, number: int, title: str, language: str
) -> None:
    (tmp_path / "a.txt").write_text("One sentence.", encoding="utf-8")
    (document,) = read_folder(tmp_path).documents
    index = Index(replace(document, file=f"{at}.txt", source=Source(title=title)) for at in range(number))
    arrived = shown(reply("sources", index, language=language).message)
    files = [arrived.under(entity) for entity in arrived.entities if entity.kind == "code"]
    assert files == [f"{at}.txt" for at in range(len(files))]
    if len(files) < number:
        assert arrived.text.endswith("\n\n" + wording(language)("more_sources", number=number - len(files)))
    assert number > 50 or len(files) == number
