"""The structure of a Markdown document, by markdown-it (CommonMark and tables).

The text of a block is the source as it stands, marks and all: a quote is equal to the file to the letter.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from retrieval.sentences import trimmed
from retrieval.types import Block, Kind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_LINE_BREAK = re.compile(r"\r\n?|\n")  # as markdown-it counts lines
_FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n?|\n).*?(?:\r\n?|\n)---[ \t]*(?=\r|\n|\Z)", re.DOTALL)
_LEAVES = {
    "inline": (Kind.TEXT, "a paragraph"),
    "tr_open": (Kind.TEXT, "a table row"),
    "fence": (Kind.TEXT, "code"),
    "code_block": (Kind.TEXT, "code"),
    "html_block": (Kind.FURNITURE, "HTML"),
}
_CELLS = {"th_open", "td_open"}
_MAX_NESTING = 100  # lists in lists; what is deeper is lost, and the default is 20


def read_markdown(text: str) -> list[Block]:
    """The blocks of a Markdown text in file order, headings and paragraph numbers not yet given."""
    front = _FRONT_MATTER.match(text)
    body = front.end() if front else 0
    starts = [body] + [body + match.end() for match in _LINE_BREAK.finditer(text[body:])]
    tokens = _parser().parse(text[body:])
    blocks = [Block(Kind.FURNITURE, front.start(), front.end(), "front matter")] if front else []
    blocks += [block for block in _leaves(text, tokens, starts) if block.start < block.end]
    return _titled(blocks)


def _parser() -> MarkdownIt:
    """A parser that leaves the inside of paragraphs alone: nobody asks for it, and thousands of "[" take it minutes."""
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING})
    return parser.enable("table").disable(["inline", "text_join"])


def _leaves(text: str, tokens: Sequence[Token], starts: Sequence[int]) -> Iterator[Block]:
    """A block for each token that holds text itself; a table row is one block."""
    above = ""
    for token in tokens:
        is_empty = token.type != "tr_open" and not token.content.strip()
        if token.type in _LEAVES and token.map is not None and above not in _CELLS and not is_empty:
            kind, reason = (Kind.HEADING, "a heading") if above == "heading_open" else _LEAVES[token.type]
            start, end = _extent(text, token, starts)
            yield Block(kind, start, end, reason)
        above = token.type


def _extent(text: str, token: Token, starts: Sequence[int]) -> tuple[int, int]:
    """Where the token's content stands: from its first line to its last, without the marks before and after."""
    first, behind = token.map or (0, 0)
    first += token.type == "fence"  # its first line is the fence itself
    start, end = _line(text, first, starts).start, _line(text, behind - 1, starts).end
    lines = [line.strip() for line in token.content.splitlines() if line.strip()]
    if lines:
        # The last occurrence in the first line: in "1. 1" the first is the list's mark.
        first_line = text.rfind(lines[0], start, _line(text, first, starts).end)
        last_line = text.rfind(lines[-1], start, end)
        start, end = max(start, first_line), last_line + len(lines[-1]) if last_line >= 0 else end
    span = trimmed(text, start, end)
    return span.start, span.end


def _line(text: str, number: int, starts: Sequence[int]) -> Span:
    """A line of the text with its line break."""
    behind = number + 1
    return Span(starts[number], starts[behind] if behind < len(starts) else len(text))


def _titled(blocks: list[Block]) -> list[Block]:
    """The first heading of the file is its title, if no text stands above it."""
    for at, block in enumerate(blocks):
        if block.kind is Kind.HEADING:
            blocks[at] = replace(block, kind=Kind.TITLE)
        if block.kind is not Kind.FURNITURE:
            break
    return blocks
