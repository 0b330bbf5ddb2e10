"""The buttons below an answer and below a context: which there are, in which order, and what they bring back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.keyboards import MAX_QUOTES, below_answer, below_context
from bot.rendering import QUOTES, Button, Rows
from bot.usage import new_token
from bot.wording import PLURALS, wording
from retrieval.types import Answer, Citation, Kind, Verdict

EN = wording("en")
CITATION = Citation("A.", "a.txt", 0, 2, Kind.TEXT, None, None, None, None, None, 1, None, 1.0, (), False, None)  # noqa: FBT003 - in the order of the fields
TOKEN = "n7ZxlNuo0Sd3"  # as new_token makes them


def answer(quotes: int, **changes: object) -> Answer:
    citations = tuple(replace(CITATION, paragraph=number, **changes) for number in range(quotes))  # type: ignore[arg-type]  # any field
    return Answer("who appointed Kyzym", Verdict.ANSWERED, 1.0, {}, (), citations)


def labels(rows: Rows) -> list[list[str]]:
    return [[button.label for button in row] for row in rows if row]


def test_below_an_answer_stand_further_quotes_a_look_a_vote_and_sharing() -> None:
    rows = below_answer(answer(7, url="https://example.org/a"), TOKEN, EN, page=1, can_share=True)
    assert labels(rows) == [
        ["◀ Previous", "Next ▶"],
        ["In context", "Open source"],
        ["👍 Helpful", "👎 Not helpful"],
        ["Share"],
    ]
    previous, following, context, source, helpful, not_helpful, share = (button for row in rows for button in row)
    assert [previous.data, following.data] == [f"page:{TOKEN}:0", f"page:{TOKEN}:2"]
    assert (context.data, source.url) == (f"context:{TOKEN}:3", "https://example.org/a#:~:text=A.")
    assert [helpful.data, not_helpful.data] == [f"vote:{TOKEN}:1", f"vote:{TOKEN}:0"]
    assert share == Button("Share", share="who appointed Kyzym")


@pytest.mark.parametrize(
    ("quotes", "page", "turns"),
    [
        (1, 0, []),
        (3, 0, []),
        (4, 0, ["Next ▶"]),
        (4, 1, ["◀ Previous"]),
        (10, 2, ["◀ Previous", "Next ▶"]),
        (10, 3, ["◀ Previous"]),
    ],
)
def test_pages_are_turned_where_there_are_any(quotes: int, page: int, turns: list[str]) -> None:
    rows = labels(below_answer(answer(quotes), TOKEN, EN, page=page))
    assert rows == [*([turns] if turns else []), ["In context"], ["👍 Helpful", "👎 Not helpful"]]


@pytest.mark.parametrize(("quotes", "page"), [(0, 0), (3, 1), (10, 4), (10, 10**30)])
def test_a_page_without_a_quote_has_no_buttons(quotes: int, page: int) -> None:
    assert below_answer(answer(quotes), TOKEN, EN, page=page, can_share=True) == ()


@pytest.mark.parametrize(
    ("number", "turns", "back"),
    [(0, ["Next ▶"], 0), (2, ["◀ Previous", "Next ▶"], 0), (3, ["◀ Previous", "Next ▶"], 1), (9, ["◀ Previous"], 3)],
)
def test_below_a_context_stand_the_other_contexts_and_the_way_back(number: int, turns: list[str], back: int) -> None:
    rows = below_context(answer(10, url="https://example.org"), TOKEN, EN, number)
    assert labels(rows) == [turns, ["Back to the quotes", "Open source"]]
    assert rows[1][0].data == f"page:{TOKEN}:{back}"
    assert [button.data for button in rows[0]] == [
        f"context:{TOKEN}:{at}" for at in (number - 1, number + 1) if 0 <= at < 10
    ]


def test_the_context_of_the_only_quote_leads_back_alone() -> None:
    assert labels(below_context(answer(1), TOKEN, EN, 0)) == [["Back to the quotes"]]


def test_what_is_shared_is_no_longer_than_an_inline_query() -> None:
    asked = replace(answer(1), question="🇺🇦" * 2_000)
    (share,) = below_answer(asked, TOKEN, EN, can_share=True)[-1]
    assert share.share == "🇺🇦" * 128


@given(
    quotes=st.integers(1, MAX_QUOTES),
    number=st.integers(0, MAX_QUOTES - 1),
    url=st.none() | st.text(max_size=30) | st.text(max_size=30).map("https://example.org/{}".format),
    question=st.text(min_size=1, max_size=5_000),
    language=st.sampled_from(sorted(PLURALS)),
)
def test_every_button_does_one_thing_and_brings_back_64_bytes_at_most(
    quotes: int, number: int, url: str | None, question: str, language: str
) -> None:
    asked, words = replace(answer(quotes, url=url), question=question), wording(language)
    token = new_token()
    rows = [*below_answer(asked, token, words, page=number // QUOTES, can_share=True)]
    if number < quotes:
        rows += below_context(asked, token, words, number)
    for button in (button for row in rows for button in row):
        assert len([button for does in (button.data, button.url, button.share) if does]) == 1
        assert len(button.data.encode()) <= 64
        assert 0 < len(button.label) <= 30
