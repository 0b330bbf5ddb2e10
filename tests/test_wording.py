"""What the bot says: the same things in four languages, each of them said somewhere, numbers in their right forms."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot.commands import COMMANDS
from bot.wording import PLURALS, Wording, wording
from retrieval.types import QUOTABLE, Kind, Silence
from tests import tdlib

BOT = Path(bot.__file__).parent
SOURCE = [node for path in sorted(BOT.rglob("*.py")) for node in ast.walk(ast.parse(path.read_text("utf-8")))]
IN_QUOTES = {node.value for node in SOURCE if isinstance(node, ast.Constant) and isinstance(node.value, str)}
#: What is worded by the name of its value.
BY_NAME = {silence.value for silence in Silence} - {Silence.UNSAID.value} | {
    kind.value for kind in QUOTABLE if kind is not Kind.TEXT
}
NUMBERS = (0, 1, 2, 5, 11, 12, 14, 21, 22, 25, 101, 111, 112, 1_000)
ENGLISH_FORMS = dict.fromkeys(NUMBERS, "other") | {1: "one"}
SLAVIC_FORMS = dict.fromkeys(NUMBERS, "many") | dict.fromkeys((1, 21, 101), "one") | dict.fromkeys((2, 22), "few")
FORMS = {"en": {"one", "other"}} | {language: {"one", "few", "many", "other"} for language in ("uk", "ru", "be")}
LETTERS = {"uk": "їє", "be": "ўі", "ru": "ыэ"}  #: some that tell the language from its neighbours
FOREIGN = {"uk": "ыэўъё", "be": "ищъїєґ", "ru": "іїєґў"}  #: letters that it does not have


def said() -> set[str]:
    """The keys that the source asks for: in calls such as wording("related") or wording.count("documents", 2)."""
    calls = [node for node in SOURCE if isinstance(node, ast.Call) and node.args]
    keys = [call.args[0] for call in calls if re.search(r"\b(wording|words|wording_of)\b", ast.unparse(call.func))]
    return {str(key.value) for key in keys if isinstance(key, ast.Constant) and key.value is not None}


def texts(language: str) -> list[str]:
    """All that is said in a language, forms one by one."""
    return [
        text
        for entry in wording(language).texts.values()
        for text in (entry.values() if isinstance(entry, dict) else [entry])
    ]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_there_is_a_file_for_every_language_and_none_besides() -> None:
    assert {path.stem for path in BOT.glob("wording/*.toml")} == set(PLURALS) == set(FORMS)


@pytest.mark.parametrize("language", PLURALS)
def test_every_language_says_the_same_things_with_the_same_values(language: str) -> None:
    english, other = wording("en").texts, wording(language).texts
    assert list(other) == list(english)
    for key, text in english.items():
        translated = other[key]
        if isinstance(text, str):
            assert isinstance(translated, str), key
            assert placeholders(translated) == placeholders(text), key
        else:
            assert isinstance(translated, dict), key
            assert set(translated) == FORMS[language], key
            assert {name for form in translated.values() for name in placeholders(form)} == {"number"}, key


def test_every_key_is_said_somewhere() -> None:
    assert set(wording("en").texts) - IN_QUOTES - BY_NAME == set()


def test_everything_that_is_said_has_a_key() -> None:
    assert {"related", "failure", "documents", "passages", "unknown_command", "own_name", "days"} <= said()
    assert said() | BY_NAME | {command.menu for command in COMMANDS} <= set(wording("en").texts)


@pytest.mark.parametrize("language", PLURALS)
def test_every_text_is_as_telegram_shows_it(language: str) -> None:
    for text in texts(language):
        assert tdlib.sent(text.strip()) == (text.strip(), [])


@pytest.mark.parametrize("language", FOREIGN)
def test_every_text_is_in_its_own_language(language: str) -> None:
    spoken = re.sub(r"\{\w+\}|/\w+", "", " ".join(texts(language))).casefold()
    assert set(LETTERS[language]) <= set(spoken)
    assert set(spoken) & set(FOREIGN[language]) == set()
    assert re.search("[a-z]", spoken) is None


@pytest.mark.parametrize(
    ("language", "forms"), [("en", ENGLISH_FORMS), *((x, SLAVIC_FORMS) for x in ("uk", "ru", "be"))]
)
def test_numbers_take_the_form_that_the_language_wants(language: str, forms: dict[int, str]) -> None:
    assert {number: PLURALS[language](number) for number in NUMBERS} == forms


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        ("en", ["0 passages", "1 passage", "2 passages", "5 passages", "21 passages", "1\u00a0000 passages"]),
        ("uk", ["0 уривків", "1 уривок", "2 уривки", "5 уривків", "21 уривок", "1\u00a0000 уривків"]),
        ("ru", ["0 отрывков", "1 отрывок", "2 отрывка", "5 отрывков", "21 отрывок", "1\u00a0000 отрывков"]),
        ("be", ["0 урыўкаў", "1 урывак", "2 урыўкі", "5 урыўкаў", "21 урывак", "1\u00a0000 урыўкаў"]),
    ],
)
def test_a_number_stands_with_its_noun(language: str, counted: list[str]) -> None:
    assert [wording(language).count("passages", number) for number in (0, 1, 2, 5, 21, 1_000)] == counted


def test_a_value_is_put_in_as_it_is() -> None:
    assert Wording("en")("unknown_command", command="{limit} {0} %s") == "I do not know {limit} {0} %s."


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda words: words("documents"), TypeError),
        (lambda words: words.count("related", 2), TypeError),
        (lambda words: words("no such key"), KeyError),
        (lambda words: words("paragraph"), KeyError),
    ],
)
def test_a_wrong_use_fails_at_once(ask: object, error: type[Exception]) -> None:
    assert callable(ask)
    with pytest.raises(error):
        ask(wording("en"))
