"""The commands: a row each, with what it replies, its entry in the menus and its line in /help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.catalogue import Catalogue
from bot.examples import Examples
from bot.rendering import plain, render
from retrieval.quoting import MAX_QUOTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.rendering import Message
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Answer


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back, and the answer in it, if a question was answered."""

    message: Message
    answer: Answer | None = None


class Desk:
    """What the commands reply from.

    Args:
        commands: those that /help names.
    """

    def __init__(self, index: Index, commands: tuple[Command, ...]) -> None:
        self.commands = commands
        self.examples = Examples(index)
        self.catalogue = Catalogue(index)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the bot; `menu` is the key of its entry in the menu, which is its line in /help too."""

    name: str
    menu: str
    reply: Callable[[Desk, Wording, str], Reply]  # the last: what stands behind the command


def answer(
    index: Index, wording: Wording, question: str, limit: int = MAX_QUOTES, *, with_question: bool = False
) -> Reply:
    """The documents' answer to a question."""
    found = index.ask(question, limit)
    return Reply(render(found, wording, with_question=with_question), found)


def _start(desk: Desk, wording: Wording, _: str) -> Reply:
    message = plain(f"{wording('start')}\n\n{desk.catalogue.size(wording)}")
    return Reply(message.with_buttons(desk.examples.buttons(wording)))


def _help(desk: Desk, wording: Wording, _: str) -> Reply:
    lines = "\n".join(f"/{command.name} – {wording(command.menu)}" for command in desk.commands)
    return Reply(plain(wording("help", commands=lines)))


def _ask(_desk: Desk, wording: Wording, _: str) -> Reply:
    """Asks for the question that was left out; one that was not is no command (`bot/dialogue.py`)."""
    return Reply(replace(plain(wording("ask_empty")), wants_reply=True))


def _sources(desk: Desk, wording: Wording, page: str) -> Reply:
    """A page of the documents: the one whose number stands behind the command, or the nearest to it."""
    number = int(page) - 1 if page.isdecimal() else 0
    shown = desk.catalogue.page(wording, min(max(0, number), desk.catalogue.pages - 1))
    return Reply(shown or plain(desk.catalogue.size(wording)))


#: In the order of the menus.
COMMANDS = (
    Command("start", "menu_start", _start),
    Command("ask", "menu_ask", _ask),
    Command("sources", "menu_sources", _sources),
    Command("help", "menu_help", _help),
)
