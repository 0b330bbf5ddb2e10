"""What a question asks for, and which sentence offers it."""

import pytest

from retrieval.answer_types import asked


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("How many opponents were imprisoned?", "He imprisoned 2,000 of them.", "He imprisoned them."),
        ("how long did it last", "It lasted for seven years.", "It lasted for years."),
        ("Скільки людей?", "Їх було 40.", "Їх було багато."),
        ("Сколько стран?", "Их 27.", "Их много."),
        ("Колькі краін?", "Іх 27.", "Іх шмат."),
        ("When was he removed?", "He was removed in June 2022.", "He was removed from his post."),
        ("In which month did it end?", "It ended on Feb. 2.", "It ended soon."),
        ("What day was it?", "On Tuesday, they fled.", "They fled."),
        ("Коли це було?", "Це було 1995 року.", "Це було давно."),
        ("Когда это было?", "В 2020 году.", "Давно."),
        ("Калі гэта было?", "У 2020 годзе.", "Даўно."),
        ("who appointed Kyzym", "By the decision of the Minister, I was appointed.", "He has been appointed."),
        ("By whom was he removed?", "He was removed by Zelensky.", "He was removed by mistake."),
        ("Хто призначив посла?", "Appointed by Kuleba.", "He was appointed."),
        ("Кем назначен посол?", "By decision of Kuleba.", "He was appointed."),
        ("Кім прызначаны?", "It was a decision by Kuleba.", "It was a decision."),
        ("Where does she live?", "She resides in Vilnius.", "She resides abroad."),
        ("What country is it?", "They fled to the Netherlands.", "They fled to the forest."),
        ("Де вона?", "She is in Vilnius.", "She is here."),
        ("Дзе яна?", "She is near Minsk.", "She is here."),
        ("Why is this bad?", "Because they have no one else.", "They have no one else."),
        ("Чому?", "It was due to the war.", "It was the war."),
        ("Почему?", "The reason is simple.", "It is simple."),
        ("Чаму?", "They fled since it was late.", "They fled."),
    ],
)
def test_a_question_knows_its_answer_when_it_sees_it(question: str, answer: str, other: str) -> None:
    kind = asked(question)

    assert kind is not None
    assert kind.search(answer)
    assert not kind.search(other)


@pytest.mark.parametrize("question", ["Kyzym", "tell me about the Lublin triangle", "whole wherever", "", "de facto"])
def test_any_sentence_answers_a_question_that_asks_for_nothing_special(question: str) -> None:
    assert asked(question) is None


def test_the_first_kind_that_a_question_names_counts() -> None:
    assert asked("How many people fled when it began?") is asked("how many")
