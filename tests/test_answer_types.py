"""What a question asks for, and which sentence offers it."""

import pytest

from retrieval.answer_types import asked, counting, question_words


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("How many opponents were imprisoned?", "He imprisoned 2,000 of them.", "He imprisoned them."),
        ("how long did it last", "It lasted for seven years.", "It lasted long."),
        ("How old is he?", "He is a 47-year-old.", "He tried for 2 decades."),
        ("Скільки років йому?", "Він народився навесні.", "Їх 40."),
        ("Скільки людей?", "Їх було 40.", "Їх було багато."),
        ("Сколько стран?", "Их 27.", "Их много."),
        ("Колькі краін?", "Іх 27.", "Іх шмат."),
        ("How many troops are there?", "In 2022, 40 troops came.", "On August 9, 2022, one of them came."),
        ("What percentage fled?", "About half of them fled.", "They fled in May 1995."),
        ("what percent of the votes", "She won 56% of them.", "She won 1,000 of them in 2020."),
        ("Який відсоток голосів?", "Це більшість голосів.", "Це 1000 голосів."),
        ("Какой процент голосов?", "Это 56 процентов.", "Это 56 голосов."),
        ("Які працэнт галасоў?", "Гэта палова, больш за 50 працэнтаў.", "Гэта 56 галасоў."),
        ("Скільки студентів поїхало?", "Четверо з них.", "Двері були зачинені."),
        ("Сколько депутатов?", "Их трое.", "Сторона отказалась."),
        ("How many members are there?", "There are 40 members.", "Members get 7% off."),
        ("Скільки їх?", "Їх було чотири.", "Це було 9 серпня 2022 року."),
        ("What is the population of Minsk?", "About two million live there.", "The population is against it."),
        ("Яке населення Мінська?", "Там живе 2 мільйони.", "Населення проти."),
        ("какова цена, какая площадь", "Площадь 40 га.", "Площадь большая."),
        ("When will it be recognised?", "It will be in May.", "It may be recognised."),
        ("Коли це було?", "Це було в серпні.", "Це було в місті."),
        ("When was he removed?", "He was removed in June 2022.", "He was removed from his post."),
        ("In which month did it end?", "It ended on Feb. 2.", "It ended soon."),
        ("What day was it?", "On Tuesday, they fled.", "They fled."),
        ("Коли це було?", "Це було 1995 року.", "Це було давно."),
        ("Когда это было?", "В 2020 году.", "Давно."),
        ("Калі гэта было?", "У 2020 годзе.", "Даўно."),
        ("Коли закрили школу?", "У вівторок.", "До зими."),
        ("When does it open?", "It opens at 7:30.", "It opens early."),
        ("What is the name of the river?", "They swam in the Prypiat.", "They swam in the river."),
        ("what’s their full name", "It is called “New Home” there.", "It has a name there."),
        ("What is the river called?", "The river is the Sozh.", "Only 50 Meters: What Is Happening Along a Big River?"),
        ("How is it named?", "They named it Sozh.", "It has no name."),
        ("What is the bridge called?", "It is called Sozh.", "It is a bridge."),
        ("Как зовут собаку?", "Собаку зовут Рекс.", "Собака спит."),
        ("Як називається річка?", "Це річка Сож.", "Це річка."),
        ("Как называется река?", "Это река Сож.", "Это река."),
        ("Як завецца рака?", "Гэта рака Сож.", "Гэта рака."),
        ("who appointed Kyzym", "By the decision of the Minister, I was appointed.", "He has been appointed."),
        ("Who is Latushka?", "They met Pavel Latushka, responsible for power.", "Latushka met them."),
        ("Who is Kyzym?", "The ambassador to Belarus, Ihor Kyzym, wrote.", "Therefore, the friends saw Kyzym."),
        ("who was Kuleba", "The ruler Kuleba slept.", "Slowly, the people of Kuleba woke."),
        ("Who is Denys?", "They see Denys Koval as “the head of it all”.", "They see Denys as often as they can."),
        ("Who is Denys Koval?", "They met the king’s brother, Denys Koval.", "They met a brother, Denys Koval."),
        ("Who is Emily?", "They saw the leader of the whole big opposition, Emily.", "The opposition saw Emily."),
        ("Who is Denys?", "They saw Denys, the head of the archive.", "Leaders, who slept, saw Denys."),
        ("Who is Emily?", "They saw Emily, a judge.", "Oddly, a few saw Emily."),
        ("Who is Emily?", "They saw the physicist Emily.", "They saw a different Emily after Prague, or under Prague."),
        ("Who is Emily?", "Emily (1815 to 1890) was a painter.", "Emily (a painter in Prague) was late."),
        ("Who is Emily?", "Emily was elected mayor.", "Emily was asked by them."),
        ("Хто така Марія?", "Марія була обрана головою.", "Марія була тут."),
        ("Who is Emily?", "Mayor Emily was late.", "Peter Emily was late."),
        ("Who is Emily?", "Emily, wife of the mayor, was late.", "Emily, late and of age, was there."),
        ("Who is Emily?", "Emily Smith, 47, lives there.", "Emily Smith, alone, lives there."),
        ("Who is Emily?", "Emily became a judge.", "Emily became late."),
        ("Who is Emily?", "They saw Gen. Emily.", "The UN saw Emily."),
        ("Who is she?", "They saw Sviatlana, the leader.", "Belarusians, who are many, saw her."),
        ("Хто така Марія?", "Приїхала лідерка опозиції Марія.", "Приїхала Марія."),
        ("Кто такая Анна?", "Директор музея Анна рассказала об этом.", "После Анны рассказала Мария."),
        ("Хто такий Ігор?", "Губернатор Ігор відкрив школу.", "Ігор відкрив школу."),
        ("Кто такая Мария?", "Мария – врач.", "Мария уехала."),
        ("Хто такая Марыя?", "Прыехала Марыя, былы пасол.", "Прыехала Марыя."),
        ("хто такий Кулеба", "A decision by Minister Kuleba.", "Kuleba made a decision."),
        ("By whom was he removed?", "He was removed by Zelensky.", "He was removed by mistake."),
        ("Хто призначив посла?", "Appointed by Kuleba.", "He was appointed."),
        ("Кем назначен посол?", "By decision of Kuleba.", "He was appointed."),
        ("Кім прызначаны?", "It was a decision by Kuleba.", "It was a decision."),
        ("Where does she live?", "She resides in Vilnius.", "She resides abroad."),
        ("Where is it?", "It is in Minsk.", "It was there in June, and in August."),
        ("What country is it?", "They fled to the Netherlands.", "They fled to the forest."),
        ("Де вона?", "She is in Vilnius.", "She is here."),
        ("Дзе яна?", "She is near Minsk.", "She is here."),
        ("Де вона живе?", "Вона живе у Вільнюсі.", "Вона живе у лісі."),
        ("Где это?", "Это возле Минска.", "Это возле леса."),
        ("Де Буча?", "Буча розташована під Києвом.", "Буча розташована під лісом."),
        ("Где Красное?", "Село расположено в Липецке.", "Село расположено в лесу."),
        ("Why is this bad?", "Because they have no one else.", "They have no one else."),
        ("Чому?", "It was due to the war.", "It was the war."),
        ("Почему?", "The reason is simple.", "It is simple."),
        ("Чаму?", "They fled, since it was late.", "They have been there since 2020."),
        ("Чому вони втекли?", "Бо була війна.", "Була війна."),
        ("Почему?", "Из-за войны.", "Во время войны."),
        ("Чаму?", "Прычына – вайна.", "Гэта вайна."),
    ],
)
def test_a_question_knows_its_answer_when_it_sees_it(question: str, answer: str, other: str) -> None:
    kind = asked(question)

    assert kind is not None
    assert kind.is_offered(answer)
    assert not kind.is_offered(other)


@pytest.mark.parametrize(
    "question",
    ["Kyzym", "tell me about the Lublin triangle", "whole wherever", "", "de facto", "who has been appointed"],
)
def test_any_sentence_answers_a_question_that_asks_for_nothing_special(question: str) -> None:
    assert asked(question) is None


def test_the_first_kind_that_a_question_names_counts() -> None:
    assert asked("How many people fled when it began?") is asked("how many")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What did they agree on when they met?", None),
        ("Waht is the plan for the day when the river rises?", None),
        ("Which of them fled, and why?", None),
        ("Якою була погода, коли вони втекли?", None),
        ("Who fled when it began?", "who"),
        ("kyzym born when", "when"),
        ("whne did they flee", "when"),
        ("hwo fled", "who"),
    ],
)
def test_the_first_question_word_says_what_is_asked_for(question: str, first: str | None) -> None:
    assert asked(question) is (asked(first) if first else None)


@pytest.mark.parametrize(
    ("question", "is_needed"),
    [
        ("how many fled", True),
        ("what % fled", True),
        ("what’s the name", True),
        ("when did they flee", True),
        ("who fled", False),
        ("where", False),
        ("why", False),
    ],
)
def test_a_number_and_a_date_cannot_be_missing_in_an_answer(question: str, is_needed: bool) -> None:  # noqa: FBT001
    kind = asked(question)

    assert kind is not None
    assert kind.is_needed is is_needed


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("How many votes did she get?", "votes did she get?"),
        ("и сколько голосов?", "голосов?"),
        ("how much is it", None),
        ("how many?", None),
        ("When did how many people flee?", None),
        ("How old are how many of them?", None),
    ],
)
def test_what_is_counted_stands_behind_how_many(question: str, things: str | None) -> None:
    at = counting(question, asked(question))

    assert (at if at is None else question[at:]) == things


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("In which country do how many people live?", ["which country", "which", "how many", "how"]),
        ("What year was it?", ["What year", "What"]),
        ("the country of many", []),
        ("What is the population of Minsk?", ["What", "What"]),
    ],
)
def test_the_words_that_only_say_what_is_wanted_are_known(question: str, words: list[str]) -> None:
    assert [question[span.start : span.end] for span, _ in question_words(question)] == words


@pytest.mark.parametrize(
    "paragraph",
    [
        "Kyiv’s main claim was her position.",
        "The only reason for it is the war.",
        "This was mainly because of the war.",
        "Her reason: the war.",
        "That is why they left.",
        "Головна причина – війна.",
        "Это было потому, что шла война.",
        "Гэта таму, што ішла вайна.",
    ],
)
def test_a_paragraph_that_begins_with_the_reason_answers_for_the_one_above(paragraph: str) -> None:
    why, who = asked("why"), asked("who")

    assert why is not None
    assert who is not None
    assert why.answers_above(f"They left. {paragraph}", len("They left. "))
    assert not who.answers_above(paragraph, 0)


@pytest.mark.parametrize(
    "paragraph",
    [
        "They claim that it was late.",
        "The insurance claim is worth a million.",
        "The playing ground was closed.",
        "Because the winter was cold, birds flew south.",
        "No reason was given.",
        "Он причинил неудобства.",
        "Причин для паніки немає.",
        "Аргументи сторін суд вислухає у травні.",
        "It was late, and the reason was the war.",
        "Це була війна.",
    ],
)
def test_a_paragraph_that_only_speaks_of_reasons_does_not(paragraph: str) -> None:
    why = asked("why")

    assert why is not None
    assert not why.answers_above(paragraph, 0)
