"""What is known of each language: which words carry a question, and how people greet and thank."""

import pytest

from retrieval.analysis import terms, words
from retrieval.index import Index
from retrieval.languages import COURTESIES, LANGUAGES, PLEASANTRIES, STOP_WORDS, Language, likely
from retrieval.types import Silence, Verdict
from tests.folders import document

GREETINGS = [
    *("Hello!", "hi", "HEY there", "Good morning, bot!", "👋 Hello", "Good day"),
    *("Привіт!", "Добрий день", "Вітаю, боте", "Доброго ранку", "Здрастуйте"),
    *("Привет", "Здравствуйте!", "Доброе утро", "Добрый вечер", "Доброго дня"),
    *("Прывітанне!", "Добры дзень", "Добрай раніцы", "Дзень добры", "Здароў"),
]
THANKS = [
    *("Thanks!", "Thank you so much for your help", "thx", "Cheers", "Hello, thank you!"),
    *("Дякую", "Дуже дякую за відповідь!", "Щиро дякую", "Спасибі вам", "Привіт! Дякую!"),
    *("Спасибо", "Большое спасибо за помощь", "Благодарю вас"),
    *("Дзякуй!", "Вялікі дзякуй за адказ", "Шчыра дзякую"),
]
#: It holds the words of every such message, so that a message taken for a question finds something.
INDEX = Index([document("\n\n".join(f"{message} So it is." for message in GREETINGS + THANKS))])

each_language = pytest.mark.parametrize("language", LANGUAGES, ids=[language.code for language in LANGUAGES])


def test_the_search_knows_four_languages() -> None:
    assert [language.code for language in LANGUAGES] == ["en", "uk", "ru", "be"]


@each_language
def test_a_function_word_carries_no_question(language: Language) -> None:
    assert {word: terms(word) for word in language.stop_words if terms(word)} == {}


@each_language
def test_greetings_thanks_and_courtesies_are_listed_as_a_message_is_read(language: Language) -> None:
    listed = language.greetings | language.thanks | language.courtesies

    assert {word for word in listed if list(words(word)) != [word]} == set()
    assert language.greetings
    assert language.thanks


@pytest.mark.parametrize(
    "word",
    [
        "announce",
        "interest",
        "help",
        "important",
        "information",
        "us policy",
        "Росія",
        "влада",
        "война",
        "мова",
        "улада",
    ],
)
def test_a_word_that_may_be_asked_about_is_no_function_word(word: str) -> None:
    assert terms(word)


@pytest.mark.parametrize(
    "question",
    [
        "what is it about?",
        "Tell me, please, who are they?",
        "Хто це такий?",
        "Расскажи, кто это?",
        "Раскажы, хто ён?",
        "О чём это?",
    ],
)
def test_a_question_of_function_words_alone_asks_for_nothing(question: str) -> None:
    assert terms(question) == []


def test_no_word_is_both_a_greeting_and_thanks() -> None:
    assert not PLEASANTRIES[Silence.GREETING] & PLEASANTRIES[Silence.THANKS]
    assert not (PLEASANTRIES[Silence.GREETING] | PLEASANTRIES[Silence.THANKS]) & (COURTESIES | STOP_WORDS)


@pytest.mark.parametrize("message", GREETINGS)
def test_a_greeting_is_no_question(message: str) -> None:
    answer = INDEX.ask(message)

    assert (answer.verdict, answer.silence, answer.citations) == (Verdict.NOTHING, Silence.GREETING, ())


@pytest.mark.parametrize("message", THANKS)
def test_thanks_are_no_question_with_or_without_a_greeting(message: str) -> None:
    answer = INDEX.ask(message)

    assert (answer.verdict, answer.silence, answer.citations) == (Verdict.NOTHING, Silence.THANKS, ())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("її перемовини", [["uk"], ["ru"], ["be"]]),
        ("выборы и мир", [["ru"], ["uk", "be"]]),
        ("ўрад мае быць", [["be"], ["ru"], ["uk"]]),
        ("де вона", [["uk", "ru", "be"]]),
        ("Kyzym", [["uk", "ru", "be"]]),
    ],
)
def test_the_letters_of_a_text_tell_in_which_language_it_may_be(text: str, codes: list[list[str]]) -> None:
    assert likely(text) == codes
