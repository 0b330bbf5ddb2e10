"""Words that the documents spell in another way."""

from functools import cache

import pytest

from retrieval.analysis import tokens
from retrieval.names import Names
from retrieval.vocabulary import Vocabulary


def names(*texts: str) -> Names:
    known = Vocabulary()
    for text in texts:
        known.add(text, tokens(text))
    return Names(known)


@cache
def many_names() -> Names:
    """Names among more than ten thousand words."""
    filler = " ".join(f"word{number}" for number in range(10_001))
    return names(f"In Lviv we met Kyzym at a bank of a river. {filler}")


#: The name begins no sentence: that it has a capital says something.
PEOPLE = "We met Kyzym, Tsikhanouskaya, Lukashenka, Lukashenko, Makei and Kim at the bank of a river."


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("кизима", "kyzym"),
        ("kizim", "kyzym"),
        ("тихановской", "tsikhanouskaya"),
        ("лукашэнка", "lukashenka lukashenko"),
        ("макея", "makei"),
        ("банк", "bank"),
        ("банки", "bank"),
        ("минск", ""),
        ("", ""),
        ("2024", ""),
    ],
)
def test_a_word_finds_what_sounds_like_it(word: str, found: str) -> None:
    assert names(PEOPLE).by_sound(word) == set(found.split())


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("ким", "We met Kim.", "kim"),
        ("ким", "The kim is a fish.", ""),
        ("кимом", "We met Kim.", ""),  # three letters without the ending are too few
        ("ли", "We met Li.", ""),
        ("банк", "We met Bank and a bank.", "bank"),
        ("банк", "It is Bank, and only Bank.", "bank"),
        ("банком", "It is Bank.", "bank"),
        ("банком", "It is a bank.", "bank"),
    ],
)
def test_three_letters_of_sound_are_enough_for_a_name_and_four_for_any_word(word: str, text: str, found: str) -> None:
    assert names(text).by_sound(word) == set(found.split())


@pytest.mark.parametrize(("word", "found"), [("банк", ""), ("ривер", "river"), ("кизим", "kyzym"), ("лвив", "lviv")])
def test_in_many_words_four_letters_of_sound_are_enough_for_a_name_only(word: str, found: str) -> None:
    assert many_names().by_sound(word) == set(found.split())


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("kuzym", "We met Kyzym.", "kyzym"),  # one wrong letter in five
        ("kyzmy", "We met Kyzym.", "kyzym"),  # two letters in the wrong order are one slip
        ("kuzim", "We met Kyzym.", "kyzym"),
        ("gyzym", "We met Kyzym.", ""),  # the first letter
        ("kuzam", "We met Kyzym.", ""),  # two slips in five letters
        ("kyiw", "We met Kyir.", ""),  # four letters
        ("monistor", "The minister spoke.", ""),  # two slips in eight letters
        ("dimocratec", "The democratic way.", "democrat"),  # in ten
        ("dimocretec", "The democratic way.", ""),  # three
        ("alexandrof", "With Alexandrov and Alexandrin.", "alexandrov"),  # the nearest only
        ("kyzyn", "With Kyzym and Kyzan.", "kyzym kyzan"),  # all that are as near
        ("", "With Kyzym.", ""),
        ("kuzym", "…", ""),
    ],
)
def test_a_slip_is_forgiven_where_enough_letters_are_left(word: str, text: str, found: str) -> None:
    assert names(text).by_spelling(word) == set(found.split())


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("хатил", "At the Hotel, the Hotel.", "hotel"),
        ("хатил", "At a hotel.", ""),
        ("хателами", "At a hotel.", ""),
        ("конституция", "The constitution.", "constitut"),
    ],
)
def test_a_short_cyrillic_word_may_be_a_slip_of_a_name_only(word: str, text: str, found: str) -> None:
    assert names(text).by_spelling(word) == set(found.split())
