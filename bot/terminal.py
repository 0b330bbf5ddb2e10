"""The terminal: messages as Telegram would show them, quotes set off and matched words marked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.dialogue import Dialogue
from bot.rendering import QUOTATIONS, Style, clipped
from bot.telegram_text import clean
from retrieval.types import Kind

if TYPE_CHECKING:
    from typing import TextIO

    from bot.rendering import Entity, Message
    from retrieval.folder import Folder
    from retrieval.index import Index

_LOOKS = {Style.BOLD: "bold yellow", Style.CODE: "cyan"}
_BAR = "▌ "
_PLAIN_BAR = "> "
_ENDLESS = 100_000  # columns
_GLIMPSE = 60  # characters of a block


def show(message: Message, console: Console) -> None:
    """Prints a message; on anything but a terminal plain, and never wrapped."""
    quotations = [_extent(message.text, entity) for entity in message.entities if entity.style in QUOTATIONS]
    at = 0
    for line in _styled(message).split("\n", allow_blank=True):
        is_quoted = any(start <= at < end for start, end in quotations)
        _print(line, console, is_quoted=is_quoted)
        at += len(line) + 1


def _styled(message: Message) -> Text:
    text = Text(message.text)
    for entity in message.entities:
        if entity.style in _LOOKS:
            text.stylize(_LOOKS[entity.style], *_extent(message.text, entity))
    return text


def _extent(text: str, entity: Entity) -> tuple[int, int]:
    """Where an entity lies, in code points."""
    units = text.encode("utf-16-le")
    start = len(units[: 2 * entity.offset].decode("utf-16-le"))
    return start, start + len(units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le"))


def _print(line: Text, console: Console, *, is_quoted: bool) -> None:
    if not console.is_terminal:
        bar = _PLAIN_BAR if is_quoted else ""
        console.print(Text(bar) + line, soft_wrap=True)
        return
    bar = _BAR if is_quoted else ""
    for part in line.wrap(console, max(20, console.width - len(bar))):
        console.print(Text(bar, "dim") + part)


def console() -> Console:
    """Standard output; where it is no terminal, wide enough to wrap nothing."""
    found = Console(highlight=False, markup=False, emoji=False)
    return found if found.is_terminal else Console(highlight=False, markup=False, emoji=False, width=_ENDLESS)


def converse(index: Index, lines: TextIO) -> None:
    """The bot without Telegram: a reply to every line, until the lines end or someone says /quit."""
    out, dialogue = console(), Dialogue(index)
    is_prompted = lines.isatty() and out.is_terminal
    show(dialogue.reply("/start").message, out)
    while True:
        out.print()
        line = _next_line(lines, out, is_prompted=is_prompted)
        if line is None or line in {"/quit", "/exit"}:
            return
        if line:
            show(dialogue.reply(line).message, out)


def _next_line(lines: TextIO, out: Console, *, is_prompted: bool) -> str | None:
    """The next line, stripped; None at the end."""
    if is_prompted:
        import readline  # noqa: F401, PLC0415  # gives input() its history and editing

        try:
            return out.input("> ").strip()
        except EOFError:
            return None
    line = lines.readline()
    return line.strip() if line else None


def show_folder(folder: Folder, out: Console) -> None:
    """A row for each document, then what is wrong or doubtful."""
    table = Table(box=None, pad_edge=False)
    for column in ("file", "publisher or title", *(kind.value for kind in Kind)):
        table.add_column(column)
    for document in folder.documents:
        counts = Counter(block.kind for block in document.blocks)
        name = document.source.publisher or document.title or "–"
        table.add_row(document.file, name, *(str(counts[kind]) for kind in Kind))
    out.print(table)
    for document in folder.documents:
        for warning in document.warnings:
            out.print(f"note: {document.file}: {warning}.", soft_wrap=True)
    for name in folder.ignored:
        out.print(f"note: {name}: no reader for this kind of file.", soft_wrap=True)
    for problem in folder.problems:
        out.print(f"problem: {problem}", soft_wrap=True)


def show_blocks(folder: Folder, out: Console) -> None:
    """Every block of every document: its kind, where it stands, how it begins and why it was given its kind."""
    for document in folder.documents:
        table = Table(box=None, pad_edge=False, title=document.file, title_justify="left")
        for column in ("kind", "paragraph", "start", "end", "text", "reason"):
            table.add_column(column)
        for block in document.blocks:
            text = clipped(clean(document.text[block.start : block.end]), _GLIMPSE)
            place = "" if block.paragraph is None else str(block.paragraph)
            table.add_row(block.kind.value, place, str(block.start), str(block.end), text, block.reason)
        out.print(table)
        out.print()
