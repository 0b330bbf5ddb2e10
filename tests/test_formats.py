"""Bytes to text: which encodings are told, which are guessed aloud, and what is refused."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.errors import DocumentError
from retrieval.formats import READERS, Reading, decoded, read_markdown, read_text
from tests.folders import PROSE, shown

UKRAINIAN = "Міністр закордонних справ призначив посла з особливих доручень. Про це він повідомив у Києві. "
ENGLISH = "The minister appointed an ambassador. He wrote so himself. "


@pytest.mark.parametrize(
    "data",
    [
        UKRAINIAN.encode(),
        BOM_UTF8 + UKRAINIAN.encode(),
        BOM_UTF16_LE + UKRAINIAN.encode("utf-16-le"),
        BOM_UTF16_BE + UKRAINIAN.encode("utf-16-be"),
        UKRAINIAN.encode("utf-32"),
    ],
    ids=["UTF-8", "UTF-8 with a mark", "UTF-16-LE", "UTF-16-BE", "UTF-32"],
)
def test_unicode_is_read_without_a_doubt(data: bytes) -> None:
    assert decoded(data) == (UKRAINIAN, ())


@pytest.mark.parametrize(
    ("text", "encoding"), [(UKRAINIAN * 3, "cp1251"), (UKRAINIAN * 3, "koi8-u"), (ENGLISH, "utf-16-le")]
)
def test_another_encoding_is_guessed_with_a_warning(text: str, encoding: str) -> None:
    read, warnings = decoded(text.encode(encoding))

    assert read == text
    assert len(warnings) == 1
    assert "is not UTF-8 and was read as" in warnings[0]
    assert "a guess" in warnings[0]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
            "it is not text in any known encoding; save it as UTF-8",
        ),
        (bytes(1_000), "it is not text in any known encoding; save it as UTF-8"),
        (BOM_UTF8 + b"ab\xff", "its byte-order mark says utf-8"),
        (BOM_UTF16_LE + b"a", "its byte-order mark says utf-16, but byte 2 is not"),
        (BOM_UTF16_BE + b"\xd8\x00\x00a", "its byte-order mark says utf-16, but byte 2 is not"),
    ],
    ids=["an image", "zeros", "broken UTF-8", "half a character", "a lone surrogate"],
)
def test_what_is_no_text_is_refused_with_a_sentence_that_says_why(data: bytes, why: str) -> None:
    with pytest.raises(DocumentError, match=why):
        decoded(data)


@pytest.mark.parametrize(
    "text", ["Hello\0world", "Тест\0\n", ENGLISH * 5 + "\0", "one\r\ntwo\rthree\n\x85\u2028", "", "\ufeff"]
)
def test_control_characters_and_line_ends_stay_in_the_text(text: str) -> None:
    assert decoded(text.encode("utf-8-sig" if text == "\ufeff" else "utf-8")) == (text, ())


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=80) | PROSE.map(lambda text: text.encode("utf-16-le")))
@example(b"\xff\xfe\xff\xdf")
def test_any_bytes_are_text_that_can_be_shown_or_are_refused(data: bytes) -> None:
    try:
        text, _ = decoded(data)
    except DocumentError:
        return
    assert text.encode().decode() == text


def test_each_ending_has_its_reader() -> None:
    assert dict(READERS) == {".txt": read_text, ".md": read_markdown}


@pytest.mark.parametrize(("reader", "title"), [(read_text, "# A heading"), (read_markdown, "A heading")])
def test_a_number_sign_is_a_mark_in_markdown_alone(reader: Callable[[bytes], Reading], title: str) -> None:
    reading = reader(b"\xef\xbb\xbf# A heading\n\nA text below.\n")

    assert reading.text == "# A heading\n\nA text below.\n"
    assert shown(reading.text, reading.blocks) == [("title", title), ("text", "A text below.")]
    assert reading.warnings == ()


@pytest.mark.parametrize("reader", [read_text, read_markdown])
def test_a_reader_passes_on_how_a_file_was_decoded(reader: Callable[[bytes], Reading]) -> None:
    reading = reader((UKRAINIAN * 3).encode("cp1251"))

    assert reading.text == UKRAINIAN * 3
    assert "cp1251" in reading.warnings[0]
