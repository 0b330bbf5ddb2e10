"""What the shape of a plain text tells: titles, headings, lists, comments, teasers, furniture, paragraphs."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.structure import read_structure
from tests.folders import PROSE, shown

ONE, TWO, THREE, FOUR, FIVE = (
    f"This is paragraph {name} of the page." for name in ["one", "two", "three", "four", "five"]
)
HEADLINE = "Only Fifty Meters Across the River"
FIRST_COMMENT = "  1. I agree fully.\n     So does he.\n\n    • I do not.\n"


def page(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def kinds(text: str) -> list[str]:
    return [kind for kind, _ in shown(text, read_structure(text))]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_a_line_is_a_paragraph_without_the_blanks_around_it(line_end: str) -> None:
    text = f"{line_end}One line.{line_end}{line_end} \t Another  line. \t{line_end}Third.\u2029Fourth."

    assert [part for _, part in shown(text, read_structure(text))] == [
        "One line.",
        "Another  line.",
        "Third.",
        "Fourth.",
    ]


@pytest.mark.parametrize(
    ("line", "is_title"),
    [
        ("Why Ukraine Should Establish Relations", True),
        ("Why is this bad?", True),
        ("The headline of the page: what it is", True),
        ("Headline with a stop.", False),
        ("What follows:", False),
        ("He left on Feb. 2. He came back on Feb 3", False),
        ("Would you say that a question of eleven words is a title?", False),
        ("a line of more than sixteen words is no title because it is far too long for that one", False),
        ("x" * 101, False),
        ("“A quotation in place of a title”", False),
        ("  An indented line", False),
        ("1. A list item", False),
    ],
)
def test_a_short_line_without_a_stop_above_the_text_is_the_title(line: str, is_title: bool) -> None:  # noqa: FBT001
    assert kinds(page(line, ONE, TWO)) == ["title" if is_title else "text", "text", "text"]


def test_a_headline_further_down_is_a_heading() -> None:
    assert kinds(page("The title", ONE, "A heading", TWO)) == ["title", "text", "heading", "text"]
    assert kinds(page(ONE, "A heading", TWO)) == ["text", "heading", "text"]
    assert kinds(page("The title", "A heading", TWO)) == ["title", "heading", "text"]


def test_a_headline_without_text_below_or_a_blank_line_around_is_none() -> None:
    assert kinds(page(ONE, f"No blank line\n{TWO}")) == ["text", "text", "text"]
    assert kinds(page(f"{ONE}\nNo blank line", TWO)) == ["text", "text", "text"]
    assert kinds(page(ONE, "At the very end")) == ["text", "text"]
    assert kinds(page(ONE, "Above a teaser", HEADLINE, HEADLINE)) == ["text", "text", "teaser", "teaser"]


def test_a_paragraph_separator_is_a_blank_line_and_a_line_separator_is_none() -> None:
    assert kinds(f"The title\u2029{ONE}") == ["title", "text"]
    assert kinds(f"The title\u2028{ONE}") == ["text", "text"]


def test_a_list_mark_is_no_part_of_its_item() -> None:
    text = "  1. one\n  2) two\n\t• three\n – four\n\n- five\n1.six\n-seven\n2020. eight"

    assert [part for _, part in shown(text, read_structure(text))] == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "1.six",
        "-seven",
        "2020. eight",
    ]


def test_an_item_and_what_is_indented_below_it_are_known_by_their_reasons() -> None:
    text = page(ONE, "  - item\n    more\n\n    deep\n  - item", TWO)

    assert [block.reason for block in read_structure(text)] == [
        "a paragraph",
        "a list item",
        "a paragraph below a list item",
        "a paragraph below a list item",
        "a list item",
        "a paragraph",
    ]


@pytest.mark.parametrize(
    "prompt", ["Enter comments here:", "Leave a reply", "Коментарі (3)", "Ваш коментар:", "Комментарии", "Каментары"]
)
def test_the_last_list_beside_a_line_about_comments_is_reader_comments(prompt: str) -> None:
    above, below = page(ONE, TWO, prompt, FIRST_COMMENT), page(ONE, TWO, FIRST_COMMENT, prompt)

    assert [part for kind, part in shown(above, read_structure(above)) if kind == "comment"] == [
        "I agree fully.",
        "So does he.",
        "I do not.",
    ]
    assert kinds(below)[2:5] == ["comment"] * 3


def test_the_line_about_comments_beside_them_is_furniture() -> None:
    assert kinds(page(ONE, TWO, "Comments", FIRST_COMMENT)) == ["text", "text", "furniture", *["comment"] * 3]
    assert kinds(page(ONE, TWO, FIRST_COMMENT, "Comments:")) == ["text", "text", *["comment"] * 3, "furniture"]


@pytest.mark.parametrize(
    "text",
    [
        page(ONE, "  1. First.\n  2. Second."),
        page("Comments", ONE, "  1. First.\n  2. Second.", TWO),
        page(ONE, "He made two comments on this, as we said.", "  1. First.\n  2. Second."),
        page(ONE, TWO, "Enter comments here:"),
        page("Commentary", ONE, "  - First."),
    ],
)
def test_a_list_elsewhere_is_text(text: str) -> None:
    assert "comment" not in kinds(text)


def test_a_headline_that_stands_twice_is_a_teaser_with_what_lies_between_and_its_summary() -> None:
    text = page(ONE, f"{HEADLINE}\nOther topics", HEADLINE.upper(), "In 2022 they came. Today it is quiet", TWO)

    assert kinds(text) == ["text", "teaser", "teaser", "teaser", "teaser", "text"]


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ([], ["teaser", "teaser", "text"]),
        (["A line with a stop."], ["teaser", "text", "teaser", "text"]),
        (["x " * 30 + "is long"], ["teaser", "text", "teaser", "text"]),
        (["a", "b", "c", "d"], ["teaser", "heading", "heading", "heading", "heading", "teaser", "text"]),
    ],
)
def test_only_short_unstopped_lines_close_together_belong_to_a_teaser(between: list[str], expected: list[str]) -> None:
    assert kinds(page(ONE, HEADLINE, *between, HEADLINE, TWO))[1:] == expected


def test_a_short_line_may_stand_twice_and_a_stopped_paragraph_is_no_summary() -> None:
    assert kinds(page(ONE, "Read more", TWO, "Read more", THREE)) == ["text", "heading", "text", "heading", "text"]
    assert kinds(page(ONE, HEADLINE, HEADLINE, TWO)) == ["text", "teaser", "teaser", "text"]
    assert kinds(page(ONE, HEADLINE, HEADLINE, "long " * 90, TWO))[3] == "text"


def test_two_teasers_after_another_are_two() -> None:
    other = "Another Headline of Five Words"

    assert kinds(page(ONE, HEADLINE, HEADLINE, other, other, TWO)) == ["text", *["teaser"] * 4, "text"]


def test_unstopped_lines_at_the_end_of_a_long_text_are_furniture() -> None:
    body = [ONE, TWO, THREE, FOUR, FIVE]

    assert kinds(page(*body, "Write to us here", "Press Ctrl + Enter"))[5:] == ["furniture"] * 2
    assert kinds(page(*body, "a", "b", "c", "d"))[5:] == ["text", *["furniture"] * 3]
    assert kinds(page(*body, "Tags:", "  - one"))[5:] == ["text", "text"]
    assert kinds(page(*body)) == ["text"] * 5
    assert kinds(page(*body[:4], "Write to us here"))[4:] == ["text"]


WRAPPED = """\
The first line of a paragraph that was wrapped by hand at about
sixty characters, so that a sentence runs over several of its
lines. It ends here.

The second paragraph was wrapped in the same way, and its lines
are as long as those of the first one, which is how we know it.
  - A list item begins a paragraph of its own, but its further
    lines belong to it, as they do in any other paragraph of it.
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_hard_wrapped_lines_are_joined_into_paragraphs(line_end: str) -> None:
    text = WRAPPED.replace("\n", line_end)

    assert [(part[:12], part[-8:]) for _, part in shown(text, read_structure(text))] == [
        ("The first li", "ds here."),
        ("The second p", "know it."),
        ("A list item ", "h of it."),
    ]


def test_a_dash_that_begins_a_hard_wrapped_line_stays_in_its_sentence() -> None:
    text = WRAPPED.replace("sixty characters, so", "– say sixty characters –")

    assert len(read_structure(text)) == 3


def test_unwrapped_lines_of_other_lengths_are_paragraphs_each() -> None:
    assert len(read_structure("A short line.\n" * 10)) == 10


def test_a_text_without_lines_has_no_blocks() -> None:
    assert read_structure("") == read_structure(" \n\t\r\n\u2029") == []


LINES = st.sampled_from(
    [
        ONE,
        TWO,
        HEADLINE,
        "A heading",
        "  1. item",
        "    • deep",
        "     more",
        "Comments",
        "Reply:",
        "- ",
        "\t",
        "“Go.”",
        "Why?",
        "x" * 60,
    ]
)
ENDS = st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\u2028", "\x0c"])
PAGES = st.lists(st.tuples(LINES, ENDS).map("".join), max_size=12).map("".join)


@settings(deadline=None)
@given(PAGES | PROSE)
def test_every_word_of_any_text_lies_in_one_block_and_between_them_only_list_marks(text: str) -> None:
    blocks = read_structure(text)
    edges = [0, *(edge for block in blocks for edge in (block.start, block.end)), len(text)]

    assert edges == sorted(edges)
    for block in blocks:
        assert text[block.start : block.end] == text[block.start : block.end].strip() != ""
        assert block.reason
    for gap in range(0, len(edges), 2):
        assert re.fullmatch(r"\s*(?:(?:\d{1,3}[.)]|[•◦▪‣*–-])\s+)?", text[edges[gap] : edges[gap + 1]])
