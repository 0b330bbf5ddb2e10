"""What Telegram does to a text: our copy of it against TDLib, Telegram's own library."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram_text import clean, utf16_length
from tests import tdlib

SURROGATES = range(0xD800, 0xE000)  #: no text of their own; UTF-8 has no room for them
BATCH = 4_096  #: code points; with their neighbours they stay below the bytes that TDLib takes
#: Of any text, with more of the letters that Telegram treats in a way of their own.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("ab \n\t\r\0\x0b\x1f\u030a\u0333\u033f\u2028\u202e\u200c\u200d\u200e\u200f\ufe0f`*_🇺🇦")
)


@pytest.mark.parametrize("first", range(0, sys.maxunicode + 1, 16 * BATCH))
def test_every_code_point_is_cleaned_as_telegram_cleans_it(first: int) -> None:
    for start in range(first, min(first + 16 * BATCH, sys.maxunicode + 1), BATCH):
        letters = [chr(code) for code in range(start, start + BATCH) if code not in SURROGATES]
        if clean("a".join(["", *letters, ""])) != tdlib.clean("a".join(["", *letters, ""])):
            wrong = [letter for letter in letters if clean(f"a{letter}a") != tdlib.clean(f"a{letter}a")]
            pytest.fail(f"not as Telegram has it: {wrong!a}")


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_every_text_is_cleaned_as_telegram_cleans_it(text: str) -> None:
    assert clean(text) == tdlib.clean(text)


@given(TEXTS)
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TEXTS, TEXTS)
def test_where_a_highlight_lands_does_not_depend_on_what_follows(before: str, after: str) -> None:
    assert len(clean(before)) == len(clean(before + after)) - len(clean(after))


@given(TEXTS)
def test_a_text_is_as_long_as_its_utf_16_units(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("Кизим", 5), ("🇺🇦", 4), ("👨\u200d👩\u200d👧", 8), ("\uffff", 1)]
)
def test_a_letter_beyond_the_basic_plane_counts_twice(text: str, length: int) -> None:
    assert utf16_length(text) == length
