"""The documents' own words, which of them are names, and how each is written."""

from retrieval.analysis import terms, tokens
from retrieval.vocabulary import Vocabulary


def vocabulary(*texts: str) -> Vocabulary:
    known = Vocabulary()
    for text in texts:
        known.add(text, tokens(text))
    return known


def test_a_term_stands_for_the_words_of_the_documents_the_most_frequent_first() -> None:
    known = vocabulary("His appointment. APPOINTED by the US!", "Appointment, appoints: the U.S. role")

    assert known.words("appoint") == ("appointment", "appointed", "appoints")
    assert known.words(terms("the US")[0]) == ("u.s",)
    assert "appoint" in known
    assert len(known) == 3


def test_an_unknown_term_stands_for_nothing() -> None:
    known = vocabulary("Minsk")

    assert known.words("kyzym") == ()
    assert "kyzym" not in known
    assert not known.is_name("kyzym")


def test_all_words_are_told_with_their_terms() -> None:
    assert sorted(vocabulary("Kyzym’s cities. A city!")) == [("cities", "citi"), ("city", "citi"), ("kyzym", "kyzym")]


def test_a_name_has_a_capital_wherever_it_stands() -> None:
    known = vocabulary("Today Kyzym left the Post, said the Kyiv Post.", "KYZYM’s post came today.")

    assert [term for term in ("kyzym", "post", "today", "kyiv") if known.is_name(term)] == ["kyzym", "kyiv"]


def test_a_word_is_written_as_the_documents_mostly_write_it_a_name_with_its_capital() -> None:
    known = vocabulary("Kyzym’s appointment, his appointment, and Kyzym was appointed.")

    assert (known.written("kyzym"), known.written("appoint")) == ("Kyzym", "appointment")
