"""The oracle itself: what TDLib is asked, and that its answer is read right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tdlib import Entity, RefusedError, auto_entities, clean, sent, units

#: Of any text, with more of the letters that Telegram treats in a way of their own.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("ab \n\t\r\0\u030a\u2028\u200e\u200f`*_😀"))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\tb", "a b"),
        ("a\0b\x1fc", "a b c"),
        ("a\r\nb", "a\nb"),
        ("A\u030angstro\u0308m", "Angstro\u0308m"),
        ("a\u0333b\u033fc", "abc"),
        ("a\u2028b\u2029c\u202ed", "abcd"),
        ("a\u200e\u200f\u200eb", "a\u200c\u200c\u200eb"),
        (" \n a  b\n\n\nc \n", " \n a  b\n\n\nc \n"),
        (
            "🇺🇦 👨\u200d👩\u200d👧 ❤\ufe0f \u2066\ufeff\u00ad\x7f\x85",
            "🇺🇦 👨\u200d👩\u200d👧 ❤\ufe0f \u2066\ufeff\u00ad\x7f\x85",
        ),
        ("**no** `markup` <b>here</b>", "**no** `markup` <b>here</b>"),
    ],
)
def test_telegram_replaces_some_letters_and_drops_others(written: str, shown: str) -> None:
    assert clean(written) == shown


def test_a_quotation_moves_along_when_letters_are_dropped_before_it_and_inside_it() -> None:
    message = sent("😀\u2028A\u030a: b\u030ac\td.", [Entity("blockquote", 7, 6)])

    assert message == ("😀A: bc d.", [Entity("blockquote", 5, 5)])
    assert message.quotations() == ["bc d."]


def test_a_quotation_of_dropped_letters_alone_is_gone() -> None:
    assert sent("a\u2028\u030ab", [Entity("blockquote", 1, 2)]) == ("ab", [])


def test_neighbouring_quotations_stay_apart_and_no_newline_is_added_or_taken() -> None:
    text, first, second = "aa\nbb", Entity("blockquote", 0, 2), Entity("expandable_blockquote", 3, 2)

    assert sent(text, [second, first]) == (text, [first, second])
    assert sent("aabb", [first, Entity("blockquote", 2, 2)]).quotations() == ["aa", "bb"]


def test_of_two_quotations_that_overlap_only_the_first_is_left() -> None:
    assert sent("abc", [Entity("blockquote", 0, 2), Entity("blockquote", 1, 2)]).quotations() == ["ab"]


def test_bold_inside_a_quotation_comes_back_as_an_entity_not_as_marks() -> None:
    entities = [Entity("blockquote", 0, 11), Entity("bold", 6, 5), Entity("text_link", 12, 4, "https://example.org/a")]

    assert sent("hello world here", entities) == ("hello world here", entities)


def test_bold_that_leaves_a_quotation_is_cut_at_its_end() -> None:
    quotation = Entity("blockquote", 0, 2)

    message = sent("ab cd", [quotation, Entity("bold", 1, 4)])

    assert message.entities == [quotation, Entity("bold", 1, 1), Entity("bold", 2, 3)]


def test_white_space_at_the_ends_of_a_message_goes_and_takes_its_part_of_a_quotation_along() -> None:
    assert sent(" \n ab\ncd \n", [Entity("blockquote", 6, 4)]) == ("ab\ncd", [Entity("blockquote", 3, 2)])


def test_white_space_that_opens_the_first_quotation_stays() -> None:
    assert sent("\n ab", [Entity("blockquote", 1, 3)]) == (" ab", [Entity("blockquote", 0, 3)])


@pytest.mark.parametrize(
    ("text", "entities", "reason"),
    [
        ("", [], "non-empty"),
        (" \t\u200b", [], "non-empty"),
        ("abc", [Entity("blockquote", 1, 3)], "ends after the end of the text"),
        ("abc", [Entity("blockquote", 3, 1)], "ends after the end of the text"),
        ("a😀", [Entity("blockquote", 0, 2)], "middle of a UTF-16 symbol"),
        ("abc", [Entity("blockquote", -1, 2)], "incorrect offset"),
        ("я" * 20_000, [], "too long"),
    ],
)
def test_what_telegram_refuses_is_refused_in_its_own_words(text: str, entities: list[Entity], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        sent(text, entities)


def test_half_a_surrogate_pair_never_reaches_telegram() -> None:
    with pytest.raises(UnicodeEncodeError):
        clean("a\ud83d")


def test_links_that_telegram_finds_are_named_as_the_bot_api_names_them() -> None:
    text = "@username #tag /ask https://a.com a@b.com 4111111111111111 1:23"

    assert [(entity.kind, entity.offset) for entity in auto_entities(text)] == [
        ("mention", 0),
        ("hashtag", 10),
        ("bot_command", 15),
        ("url", 20),
        ("email", 34),
    ]


def test_tdlib_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    sent("ab", [Entity("blockquote", 0, 1)])

    assert capfd.readouterr() == ("", "")


@settings(deadline=None)
@given(TEXTS)
def test_a_cleaned_text_is_cleaned_no_further(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_the_text_under_a_quotation_is_the_cleaned_quote_when_visible_text_stands_around_it(
    before: str, quote: str, after: str
) -> None:
    opening, closing = f"Answer {before}\n", f"\n{after} end"

    message = sent(opening + quote + closing, [Entity("blockquote", units(opening), units(quote))])

    assert message.text == clean(opening) + clean(quote) + clean(closing)
    assert message.quotations() == [clean(quote)] * bool(clean(quote))
