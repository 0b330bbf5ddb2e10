"""How an answer looks: text and entities, with lengths as Telegram counts them.

Nothing here knows Telegram's library: the terminal shows the same messages. Text is built with entities, never
with markup, so no document or question can break it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.telegram_text import clean, utf16_length
from retrieval.index import MAX_QUESTION
from retrieval.types import Kind, Silence, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.wording import Wording
    from retrieval.types import Answer, Citation

# https://core.telegram.org/bots/api#sendmessage: 1-4096 characters, in UTF-16 units to be safe; of more than 100
# entities Telegram ignores the rest.
MAX_LENGTH = 4_096
MAX_ENTITIES = 100
#: Quotes in one message.
QUOTES = 3
_MAX_LABEL = 100  # characters of a title, heading or file name in a citation
_MAX_ASKED = 200  # characters of a question that is repeated
_MAX_QUESTION = 256  # characters: as many as can be asked inline
_MAX_BOLD = 25  # highlights in one quote: three quotes, their lead-ins and files stay below MAX_ENTITIES
_MAX_WORDS, _MAX_MEANINGS, _MAX_WORD = 10, 2, 30  # words named as not understood, and characters of each


class Style(StrEnum):
    """The entity types in use, by Telegram's names."""

    QUOTE = "blockquote"
    FOLDED_QUOTE = "expandable_blockquote"
    BOLD = "bold"
    CODE = "code"


QUOTATIONS = frozenset({Style.QUOTE, Style.FOLDED_QUOTE})


@dataclass(frozen=True, slots=True)
class Entity:
    """A style on a stretch of the message; offset and length in UTF-16 units."""

    style: Style
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message; it does one of three things."""

    label: str
    data: str = ""  # comes back when it is pressed; 64 bytes at most
    url: str = ""  # is opened
    share: str = ""  # is asked inline, in a chat that the person chooses


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: a text that Telegram leaves as it is, its entities, and the rows of buttons below it."""

    text: str
    entities: tuple[Entity, ...] = ()
    buttons: Rows = ()
    wants_reply: bool = False  # the person's next message is meant as a reply to this one

    def with_buttons(self, buttons: Rows) -> Message:
        """The same message above other buttons."""
        return replace(self, buttons=buttons)

    def below(self, line: str) -> Message:
        """The same message with a line above it."""
        above = clean(f"{line}\n\n")
        length = utf16_length(above)
        entities = tuple(Entity(e.style, e.offset + length, e.length) for e in self.entities)
        return replace(self, text=above + self.text, entities=entities)


class Draft:
    """A message in the making: pieces of text, each with its styles."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._entities: list[Entity] = []
        self.length = 0  # UTF-16 units

    def add(self, text: str, *styles: Style) -> None:
        """Appends a piece; an empty one leaves no entity."""
        piece = clean(text)
        length = utf16_length(piece)
        if length:
            self._entities += [Entity(style, self.length, length) for style in styles]
        self._pieces.append(piece)
        self.length += length

    def append(self, other: Draft) -> None:
        """Appends all of another draft."""
        self._entities += [Entity(e.style, e.offset + self.length, e.length) for e in other._entities]
        self._pieces += other._pieces
        self.length += other.length

    def wrap(self, style: Style) -> None:
        """Puts a style around all there is so far."""
        if self.length:
            self._entities.insert(0, Entity(style, 0, self.length))

    def holds(self, other: Draft, *, reserve: int = 0) -> bool:
        """Whether the other draft still fits below this one, and `reserve` units below both."""
        entities = len(self._entities) + len(other._entities)
        return self.length + other.length + reserve <= MAX_LENGTH and entities <= MAX_ENTITIES

    def message(self) -> Message:
        """The finished message."""
        return Message("".join(self._pieces), tuple(self._entities))


def plain(text: str) -> Message:
    """A message without entities."""
    return Message(clean(text).strip())


def render(answer: Answer, wording: Wording, page: int = 0, *, with_question: bool = False) -> Message:
    """The message that gives an answer: the best quote open, two further folded, each with where it stands.

    The pages after the first, which is 0, show further quotes. The question stands above where no message asks it.
    """
    draft, opening = Draft(), _opening(answer, wording)
    if with_question:
        draft.add(clipped(answer.question, _MAX_ASKED), Style.BOLD)
        draft.add("\n\n" if opening else "")
    draft.add(opening)
    citations = answer.citations[QUOTES * page : QUOTES * (page + 1)]
    if citations:
        draft.add("\n\n" if draft.length else "")
        draft.append(_cited(citations[0], wording, Style.QUOTE))
    notes = _notes(answer, wording, MAX_LENGTH - draft.length)
    above = citations[0] if citations else None
    for citation in citations[1:]:
        part = Draft()
        part.add("\n\n")
        part.append(_cited(citation, wording, Style.FOLDED_QUOTE, above))
        if draft.holds(part, reserve=notes.length):
            draft.append(part)
            above = citation
    draft.append(notes)
    return draft.message()


def render_quote(answer: Answer, citation: Citation, wording: Wording) -> Message:
    """The message that gives one quote of an answer where nobody has seen the question."""
    draft = Draft()
    if answer.verdict is Verdict.RELATED:
        draft.add(f"{wording('related_to', question=clipped(answer.question, _MAX_QUESTION))}\n\n")
    draft.append(_cited(citation, wording, Style.QUOTE))
    return draft.message()


def _opening(answer: Answer, wording: Wording) -> str:
    """What is said before the quotes; nothing where the documents answer."""
    if answer.silence is not None:
        key = "nothing" if answer.silence is Silence.UNSAID else answer.silence.value
        return wording(key, limit=MAX_QUESTION)
    return wording("related") if answer.verdict is Verdict.RELATED else ""


def _notes(answer: Answer, wording: Wording, room: int) -> Draft:
    """How the question was read, and its words that the documents do not have: as much as there is room for."""
    notes = Draft()
    for text in _readings(answer, wording):
        note = Draft()
        note.add(f"\n\n{text}")
        if notes.length + note.length <= room:
            notes.append(note)
    return notes


def _readings(answer: Answer, wording: Wording) -> Iterator[str]:
    if answer.read_as:
        readings = [
            wording(
                "reading", word=clipped(word, _MAX_WORD), meaning=clipped("/".join(meant[:_MAX_MEANINGS]), _MAX_WORD)
            )
            for word, meant in list(answer.read_as.items())[:_MAX_WORDS]
        ]
        yield wording("read_as", readings=", ".join(readings))
    if answer.not_understood:
        words = [clipped(word, _MAX_WORD) for word in answer.not_understood[:_MAX_WORDS]]
        yield wording("not_understood", words=", ".join(words))


def _cited(citation: Citation, wording: Wording, style: Style, above: Citation | None = None) -> Draft:
    """A quote, above it what it needs to be understood, unless that is the quote above; below it where it stands."""
    draft = Draft()
    lead_in = citation.lead_in
    if lead_in and not (above and (above.file, above.start) == (citation.file, lead_in.start)):
        draft.append(quoted(lead_in.quote, (), style))
        draft.add("\n")
    inside = [(start - citation.start, end - citation.start) for start, end in citation.highlights]
    draft.append(quoted(citation.quote, inside, style))
    draft.add("\n")
    draft.append(place(citation, wording))
    return draft


def quoted(quote: str, highlights: Sequence[tuple[int, int]], style: Style) -> Draft:
    """A quotation with stretches of it in bold."""
    shown, draft, at = clean(quote), Draft(), 0
    for start, end in _joined(shown, [(len(clean(quote[:a])), len(clean(quote[:b]))) for a, b in highlights]):
        draft.add(shown[at:start])
        draft.add(shown[start:end], Style.BOLD)
        at = end
    draft.add(shown[at:])
    draft.wrap(style)
    return draft


def _joined(shown: str, highlights: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first highlights, those side by side as one."""
    joined: list[tuple[int, int]] = []
    for start, end in highlights:
        if joined and shown[joined[-1][1] : start] in {"", " ", "-", "–"}:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined[:_MAX_BOLD]


def place(citation: Citation, wording: Wording) -> Draft:
    """The citation line: where a quote stands."""
    draft = Draft()
    for number, (text, styles) in enumerate(_parts_of_place(citation, wording)):
        draft.add(" · " if number else "")
        draft.add(text, *styles)
    return draft


def summary(citation: Citation, wording: Wording) -> str:
    """Where a quote stands, on a line whose end may be cut off: what is not the publisher's own says so first."""
    parts = [text for text, _ in _parts_of_place(citation, wording)]
    parts.sort(key=lambda part: citation.kind is Kind.TEXT or part != _paragraph(citation, wording))
    return clean(" · ".join(parts))


def _parts_of_place(citation: Citation, wording: Wording) -> Iterator[tuple[str, tuple[Style, ...]]]:
    """Who, when, which file, under which heading, which paragraph."""
    named = citation.publisher or citation.title
    if named:
        yield clipped(named, _MAX_LABEL), ()
    if citation.date:
        yield clipped(citation.date, _MAX_LABEL), ()
    # As code: Telegram would make a link of "notes.md", for .md is a country.
    yield clipped(citation.file, _MAX_LABEL), (Style.CODE,)
    if citation.heading:
        yield wording("heading", heading=clipped(citation.heading, _MAX_LABEL)), ()
    if citation.page is not None:
        yield wording("page", number=citation.page), ()
    if citation.paragraph is not None:
        yield _paragraph(citation, wording), ()
    if citation.is_cut:
        yield wording("cut"), ()


def _paragraph(citation: Citation, wording: Wording) -> str:
    """Which paragraph of its kind."""
    key = citation.kind.value if citation.kind is not Kind.TEXT else "paragraph"
    return wording(key, number=citation.paragraph)


def clipped(text: str, limit: int) -> str:
    """A label on one line, cut with an ellipsis if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
