"""Example questions: drawn from the documents, in the person's language, and every one of them answered."""

from collections.abc import Mapping

import pytest

from bot.examples import Examples
from bot.wording import PLURALS, wording
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Answer, Verdict
from tests.folders import SEEDS, read

EN, UK = wording("en"), wording("uk")


class CountingIndex(Index):
    """An index that counts what it is asked."""

    asked = 0

    def ask(self, question: str, limit: int = 3) -> Answer:
        self.asked += 1
        return super().ask(question, limit)


def examples(files: Mapping[str, str]) -> Examples:
    return Examples(Index(read(files).documents))


@pytest.mark.parametrize("language", PLURALS)
def test_the_documents_answer_every_example(index: Index, language: str) -> None:
    questions = Examples(index).questions(wording(language))
    assert len(set(questions)) == 3
    assert {index.ask(question).verdict for question in questions} == {Verdict.ANSWERED}


def test_the_two_documents_offer_a_heading_that_asks_and_the_people_they_name(index: Index) -> None:
    assert Examples(index).questions(EN) == (
        "What is the Belarusian government in exile?",
        "What is known about Sviatlana Tsikhanouskaya?",
        "What is known about Ihor Kyzym?",
    )


def test_a_heading_is_offered_in_its_own_script_only(index: Index) -> None:
    assert Examples(index).questions(UK)[:2] == ("Sviatlana Tsikhanouskaya – що відомо?", "Ihor Kyzym – що відомо?")
    cyrillic = examples({"a.md": "# Хто такий Ігор Кизим?\n\nІгор Кизим – український посол у Мінську.\n"})
    assert cyrillic.questions(UK)[0] == "Хто такий Ігор Кизим?"
    assert "Хто такий Ігор Кизим?" not in cyrillic.questions(EN)


def test_each_document_offers_one_heading() -> None:
    files = {
        f"{name}.md": f"# Who is {name}?\n\n{name} is an ambassador.\n\n# Where does {name} live?\n\nIn Minsk.\n"
        for name in ("Kyzym", "Kuleba", "Latushka", "Zelensky")
    }
    questions = examples({"0.md": "# Is it so, Minsk?\n\nIt is so in Minsk.\n", **files}).questions(EN)
    assert questions[1:] == ("Who is Kuleba?", "Who is Kyzym?")


def test_a_heading_that_names_nothing_or_is_long_is_not_offered() -> None:
    long = f"Why should {'Ukraine and ' * 5}Belarus establish relations?"
    text = f"# How should this happen?\n\nIt should happen.\n\n# {long}\n\nThey should establish relations.\n"
    assert examples({"a.md": text}).questions(EN) == ()


def test_words_that_also_stand_in_small_letters_are_no_names() -> None:
    text = "We saw Foreign Affairs. He met Foreign Affairs. These are foreign affairs. She met Ihor Kyzym there.\n"
    assert examples({"a.txt": text}).questions(EN) == ("What is known about Ihor Kyzym?",)


def test_names_that_share_a_word_are_offered_once_and_long_ones_never() -> None:
    text = f"We saw Ihor Kyzym. He met Ihor Kyzym in Minsk. They wrote to Kyzym, and to {'X' + 'y' * 60} too.\n"
    questions = examples({"a.txt": text}).questions(EN)
    assert questions == ("What is known about Ihor Kyzym?", "What is known about Minsk?")


@pytest.mark.parametrize("text", ["", "no capital anywhere in here\n", "Only at the start.\n", "x " * 9_000])
def test_documents_without_names_offer_nothing(text: str) -> None:
    assert examples({"a.txt": text, "b.txt": "one more sentence.\n"}).questions(EN) == ()


def test_the_same_folder_offers_the_same(index: Index) -> None:
    again = Index(read_folder(SEEDS).documents)
    assert Examples(again).buttons(EN) == Examples(index).buttons(EN)


def test_they_are_found_once() -> None:
    index = CountingIndex(read_folder(SEEDS).documents)
    found = Examples(index)
    assert index.asked == 0
    first = [found.questions(EN), found.questions(UK)]
    asked = index.asked
    assert [found.questions(EN), found.questions(UK)] == first
    assert (index.asked, asked <= 18) == (asked, True)


def test_a_folder_of_thousands_of_names_costs_a_few_questions() -> None:
    text = "\n\n".join(f"There lives Anna{number} today." for number in range(4_000))
    index = CountingIndex(read({"a.txt": text}).documents)
    Examples(index).questions(EN)
    assert index.asked <= 9


@pytest.mark.parametrize("language", PLURALS)
def test_a_button_leads_to_its_question_and_fits(index: Index, language: str) -> None:
    found = Examples(index)
    for (button,), question in zip(found.buttons(wording(language)), found.questions(wording(language)), strict=True):
        kind, *arguments = button.data.split(":")
        assert (kind, found.behind(*arguments), button.label) == ("ask", question, question)
        assert len(button.data.encode()) <= 64
        assert len(button.label) <= 60


@pytest.mark.parametrize("arguments", [("en", ""), ("en", "0" * 12), ("xx", "0" * 12), ("", ""), ("uk", "{}")])
def test_a_button_of_other_documents_leads_nowhere(index: Index, arguments: tuple[str, str]) -> None:
    assert Examples(index).behind(*arguments) is None


def test_a_question_of_another_language_is_not_mistaken(index: Index) -> None:
    found = Examples(index)
    ((button,), *_) = found.buttons(UK)
    assert found.behind("en", button.data.rpartition(":")[2]) is None
