"""The documents as a list to turn the pages of, and the outline of each: messages with their buttons."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from bot.keyboards import arrows
from bot.links import short_name
from bot.rendering import Button, Draft, Style, clipped
from retrieval.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.rendering import Message, Rows
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Block, Document

_Line = TypeVar("_Line")

# Characters of which each may take two UTF-16 units: a page of either kind stays below MAX_LENGTH.
_DOCUMENTS, _LINES = 6, 14  # on a page
_MAX_TITLE, _MAX_PUBLISHER, _MAX_DATE, _MAX_FILE, _MAX_LINE = 120, 60, 30, 80, 90
_MAX_LABEL = 50  # characters on a button
_GLANCE = 1_000  # characters of a paragraph in which its first words are sought


class Catalogue:
    """The documents of an index, for people to look through."""

    def __init__(self, index: Index) -> None:
        self._documents = index.documents
        self._passages = len(index.passages)
        self._counts = Counter(passage.document.file for passage in index.passages)
        self._numbers = {short_name(document.file): number for number, document in enumerate(index.documents)}

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-len(self._documents) // _DOCUMENTS))

    def size(self, wording: Wording) -> str:
        """How much there is to ask about."""
        return f"{wording.count('documents', len(self._documents))}, {wording.count('passages', self._passages)}"

    def page(self, wording: Wording, number: int = 0) -> Message | None:
        """A page of the list, counted from 0, with a button for each document; None if there is no such page."""
        if number >= self.pages:
            return None
        draft, first = Draft(), _DOCUMENTS * number
        draft.add(self.size(wording))
        if self.pages > 1:
            draft.add(f" · {wording('page_of', number=number + 1, total=self.pages)}")
        shown = self._documents[first : first + _DOCUMENTS]
        for at, document in enumerate(shown, start=first + 1):
            draft.add(f"\n\n{at}. ")
            draft.append(self._entry(document, wording))
        if self.pages > 1:
            draft.add(f"\n\n{wording('sources_hint')}")
        opening = tuple((_opening(at, document),) for at, document in enumerate(shown, start=first + 1))
        return draft.message().with_buttons((*opening, arrows(wording, "sources", number, pages=self.pages)))

    def outline(self, wording: Wording, name: str, page: int = 0) -> Message | None:
        """A page of a document's outline; None if there is no such document or page."""
        number = self._numbers.get(name)
        if number is None:
            return None
        document = self._documents[number]
        pages, lines = _outline(document, wording, page)
        if page >= pages:
            return None
        draft = Draft()
        draft.append(self._entry(document, wording))
        draft.add("\n")
        for line in lines:
            draft.add(f"\n{line}")
        return draft.message().with_buttons(self._below_outline(wording, number, page, pages))

    def _below_outline(self, wording: Wording, number: int, page: int, pages: int) -> Rows:
        name = short_name(self._documents[number].file)
        back = Button(wording("back_to_sources"), f"sources:{number // _DOCUMENTS}")
        return arrows(wording, f"outline:{name}", page, pages=pages), (back,)

    def _entry(self, document: Document, wording: Wording) -> Draft:
        """What is known of a document."""
        draft, source = Draft(), document.source
        draft.add(clipped(document.title or wording("untitled"), _MAX_TITLE), Style.BOLD)
        draft.add("\n")
        draft.add(f"{clipped(source.publisher, _MAX_PUBLISHER)} · " if source.publisher else "")
        draft.add(f"{clipped(source.date, _MAX_DATE)} · " if source.date else "")
        draft.add(clipped(document.file, _MAX_FILE), Style.CODE)
        draft.add(f" · {wording.count('passages', self._counts[document.file])}")
        return draft


def _opening(at: int, document: Document) -> Button:
    """The button that opens a document's outline."""
    label = clipped(document.title or document.file, _MAX_LABEL)
    return Button(f"{at}. {label}", f"outline:{short_name(document.file)}:0")


def _outline(document: Document, wording: Wording, page: int) -> tuple[int, list[str]]:
    """How many pages the outline has, and the lines of one: its headings, for want of any its paragraphs."""
    if any(block.kind is Kind.HEADING for block in document.blocks):
        sections = list(_sections(document, wording))
        shown = [f"{label} · {count}" if count else label for label, count in _on(page, sections)]
        return _pages(sections), shown
    paragraphs = [block for block in document.blocks if block.kind is Kind.TEXT]
    shown = [f"{block.paragraph}. {_first_words(document, block)}" for block in _on(page, paragraphs)]
    comments = _comments(document, wording)
    return _pages(paragraphs), shown + (comments if page == _pages(paragraphs) - 1 else [])


def _sections(document: Document, wording: Wording) -> Iterator[tuple[str, str]]:
    """Each heading with how much stands under it, before them what stands above the first, and the comments."""
    label, paragraphs = wording("before_headings"), 0
    is_first = True
    for block in document.blocks:
        if block.kind is Kind.HEADING:
            if paragraphs or not is_first:
                yield label, _paragraphs(paragraphs, wording)
            label, paragraphs, is_first = _first_words(document, block), 0, False
        paragraphs += block.kind is Kind.TEXT
    yield label, _paragraphs(paragraphs, wording)
    for comments in _comments(document, wording):
        yield comments, ""


def _paragraphs(number: int, wording: Wording) -> str:
    return wording.count("paragraphs", number) if number else ""


def _comments(document: Document, wording: Wording) -> list[str]:
    """A line on the reader comments, if there are any."""
    number = sum(block.kind is Kind.COMMENT for block in document.blocks)
    return [wording.count("comments", number)] if number else []


def _first_words(document: Document, block: Block) -> str:
    return clipped(document.text[block.start : min(block.end, block.start + _GLANCE)], _MAX_LINE)


def _pages(lines: Sequence[object]) -> int:
    return max(1, -(-len(lines) // _LINES))


def _on(page: int, lines: Sequence[_Line]) -> Sequence[_Line]:
    return lines[_LINES * page : _LINES * (page + 1)]
