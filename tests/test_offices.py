"""Who holds which office in the documents."""

import pytest
from hypothesis import given

from retrieval.analysis import terms, tokens
from retrieval.offices import Offices
from retrieval.reading import Reader
from retrieval.vocabulary import Vocabulary
from tests.folders import QUESTIONS, quotes


def offices(*passages: str) -> Offices:
    found = Offices()
    for text in passages:
        found.add(text, tokens(text))
    return found


@pytest.mark.parametrize(
    ("text", "office", "holder"),
    [
        ("This was decided by FM Dmytro Kuleba.", "FM", "Kuleba"),
        ("Opposition leader Sviatlana Tsikhanouskaya spoke.", "leader", "Tsikhanouskaya"),
        ("The leader of the Belarusian opposition, Sviatlana Tsikhanouskaya, spoke.", "leader", "Tsikhanouskaya"),
        ("They oppose the despot in Minsk, Russia’s vassal, Aleksandr Lukashenko.", "despot", "Lukashenko"),
        ("Then Olaf Scholz, the former German chancellor, spoke.", "chancellor", "Scholz"),
        ("They called President-elect Tsikhanouskaya.", "president", "Tsikhanouskaya"),
        ("Приїхав президент України Володимир Зеленський.", "президент", "Зеленський"),
        ("Говорила лідерка білоруської опозиції Світлана Тихановська.", "лідерка", "Тихановська"),
    ],
)
def test_an_office_is_held_by_whoever_is_named_beside_it(text: str, office: str, holder: str) -> None:
    (term,) = terms(office)
    assert offices(text).holders(term, set()) == terms(holder)


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("The minister spoke. Kyzym left.", "minister"),
        ("The minister, they say, left Kyzym.", "minister"),
        ("Angela Merkel, who met the president, spoke.", "president"),
        ("It was welcomed by official Kyiv.", "official"),  # the tables have it, and no family
        ("There is the Prosecutor’s Office of Crimea.", "prosecutor"),
        ("The movement of Ihor Kyzym spoke.", "movement"),
        ("", "minister"),
    ],
)
def test_a_name_that_stands_apart_holds_no_office(text: str, office: str) -> None:
    (term,) = terms(office)
    assert offices(text).holders(term, set()) == []


def test_the_words_around_it_tell_one_holder_from_another() -> None:
    found = offices(
        "Foreign minister Dmytro Kuleba spoke.", "Defence minister Rustem Umerov and minister Oleh Kiper left."
    )
    (minister,) = terms("minister")

    assert found.holders(minister, set(terms("the foreign policy"))) == terms("Kuleba")
    assert found.holders(minister, set(terms("the defence of Kyiv"))) == terms("Umerov")
    assert found.holders(minister, set()) == []


def test_an_office_that_many_hold_alike_is_nobodys() -> None:
    names = ("Kuleba", "Umerov", "Kiper", "Kyzym")
    found = offices(*(f"Former minister Ihor {name} spoke." for name in names))

    assert found.holders("minist", {"former"}) == []


def read(question: str, text: str) -> dict[str, set[str]]:
    known, held = Vocabulary(), offices(text)
    known.add(text, tokens(text))
    return {found.token.word: set(found.related) for found in Reader(known, held).readings(tokens(question), question)}


def test_a_word_for_an_office_counts_a_little_for_its_holder() -> None:
    text = "They met the ambassador to Belarus, Ihor Kyzym, in Vilnius. Then Kyzim left."

    assert {"kyzym", "kyzim"} <= read("what did the ambassador say", text)["ambassador"]
    assert "kyzym" in read("what did the envoy say", text)["envoy"]
    assert "kyzym" not in read("what did the minister say", text)["minister"]


def test_who_is_asked_for_by_office_is_found_by_name() -> None:
    text = (
        "The ambassador to Belarus, Ihor Kyzym, lives in Kyiv.\n\nRain fell on the ambassador’s roof.\n\n"
        "The mayor resigned in May.\n\nKyzym resigned in June.\n"
    )
    assert quotes("when did the ambassador resign", text)[0].quote.startswith("Kyzym resigned")


@given(QUESTIONS)
def test_a_holder_is_named_in_the_text(text: str) -> None:
    found = offices(text)
    assert all(set(found.holders(term, set())) <= set(terms(text)) for term in terms(text))
