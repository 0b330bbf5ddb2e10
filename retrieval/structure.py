"""The structure of a plain text: what is title, heading, paragraph, reader comment, teaser and page furniture.

A page saved as text has lost its markup; the rules below propose a kind for each paragraph from its shape and
its neighbours, each with a reason that `quoth check` prints. They know no document: where they are wrong, the
operator says so in `sources.toml`. In 400 licences and read-me files they find no comments, furniture in 16 and
teasers in 57, which repeat their own lines.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from retrieval.sentences import sentences
from retrieval.types import Block, Kind

_STOPPED = re.compile(r"[.!?…:;][\"'”’»›)\]}]*$")
_LIST_MARK = re.compile(r"(?:\d{1,3}[.)]|[•◦▪‣*–-])[ \t\u00a0]+(?=\S)")
_COMMENT_PROMPT = re.compile(r"\b(?:comments?|repl(?:y|ies)|коментар\w*|комментари\w*|каментар\w*)\b", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n\x0b\x0c\u2028\u2029\x85]+")

_HEADING_CHARACTERS, _HEADING_WORDS, _QUESTION_WORDS = 100, 16, 10
_TEASER_WORDS = 5  # a shorter line may well stand twice in a text
_TEASER_DISTANCE = 4  # paragraphs between two copies of a teaser's headline
_TEASER_SUMMARY = 400  # characters
_BETWEEN_COPIES = 60  # characters of a line between the two copies
_PROMPT_CHARACTERS, _FURNITURE_CHARACTERS, _FURNITURE_LINES = 120, 120, 3
_PROSE_PARAGRAPHS = 5  # fewer stopped paragraphs, and the last lines may be a list of words
_WRAP_WIDTHS = range(55, 96)  # of hard-wrapped lines, in characters
_WRAP_LINES, _WRAP_SHARE = 5, 0.6


@dataclass(slots=True)
class _Line:
    """A paragraph in the making: one line, or the lines of a hard-wrapped paragraph."""

    start: int
    end: int
    text: str
    indent: int
    after_gap: bool
    is_listed: bool = False  # has a list mark, which `start` has passed
    depth: int = 0  # in nested lists, 0 outside
    kind: Kind = Kind.TEXT
    reason: str = "a paragraph"

    def propose(self, kind: Kind, reason: str) -> None:
        self.kind, self.reason = kind, reason

    @property
    def is_stopped(self) -> bool:
        return _STOPPED.search(self.text) is not None

    @property
    def key(self) -> str:
        """The line without case and signs, to find its copies."""
        return " ".join(re.findall(r"\w+", self.text.casefold()))


def read_structure(text: str) -> list[Block]:
    """The blocks of a plain text in file order, headings and paragraph numbers not yet given."""
    lines = _lines(text)
    for rule in _RULES:
        rule(lines)
    return [Block(line.kind, line.start, line.end, line.reason) for line in lines]


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    last_end = 0
    for match in _LINE.finditer(text):
        if match[0].strip():
            after_gap = not lines or _has_blank_line(text[last_end : match.start()])
            lines.append(_line(text, match.start(), match.end(), after_gap=after_gap))
            last_end = match.end()
    return _unwrapped(text, lines)


def _has_blank_line(gap: str) -> bool:
    """Whether more than a line break lies between two lines."""
    return len(gap.replace("\r\n", "\n")) > 1 or gap == "\u2029"


def _line(text: str, start: int, end: int, *, after_gap: bool) -> _Line:
    raw = text[start:end].expandtabs(4)
    indent = len(raw) - len(raw.lstrip())
    inner = text[start:end]
    begin, stop = start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())
    mark = _LIST_MARK.match(text, begin, stop)
    begin = mark.end() if mark else begin
    return _Line(begin, stop, text[begin:stop], indent, after_gap, is_listed=mark is not None)


def _unwrapped(text: str, lines: list[_Line]) -> list[_Line]:
    """Hard-wrapped lines joined into paragraphs; other texts have a paragraph a line."""
    wrapped = [line for line, following in pairwise(lines) if not following.after_gap]
    fitting = sum(len(line.text) in _WRAP_WIDTHS for line in wrapped)
    if len(wrapped) < _WRAP_LINES or fitting <= _WRAP_SHARE * len(wrapped):
        return lines
    joined: list[_Line] = []
    for line in lines:
        # A dash that begins a line inside a sentence is no list mark.
        goes_on = not line.is_listed or not (joined[-1].is_listed or joined[-1].is_stopped) if joined else False
        if goes_on and not line.after_gap:
            joined[-1].end = line.end
            joined[-1].text = text[joined[-1].start : line.end]
        else:
            joined.append(line)
    return joined


def _mark_lists(lines: list[_Line]) -> None:
    """Gives list items and the paragraphs indented below them their depth."""
    indents: list[int] = []
    for line in lines:
        if line.is_listed and (line.indent or indents):
            indents = [indent for indent in indents if indent < line.indent] + [line.indent]
            line.reason = "a list item"
        else:
            indents = [indent for indent in indents if indent < line.indent]
            line.reason = "a paragraph below a list item" if indents else line.reason
        line.depth = len(indents)


def _mark_comments(lines: list[_Line]) -> None:
    """The last list of a page is its reader comments when a line beside it says "comment"."""
    end = len(lines)
    while end and not lines[end - 1].depth and _is_label(lines[end - 1]):
        end -= 1
    start = end
    while start and lines[start - 1].depth:
        start -= 1
    beside = lines[end:] + [line for line in lines[max(0, start - 1) : start] if _is_label(line)]
    prompts = [line for line in beside if _COMMENT_PROMPT.search(line.text)]
    if start < end and prompts:
        for line in lines[start:end]:
            line.propose(Kind.COMMENT, f"{line.reason} in the last list, beside a line about comments")
        for line in prompts:
            line.propose(Kind.FURNITURE, "the line about the comments beside it")


def _mark_teasers(lines: list[_Line]) -> None:
    """A headline that stands twice announces another article, with what lies between and the summary below."""
    copies = Counter(line.key for line in lines)
    repeated = [
        at
        for at, line in enumerate(lines)
        if line.kind is Kind.TEXT and copies[line.key] > 1 and len(line.key.split()) >= _TEASER_WORDS
    ]
    for at in repeated:
        lines[at].propose(Kind.TEASER, f"the same line stands {copies[lines[at].key]} times")
    for first, second in pairwise(repeated):
        between = lines[first + 1 : second]
        if lines[first].key != lines[second].key or second - first > _TEASER_DISTANCE:
            continue
        if all(len(line.text) < _BETWEEN_COPIES and not line.is_stopped for line in between):
            for line in between:
                line.propose(Kind.TEASER, "between two copies of a headline")
            for line in lines[second + 1 : second + 2]:
                _mark_summary(line)


def _mark_summary(line: _Line) -> None:
    if line.kind is Kind.TEXT and not line.is_stopped and len(line.text) < _TEASER_SUMMARY:
        line.propose(Kind.TEASER, "below a repeated headline, without a final stop")


def _mark_furniture(lines: list[_Line]) -> None:
    """Unstopped lines at the very end of a prose text are the page's own."""
    if sum(line.kind is Kind.TEXT and line.is_stopped for line in lines) < _PROSE_PARAGRAPHS:
        return
    for line in reversed(lines[-_FURNITURE_LINES:]):
        if line.kind is not Kind.TEXT or line.depth or not _is_label(line):
            return
        line.propose(Kind.FURNITURE, "an unstopped line at the end of the file")


def _mark_headings(lines: list[_Line]) -> None:
    """Short unstopped lines with blank lines around and text below; the first line of the file is the title."""
    kind = Kind.TITLE
    for at, line in enumerate(lines):
        if line.kind is Kind.TEXT and line.after_gap and _has_text_below(lines, at) and _is_headline(line):
            line.propose(kind, "a short line without a final stop, blank lines around it, text below")
        if line.kind is not Kind.TEASER:
            kind = Kind.HEADING


def _has_text_below(lines: list[_Line], at: int) -> bool:
    below = at + 1
    if below == len(lines) or not lines[below].after_gap:
        return False
    while below < len(lines) and lines[below].kind is Kind.TEASER:
        below += 1
    return below < len(lines) and lines[below].kind is Kind.TEXT


def _is_headline(line: _Line) -> bool:
    words = len(line.text.split())
    if len(line.text) > _HEADING_CHARACTERS or words > _HEADING_WORDS or line.indent or line.is_listed:
        return False
    is_open = words <= _QUESTION_WORDS if line.text.endswith("?") else not line.is_stopped
    return is_open and line.text[0] not in "“\"«„'‘" and len(sentences(line.text)) == 1


def _is_label(line: _Line) -> bool:
    """A headline, or a short line that ends with a colon."""
    return _is_headline(line) or (line.text.endswith(":") and len(line.text) < _PROMPT_CHARACTERS)


#: Each rule sees what the rules before it proposed.
_RULES = (_mark_lists, _mark_comments, _mark_teasers, _mark_furniture, _mark_headings)
