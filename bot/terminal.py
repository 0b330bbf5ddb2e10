"""The terminal: messages as Telegram would show them, quotes set off and matched words marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bot.commands import TERMINAL_COMMANDS
from bot.dialogue import Dialogue
from bot.rendering import QUOTATIONS, Style
from bot.terminal_text import harmless
from bot.wording import wording

if TYPE_CHECKING:
    from typing import TextIO

    from bot.rendering import Entity, Message
    from retrieval.index import Index

_LOOKS = {Style.BOLD: "bold yellow", Style.CODE: "cyan"}
_BAR = "▌ "
_PLAIN_BAR = "> "
_ENDLESS, _NARROWEST = 100_000, 2  # columns


def show(message: Message, console: Console) -> None:
    """Prints a message; on anything but a terminal plain, and never wrapped."""
    quotations = [_extent(message.text, entity) for entity in message.entities if entity.style in QUOTATIONS]
    at = 0
    for line in _styled(message).split("\n", allow_blank=True):
        is_quoted = any(start <= at < end for start, end in quotations)
        _print(line, console, is_quoted=is_quoted)
        at += len(line) + 1


def _styled(message: Message) -> Text:
    text = Text(harmless(message.text))
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
    for part in line.wrap(console, max(_NARROWEST, console.width - len(bar))):
        console.print(Text.assemble((bar, "dim"), part))


def console() -> Console:
    """Standard output; where it is no terminal, wide enough to wrap nothing."""
    found = Console(highlight=False, markup=False, emoji=False)
    return found if found.is_terminal else Console(highlight=False, markup=False, emoji=False, width=_ENDLESS)


def converse(index: Index, lines: TextIO) -> None:
    """The bot without Telegram: a reply to every line, until the lines end or someone says /quit."""
    out, dialogue, words = console(), Dialogue(index, commands=TERMINAL_COMMANDS), wording(None)
    is_prompted = lines.isatty() and out.is_terminal
    show(dialogue.reply("/start", words).message, out)
    while True:
        out.print()
        line = _next_line(lines, out, is_prompted=is_prompted)
        if line is None or line in {"/quit", "/exit"}:
            return
        if line:
            show(dialogue.reply(line, words).message, out)


def _next_line(lines: TextIO, out: Console, *, is_prompted: bool) -> str | None:
    """The next line, stripped; None at the end."""
    if is_prompted:
        return _typed(out)
    line = lines.readline()
    return line.strip() if line else None


def _typed(out: Console) -> str | None:
    """A line that somebody types; the prompt is left on a line of its own."""
    import readline  # noqa: F401, PLC0415  # gives input() its history and editing

    try:
        return input("> ").strip()
    except EOFError:
        out.print()
        return None
    except KeyboardInterrupt:
        out.print()
        raise
