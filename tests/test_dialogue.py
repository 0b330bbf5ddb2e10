"""The conversation without its channel: which text is a command, which a question, and in which language it is met."""

import pytest

from bot.dialogue import Dialogue
from bot.rendering import Message
from bot.wording import PLURALS, wording
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Silence, Verdict
from tests import tdlib
from tests.processes import SEEDS

EN = wording("en")


@pytest.fixture(scope="module")
def dialogue() -> Dialogue:
    return Dialogue(Index(read_folder(SEEDS).documents))


@pytest.mark.parametrize(
    "question", ["who appointed Kyzym", "хто призначив Kyzym", "Kyzym 🇺🇦?", "what is /start", "{x}"]
)
def test_a_text_is_a_question(dialogue: Dialogue, question: str) -> None:
    reply = dialogue.reply(question, EN)
    assert reply.answer is not None
    assert reply.answer.question == question


@pytest.mark.parametrize(
    "command",
    [
        *("/ask who appointed Kyzym", "/ask   who appointed Kyzym ", "/ASK who appointed Kyzym"),
        *("/ask@quoth_test_bot who appointed Kyzym", "/ask\nwho appointed Kyzym", "/ask\twho appointed Kyzym"),
    ],
)
def test_ask_takes_a_question_however_it_is_written(dialogue: Dialogue, command: str) -> None:
    reply = dialogue.reply(command, EN)
    assert reply.answer is not None
    assert (reply.answer.question, reply.answer.verdict) == ("who appointed Kyzym", Verdict.ANSWERED)


@pytest.mark.parametrize(
    "text", ["/start", "/help", "/ask", "/sources", "/start 12ab", "/help@quoth_test_bot", "/Help"]
)
def test_a_command_is_no_question(dialogue: Dialogue, text: str) -> None:
    reply = dialogue.reply(text, EN)
    assert reply.answer is None
    assert reply.message.text
    assert EN("unknown_command", command="") not in reply.message.text


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("/frobnicate", "/frobnicate"),
        ("/frobnicate now", "/frobnicate"),
        ("/", "/"),
        ("/{limit}", "/{limit}"),
        ("/{0}%s", "/{0}%s"),
        (f"/{'x' * 4_095}", f"/{'x' * 38}…"),
        ("/\u200e\u200f\u030a🇺🇦", "/\u200c\u200f🇺🇦"),
    ],
)
def test_an_unknown_command_is_named_and_met_with_help(dialogue: Dialogue, text: str, named: str) -> None:
    reply = dialogue.reply(text, EN)
    assert reply.answer is None
    assert reply.message.text == f"I do not know {named}.\n\n{dialogue.reply('/help', EN).message.text}"
    assert tdlib.sent(reply.message.text) == (reply.message.text, [])


@pytest.mark.parametrize(
    ("text", "silence"),
    [
        ("hello", Silence.GREETING),
        ("Дякую!", Silence.THANKS),
        ("???", Silence.WORDLESS),
        ("", Silence.WORDLESS),
        ("x" * 4_097, Silence.TOO_LONG),
    ],
)
def test_what_is_no_question_gets_a_word_and_no_quote(dialogue: Dialogue, text: str, silence: Silence) -> None:
    reply = dialogue.reply(text, EN)
    assert reply.answer is not None
    assert (reply.answer.silence, reply.answer.citations) == (silence, ())
    assert reply.message == Message(EN(silence.value, limit=4_096))


@pytest.mark.parametrize(
    ("code", "language"),
    [*((code, code) for code in PLURALS), ("uk-UA", "uk"), ("RU", "ru"), ("de", "en"), ("", "en"), (None, "en")],
)
def test_everybody_is_answered_in_their_language_or_in_english(
    dialogue: Dialogue, code: str | None, language: str
) -> None:
    words = wording(code)
    assert dialogue.reply("/ask", words).message.text == wording(language)("ask_empty")
    assert dialogue.reply("xyzzy", words).message.text.startswith(wording(language)("nothing"))
    assert wording(language)("menu_help") in dialogue.reply("/what", words).message.text
