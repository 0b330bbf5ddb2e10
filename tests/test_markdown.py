"""The blocks of a Markdown file: their kinds, and that their text is the file's own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.markdown import read_markdown
from retrieval.types import Kind
from tests.folders import PROSE, shown


def blocks(text: str) -> list[tuple[str, str]]:
    return shown(text, read_markdown(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A text.\nIts second line.\n\nAnother.", [("text", "A text.\nIts second line."), ("text", "Another.")]),
        ("# A title #\n\n## A heading\n\nText.", [("title", "A title"), ("heading", "A heading"), ("text", "Text.")]),
        (
            "A title\n=======\n\nA heading\n---\nText.",
            [("title", "A title"), ("heading", "A heading"), ("text", "Text.")],
        ),
        ("Text.\n\n# A heading", [("text", "Text."), ("heading", "A heading")]),
        ("#\n\nText.", [("text", "Text.")]),
        ("# A title\n\n## \n\nText.", [("title", "A title"), ("text", "Text.")]),
        ("- one\n- two\n  more\n\n  * deep", [("text", "one"), ("text", "two\n  more"), ("text", "deep")]),
        ("1. one\n\n   more\n2) two", [("text", "one"), ("text", "more"), ("text", "two")]),
        ("1. 1\n2. 2", [("text", "1"), ("text", "2")]),
        ("> a quote\n> of two lines\n>\n> more", [("text", "a quote\n> of two lines"), ("text", "more")]),
        ("| a | b |\n|---|---|\n| c | d |", [("text", "| a | b |"), ("text", "| c | d |")]),
        ("```py\nprint()\n\nx = 1\n```\ntext", [("text", "print()\n\nx = 1"), ("text", "text")]),
        ("    code\n    more\n\ntext", [("text", "code\n    more"), ("text", "text")]),
        ("```\n```", []),
        ("<div>\nx\n</div>\n\ntext", [("furniture", "<div>\nx\n</div>"), ("text", "text")]),
        ("<!-- a note -->\n\n# A title", [("furniture", "<!-- a note -->"), ("title", "A title")]),
        (
            "An <b>inline</b> *mark* stays &amp; so does \\*.",
            [("text", "An <b>inline</b> *mark* stays &amp; so does \\*.")],
        ),
        ("[a]: https://example.org\n\n***\n\ntext", [("text", "text")]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_a_markdown_text_has_the_blocks_that_a_reader_sees(text: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(text) == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_front_matter_is_furniture_and_the_title_stands_below_it(line_end: str) -> None:
    text = line_end.join(["---", "title: x", "tags: [a]", "---", "# A title", "", "A text", "of two lines."])

    assert blocks(text) == [
        ("furniture", line_end.join(["---", "title: x", "tags: [a]", "---"])),
        ("title", "A title"),
        ("text", f"A text{line_end}of two lines."),
    ]


def test_dashes_further_down_are_no_front_matter() -> None:
    assert blocks("Text.\n\n---\na: b\n---\n")[0] == ("text", "Text.")


@pytest.mark.parametrize("text", ["a\0b\n\nc\0", "\0# x\n\n- a\0", "> \0a\r\n> b\u2028c\r\n\r\n\x0bd"])
def test_control_characters_move_no_offset(text: str) -> None:
    joined = "".join(part for _, part in blocks(text))

    assert [letter for letter in joined if letter.isalpha()] == [letter for letter in text if letter.isalpha()]


def test_a_deep_list_swallows_nothing_of_what_stands_below_it() -> None:
    text = "".join(f"{'  ' * level}- level {level}\n" for level in range(15)) + "\nThe text below.\n"

    assert blocks(text)[-2:] == [("text", "level 14"), ("text", "The text below.")]


def test_a_nest_of_thousands_is_no_danger() -> None:
    read_markdown(">" * 5_000 + " a\n\n" + "- " * 5_000 + "b\n\n" + "*a " * 5_000)


MARKS = st.sampled_from(
    ["# ", "## ", "- ", "1. ", "> ", "    ", "```\n", "---\n", "===\n", "| a | b |\n|--|--|\n| c |", "<div>", "  "]
)
LINES = st.tuples(
    st.lists(MARKS, max_size=3).map("".join),
    st.text(max_size=12) | PROSE,
    st.sampled_from(["\n", "\n\n", "\r\n", "\r"]),
)
MARKDOWN = st.lists(LINES.map("".join), max_size=8).map("".join)


@settings(deadline=None)
@given(MARKDOWN)
def test_the_blocks_of_any_markdown_lie_in_order_inside_the_text(text: str) -> None:
    found = read_markdown(text)
    edges = [0, *(edge for block in found for edge in (block.start, block.end)), len(text)]

    assert edges == sorted(edges)
    assert all(text[block.start : block.end].strip() for block in found)
    assert all(block.kind in {Kind.TITLE, Kind.HEADING, Kind.TEXT, Kind.FURNITURE} for block in found)
    assert all(block.reason for block in found)
