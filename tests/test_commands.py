"""The commands: what each replies, in every language, over the two documents and over folders of other shapes."""

from dataclasses import replace

import pytest

from bot.catalogue import Catalogue
from bot.commands import COMMANDS, TERMINAL_COMMANDS, Desk, Reply, answer
from bot.dialogue import Dialogue
from bot.examples import Examples
from bot.rendering import MAX_ENTITIES, MAX_LENGTH, Message
from bot.wording import PLURALS, wording
from retrieval.index import Index
from tests import tdlib
from tests.folders import document
from tests.tdlib import Entity

EN = wording("en")


def reply(name: str, index: Index, argument: str = "", language: str = "en", retention_days: int = 0) -> Reply:
    (command,) = (command for command in COMMANDS if command.name == name)
    return command.reply(Desk(index, retention_days, COMMANDS), wording(language), argument)


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


def test_start_offers_examples_as_buttons(index: Index) -> None:
    rows = reply("start", index, language="be").message.buttons
    assert [button.label for (button,) in rows] == list(Examples(index).questions(wording("be")))
    assert len(rows) == 3


def test_ask_without_a_question_asks_for_one_and_is_no_question(index: Index) -> None:
    asked = reply("ask", index)
    assert (asked.answer, asked.message.text, asked.message.wants_reply) == (None, EN("ask_empty"), True)


@pytest.mark.parametrize(
    "question", ["who appointed Kyzym", "xyzzy", "hello", "Kyzym " * 600, "🇺🇦 Kyzym\u2028\t" * 200, "/start Kyzym"]
)
def test_a_question_that_nobody_wrote_stands_above_its_answer(index: Index, question: str) -> None:
    arrived = shown(answer(index, EN, question, with_question=True).message)
    heading = arrived.under(arrived.entities[0])
    assert (arrived.entities[0].kind, arrived.entities[0].offset) == ("bold", 0)
    assert arrived.text.startswith(f"{heading}\n\n")
    assert len(heading) <= 200
    assert " ".join(question.split()).startswith(heading.removesuffix("…"))
    without = shown(answer(index, EN, question).message).text
    assert without == arrived.text.removeprefix(f"{heading}\n\n") or len(question) > 200


@pytest.mark.parametrize(
    ("argument", "page"),
    [("", 0), ("1", 0), ("2", 1), ("17", 16), ("18", 16), ("0", 0), ("9" * 400, 16), ("-1", 0), ("٣", 2), ("x 2", 0)],
)
def test_sources_opens_the_page_whose_number_stands_behind_it(argument: str, page: int) -> None:
    one = document("One sentence.")
    index = Index(replace(one, file=f"{at}.txt") for at in range(100))
    opened = reply("sources", index, argument)
    assert opened == Reply(opened.message)
    assert opened.message == Catalogue(index).page(EN, page)


def test_language_offers_each_by_its_own_name(index: Index) -> None:
    buttons = [button for row in reply("language", index, language="uk").message.buttons for button in row]
    assert [(button.label, button.data) for button in buttons] == [
        ("English", "language:en"),
        ("Українська", "language:uk"),
        ("Беларуская", "language:be"),
        ("Русский", "language:ru"),
        ("Як у Телеграмі", "language:auto"),
    ]


@pytest.mark.parametrize(
    ("days", "language", "kept"),
    [
        (0, "en", "Questions are kept until you say /forget."),
        (1, "en", "Questions are deleted after 1 day."),
        (30, "en", "Questions are deleted after 30 days."),
        (21, "uk", "Запитання видаляються через 21 день."),
        (2, "be", "Пытанні выдаляюцца праз 2 дні."),
        (5, "be", "Пытанні выдаляюцца праз 5 дзён."),
        (90, "ru", "Вопросы удаляются через 90 дней."),
    ],
)
def test_privacy_says_how_long_a_question_is_kept(index: Index, days: int, language: str, kept: str) -> None:
    said = shown(reply("privacy", index, language=language, retention_days=days).message).text
    assert f"\n\n{kept}\n\n" in said
    assert "/forget" in said.rpartition("\n")[2]


def test_forget_asks_first(index: Index) -> None:
    message = reply("forget", index).message
    assert message.text == EN("forget_ask")
    assert [(button.label, button.data) for (button,) in message.buttons] == [
        ("Yes, delete it", "forget:yes"),
        ("No, keep it", "forget:no"),
    ]


def test_the_terminal_knows_the_commands_that_need_nobody(index: Index) -> None:
    terminal = Dialogue(index, commands=TERMINAL_COMMANDS)
    assert [command.name for command in TERMINAL_COMMANDS] == ["start", "ask", "sources", "help"]
    assert "/forget" not in terminal.reply("/help", EN).message.text
    assert terminal.reply("/forget", EN).message.text.startswith(EN("unknown_command", command="/forget"))
