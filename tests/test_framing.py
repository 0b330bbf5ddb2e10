"""What people say around a question is not searched."""

import pytest

from retrieval.analysis import tokens
from retrieval.framing import of_readers, unframed


def asked(question: str, *, has_comments: bool = False) -> list[str]:
    return [token.word for token in unframed(question, tokens(question), has_comments=has_comments)]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("I would like to know who appointed Kyzym", "appointed kyzym"),
        ("I'd like to know whether the cabinet works.", "cabinet works"),
        ("Could you please tell me why the envoy left?", "envoy left"),
        ("do you know where Kuleba met her", "kuleba met"),
        ("Can you find out when he left?", "left"),
        ("can you find Kuleba", "find kuleba"),
        ("Is it true that Luka fled?", "luka fled"),
        ("What did he actually say about Crimea, exactly?", "say crimea"),
        ("he called Belarus special, right?", "called belarus special"),
        ("Any idea who leads them?", "leads"),
        ("where dose Kyzym live", "kyzym live"),
        ("the right of asylum", "right asylum"),
        ("Хотів би дізнатися, хто призначив Кизима", "призначив кизима"),
        ("Підкажіть, будь ласка, де живе Кизим", "живе кизим"),
        ("чи правда, що Кизим утік?", "кизим утік"),
        ("Хочу узнать, кто назначил Кизима", "назначил кизима"),
        ("Правда ли, что Кизим сбежал?", "кизим сбежал"),
        ("Хацелася б даведацца, хто прызначыў Кізіма", "прызначыў кізіма"),
        ("Ці праўда, што Кізім уцёк?", "кізім уцек"),
        ("Що відомо про Кизима?", "кизима"),
        ("Что известно о Кизиме", "кизиме"),
        ("Кізім – што вядома?", "кізім"),
        ("What's the situation on the border?", "border"),
        ("Яка зараз ситуація на кордоні?", "кордоні"),
        ("Что происходит на границе?", "границе"),
        ("Якая сітуацыя на мяжы?", "мяжы"),
        ("What is said about the envoy?", "envoy"),
        ("Що пишуть про посла?", "посла"),
        ("Что написано о после?", "после"),
        ("Што сказана пра пасла?", "пасла"),
    ],
)
def test_a_frame_is_left_out(question: str, left: str) -> None:
    assert asked(question) == left.split()


@pytest.mark.parametrize("question", ["I wonder", "Really?", "цікаво", "Any information?"])
def test_where_nothing_else_is_said_the_frame_is_the_question(question: str) -> None:
    assert asked(question) == [token.word for token in tokens(question)]


def test_a_question_without_words_has_none_left() -> None:
    assert asked("who is it?") == []


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("What is Kyiv to do, according to the second comment?", "kyiv"),
        ("What does the first commenter think Kyiv wants?", "think kyiv wants"),
        ("Do any of the readers truly believe Kyiv?", "truly believe kyiv"),
        ("what is said in the comments about Kyiv", "said kyiv"),
        ("readers’ views on Kyiv", "kyiv"),
        ("Що думають читачі про Київ?", "київ"),
        ("На думку одного читача, хто переможе?", "переможе"),
        ("Комментаторы считают, что Киев прав?", "киев прав"),
        ("По мнению читателей, Киев прав?", "киев прав"),
        ("Што пішуць у каментарах пра Кіеў?", "пішуць кіеў"),
    ],
)
def test_whose_word_is_wanted_is_left_out_where_there_are_comments(question: str, left: str) -> None:
    assert of_readers(question)
    assert asked(question, has_comments=True) == left.split()
    assert len(asked(question)) > len(left.split())


@pytest.mark.parametrize(
    "question",
    [
        "Did Kuleba comment on it?",
        "in the comments of the minister",
        "How many readers does it have?",
        "comments",
        "Який коментар дав міністр?",
        "it comments, says Kuleba",
    ],
)
def test_not_every_comment_is_one_of_a_reader(question: str) -> None:
    assert of_readers(question) == []
