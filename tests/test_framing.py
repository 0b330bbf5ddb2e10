"""What people say around a question is not searched."""

import pytest

from retrieval.analysis import tokens
from retrieval.framing import unframed


def asked(question: str) -> list[str]:
    return [token.word for token in unframed(question, tokens(question))]


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
    ],
)
def test_a_frame_is_left_out(question: str, left: str) -> None:
    assert asked(question) == left.split()


@pytest.mark.parametrize("question", ["I wonder", "Really?", "цікаво", "Any information?"])
def test_where_nothing_else_is_said_the_frame_is_the_question(question: str) -> None:
    assert asked(question) == [token.word for token in tokens(question)]


def test_a_question_without_words_has_none_left() -> None:
    assert asked("who is it?") == []
