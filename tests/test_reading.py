"""The ladder on which a word of a question is understood, rung by rung."""

import pytest
from hypothesis import given

from retrieval.analysis import terms, tokens
from retrieval.reading import WEIGHTS, Reader, Reading, Rung
from retrieval.thesaurus import relatives
from retrieval.vocabulary import Vocabulary
from tests.folders import QUESTIONS

TEXT = """
    Today Ihor Kyzym met Tsikhanouskaya in Vilnius. The ambassador of Ukraine spoke of Lukashenko and of the
    sanctions against the Lukashenka regime of Belarus. He resides in Kyiv, in a hostel, and keeps a hippopotamus.
"""


def reader(text: str = TEXT) -> Reader:
    known = Vocabulary()
    known.add(text, tokens(text))
    return Reader(known)


def read(word: str, text: str = TEXT) -> Reading:
    (token,) = tokens(word)
    return reader(text).read(token)


@pytest.mark.parametrize(
    ("word", "rung", "meanings"),
    [
        ("Kyzym", Rung.EXACT, "kyzym"),
        ("sanction", Rung.EXACT, "sanction"),
        ("Вільнюсі", Rung.TABLE, "vilnius"),
        ("Киеве", Rung.TABLE, "kyiv"),
        ("Kiev", Rung.TABLE, "kyiv"),
        ("Беларуси", Rung.TABLE, "belarus"),
        ("Варшаве", Rung.ABSENT, ""),  # a table knows it, the documents do not: nothing else is tried
        ("embassy", Rung.RELATED, "ambassador"),
        ("live", Rung.RELATED, "resid"),
        ("embasy", Rung.RELATED, "ambassador"),  # a slip away from a word that the documents have only relatives of
        ("embasys", Rung.RELATED, "ambassador"),
        ("hotel", Rung.ABSENT, ""),  # English: it means itself, though "hostel" is a slip away
        ("Кизима", Rung.SOUND, "kyzym"),
        ("Kizim", Rung.SOUND, "kyzym"),
        ("Тихановской", Rung.SOUND, "tsikhanouskaya"),
        ("Лукашэнку", Rung.SOUND, "lukashenka lukashenko"),
        ("sanktions", Rung.SOUND, "sanction"),
        ("Kuzym", Rung.SPELLING, "kyzym"),
        ("ambassdor", Rung.SPELLING, "ambassador"),
        ("гиппопотамис", Rung.SPELLING, "hippopotamus"),
        ("Kyzmy", Rung.SPELLING, "kyzym"),
        ("hippopotamsu", Rung.SPELLING, "hippopotamus"),
        ("посольство", Rung.RELATED, "ambassador"),  # the table knows it, the documents have its relatives only
        ("xyzzy", Rung.NONE, ""),
        ("шкарпетка", Rung.NONE, ""),
        ("2024", Rung.NONE, ""),
    ],
)
def test_the_first_rung_that_answers_wins(word: str, rung: Rung, meanings: str) -> None:
    found = read(word)
    assert (found.rung, list(found.meanings)) == (rung, meanings.split())
    assert set(found.meanings.values()) <= {WEIGHTS.get(rung, 0.0)}


def test_the_guard_of_english_words_is_what_keeps_hotel_and_hostel_apart() -> None:
    assert read("hoctel").rung is Rung.SPELLING


def test_one_word_of_another_language_stands_for_what_its_english_phrase_does() -> None:
    found = read("політв'язнів", "He imprisoned the political opponents of the king.")
    assert (found.rung, set(found.meanings)) == (Rung.TABLE, set(terms("political imprisoned opponents")))


def test_a_slip_is_looked_for_without_its_ending_too() -> None:
    assert list(read("prisonrs", "He was imprisoned.").meanings) == ["imprison"]


def test_a_word_with_a_capital_is_no_slip_of_a_common_word() -> None:
    known = reader("The winner arrived.")

    def rung(question: str) -> Rung:
        return known.readings(tokens(question), question)[0].rung

    assert rung("did Victer arrive") is Rung.NONE
    assert rung("did victer arrive") is Rung.RELATED


def test_an_english_word_without_relatives_in_the_documents_is_not_understood() -> None:
    assert relatives()[terms("embassy")[0]]
    assert read("embassy", "The river is deep.").rung is Rung.ABSENT


def test_an_english_word_that_is_a_name_with_two_letters_exchanged_is_that_name() -> None:
    assert read("minks", "We met in Minsk.").rung is Rung.SPELLING
    assert read("minks", "We met in minsk.").rung is Rung.ABSENT


def test_a_slip_in_an_inflected_word_is_measured_against_its_stem() -> None:
    assert list(read("imprision", "He was imprisoned.").meanings) == ["imprison"]


def test_a_phrase_is_read_as_the_words_that_it_stands_for() -> None:
    known = reader("They were imprisoned. The bar is open.")
    behind, bars = known.readings(tokens("who is behind bars"), "who is behind bars")

    assert (behind.rung, list(behind.meanings)) == (Rung.RELATED, ["imprison"])
    assert (bars.rung, bars.meanings) == (Rung.EXACT, {"bar": 1.0})
    assert bars.related["imprison"] == WEIGHTS[Rung.RELATED]
    assert known.readings(tokens("who sat before bars"), "who sat before bars")[-1].related == {}


def test_a_word_of_a_phrase_counts_a_little_for_what_it_says_alone() -> None:
    recalled, _ = reader("Diplomatic ties were cut, the envoy removed.").readings(
        tokens("recalled the ambassador"), "recalled the ambassador"
    )
    assert list(recalled.meanings) == ["diplomat"]
    assert 0 < recalled.related["remov"] < WEIGHTS[Rung.RELATED]


def test_a_word_is_read_in_the_language_of_its_question() -> None:
    known = reader("The elections in Vilnius were free.")

    assert list(known.readings(tokens("вільні вибори її"), "вільні вибори її")[0].meanings) == ["free"]
    assert list(known.readings(tokens("сустрэўся ў Вільні"), "сустрэўся ў Вільні")[-1].meanings) == ["vilnius"]


def test_related_words_count_a_little_beside_a_translation() -> None:
    found = read("диктатор", "The dictator is a despot.")

    assert list(found.meanings) == ["dictat", "despot"]
    assert read("критикує", "They criticize and accuse.").related.keys() == {"accus"}


def test_a_word_that_is_not_understood_weighs_nothing() -> None:
    assert read("xyzzy").weights == {}


def test_related_words_of_the_documents_count_a_little_beside_a_word_that_they_have() -> None:
    found = read("live", "They live where the embassy is, an envoy resides there.")

    assert found.meanings == {"live": 1.0}
    assert list(found.related) == ["resid"]
    assert 0 < found.related["resid"] < WEIGHTS[Rung.RELATED]
    assert read("live", "They live there.").related == {}


def test_another_spelling_of_a_name_in_the_same_documents_counts() -> None:
    found = read("Lukashenko")

    assert found.meanings == {"lukashenko": 1.0}
    assert found.weights == {"lukashenka": WEIGHTS[Rung.SOUND], "lukashenko": 1.0}


def test_a_word_that_is_no_name_has_no_other_spellings() -> None:
    text = "The kalina and the Kalyna, the kalina."
    assert read("kalina", text).weights == {"kalina": 1.0}
    assert read("kalyna", text).weights == {"kalyna": 1.0}  # its twin is no name


@given(QUESTIONS)
def test_every_word_is_read_the_same_every_time_with_weights_from_nought_to_one(question: str) -> None:
    one, other = reader(), reader()
    for token in tokens(question):
        found = one.read(token)

        assert list(found.weights.items()) == list(other.read(token).weights.items())
        assert all(0 < weight <= 1 for weight in found.weights.values())
        assert bool(found.meanings) is (found.rung not in {Rung.NONE, Rung.ABSENT})
        assert not found.related or found.rung in {Rung.EXACT, Rung.TABLE}
