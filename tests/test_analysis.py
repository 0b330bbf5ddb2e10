"""Words and terms: what is one word to the search, and that each is found again where it stands."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.analysis import Cyrillic, cyrillic, fold, is_cyrillic, terms, tokens, words
from tests.folders import PROSE

#: Any text, lone surrogates and NULs too, with more of what stands inside words.
TEXTS = PROSE | st.text(
    st.sampled_from("aZéßſIİıяЙйїўёЁ07٣²½ﬁ'’ʼ‘＇.,-_\u0301\u0306\u00ad\u200b\0 \ud800")
    | st.characters(exclude_categories=()),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Kyzym", "kyzym"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ＮＡＴＯ", "nato"),
        ("ﬁrst", "first"),
        ("Kyzym’s", "kyzym"),
        ("Kyzym's", "kyzym"),
        ("KYZYMʼS", "kyzym"),
        ("O’Brien", "obrien"),
        ("don't", "do"),
        ("WE’LL", "we"),
        ("п’ять", "пять"),
        ("2,000", "2000"),
        ("3.5", "3.5"),
        ("за\u0301мок", "замок"),
        ("co\u00adoperate", "cooperate"),
        ("ёлка", "елка"),
        ("Йод", "йод"),
        ("И\u0306од", "йод"),
        ("Її", "її"),
        ("ўрад", "ўрад"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("İstanbul", "istanbul"),
        ("Praha-západ", "praha-zapad"),
        ("Wałęsa", "walesa"),
        ("Søren", "soren"),
        ("Đinđić", "dindic"),
        ("", ""),
    ],
)
def test_a_word_is_folded(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("appointed", "appointment"),
        ("The cities", "a city"),
        ("Kyzym’s boys'", "kyzym boy"),
        ("the U.S. and the E.U.", "the US and the EU"),
        ("the U.S.A.", "the USA"),
        ("the US’s policy", "the US policy"),
        ("the AIDS crisis", "the aids crisis"),
        ("the arms of the IRS", "the ARMS of the irs"),
        ("U.S.", "the U.S."),
        ("US?", "the US"),
        ("E.U.", "EU"),
        ("WHO APPOINTED KYZYM", "who appointed Kyzym"),
        ("2,000 people", "2000 people"),
        ("п'ять об’єктів", "пʼять обєктів"),
        ("президента", "президентом"),
        ("посланник", "посланники"),
        ("прэзідэнта", "прэзідэнтам"),
        ("ёлка", "елка"),
        ("ПРЕЗИДЕНТ", "президент"),
        ("self-proclaimed", "self proclaimed"),
        ("organised labour in the defence centre", "organized labor in the defense center"),
        ("he travelled and analysed it", "he traveled and analyzed it"),
        ("they went and wrote; it has begun", "they go and write; it begins"),
        ("a_b", "b"),
        ("Why didn’t it?", "why"),
        ("It isn't so, I've said they won’t, we'll see", "said see"),
    ],
)
def test_two_ways_to_write_the_same_have_the_same_terms(text: str, same_as: str) -> None:
    assert terms(text) == terms(same_as)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("the US", "us"),
        ("it is the WHO", "who"),
        ("їжак", "іжак"),
        ("ўзор", "узор"),
        ("3.5", "35"),
        ("2,5", "25"),
        ("café.com", "cafe"),
    ],
)
def test_words_that_are_not_the_same_have_other_terms(text: str, other: str) -> None:
    assert terms(text) != terms(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The U.S. sees 2,000 of Kyzym’s boys.", ["U.S", "sees", "2,000", "Kyzym’s", "boys"]),
        ("за\u0301мок, co\u00adoperate", ["за\u0301мок", "co\u00adoperate"]),
        ("12,345.67 and 1.2.3", ["12,345", "67", "1.2.3"]),
        ("x\0Kyzym\ud800Minsk", ["x", "Kyzym", "Minsk"]),
        ("🇺🇦 Ambassador-at-Large", ["Ambassador", "Large"]),
        ("?! … 😀 _ ʼ", []),
        ("a the of", []),
        ("", []),
    ],
)
def test_the_content_words_are_found_where_they_stand(text: str, found: list[str]) -> None:
    assert [text[token.start : token.end] for token in tokens(text)] == found


def test_a_word_is_shown_folded_and_compared_as_a_stem() -> None:
    token = tokens("Two Appointments")[1]

    assert (token.start, token.end, token.word, token.term) == (4, 16, "appointments", "appoint")


@pytest.mark.parametrize(
    ("texts", "way"),
    [
        ([], Cyrillic.SNOWBALL),
        (["The minister appointed an ambassador."], Cyrillic.SNOWBALL),
        (["Министр назначил посла. Он уехал в Минск."], Cyrillic.SNOWBALL),
        (["Міністр призначив посла. Він поїхав до Мінська."], Cyrillic.BEGINNING),
        (["Міністр прызначыў пасла. Ён паехаў у Мінск.", "The end."], Cyrillic.BEGINNING),
        (["Министр назначил посла. " * 99, "Їжак."], Cyrillic.SNOWBALL),
    ],
)
def test_a_folder_with_ukrainian_or_belarusian_cuts_its_cyrillic_words_short(texts: list[str], way: Cyrillic) -> None:
    assert cyrillic(texts) is way


def test_where_words_are_cut_short_those_of_one_beginning_are_one_term() -> None:
    assert terms("міністра, міністром, appointments", Cyrillic.BEGINNING) == ["мініс", "мініс", "appoint"]
    assert terms("министра, министром") == ["министр", "министр"]


def test_a_repeated_word_is_a_term_each_time() -> None:
    assert terms("Kyzym, Kyzym and Minsk") == ["kyzym", "kyzym", "minsk"]


def test_a_word_with_a_cyrillic_letter_is_cyrillic() -> None:
    assert [word for word in ["Кизим", "kyzyм", "Kyzym", "2022", ""] if is_cyrillic(word)] == ["Кизим", "kyzyм"]


def test_words_are_all_words_function_words_too() -> None:
    assert list(words("Good morning, боте! It’s 2,000.")) == ["good", "morning", "боте", "it", "2000"]


def test_a_stretch_is_analysed_with_offsets_into_the_whole_text() -> None:
    text = "Minsk. Kyzym left Kyiv. Vilnius"

    assert [text[token.start : token.end] for token in tokens(text, 7, 23)] == ["Kyzym", "left", "Kyiv"]


@settings(deadline=None)
@given(TEXTS)
@example("US.’s ＵＳ U.S.A ʼs")
def test_every_token_is_the_word_at_its_place(text: str) -> None:
    found = tokens(text)
    edges = [edge for token in found for edge in (token.start, token.end)]

    assert edges == sorted(edges)
    for token in found:
        assert token.start < token.end
        assert token.term
        assert token.word.replace(".", "") == fold(text[token.start : token.end]).replace(".", "")


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_a_stretch_has_the_tokens_that_it_has_alone(before: str, text: str) -> None:
    start = len(before) + 1
    inside = [(token.start - start, token.end - start, token.term) for token in tokens(f"{before} {text}", start)]

    assert inside == [(token.start, token.end, token.term) for token in tokens(text)]
