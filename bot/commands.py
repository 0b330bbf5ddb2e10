"""The commands: a row each, with what it replies, its entry in the menus and its line in /help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.catalogue import Catalogue
from bot.examples import Examples
from bot.rendering import Button, plain, render
from bot.wording import PLURALS
from bot.wording import wording as wording_of
from retrieval.quoting import MAX_QUOTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.rendering import Message, Rows
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Answer

#: What the buttons below /language bring back for the language of the person's Telegram.
AS_IN_TELEGRAM = "auto"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back, and the answer in it, if a question was answered."""

    message: Message
    answer: Answer | None = None


class Desk:
    """What the commands reply from.

    Args:
        retention_days: after how many days a question is forgotten, which /privacy says; 0: never.
        commands: those that /help names.
    """

    def __init__(self, index: Index, retention_days: int, commands: tuple[Command, ...]) -> None:
        self.commands = commands
        self.examples = Examples(index)
        self.catalogue = Catalogue(index)
        self.retention_days = retention_days


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the bot; `menu` is the key of its entry in the menu, which is its line in /help too."""

    name: str
    menu: str
    reply: Callable[[Desk, Wording, str], Reply]  # the last: what stands behind the command
    in_groups: bool = True  # whether the menu of groups offers it
    in_terminal: bool = True  # where nobody is known, and nothing kept


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


def _language(_desk: Desk, wording: Wording, _: str) -> Reply:
    return Reply(plain(wording("language_ask")).with_buttons(languages(wording)))


def languages(wording: Wording) -> Rows:
    """A button for each language by its own name, and one for that of the person's Telegram."""
    names = [Button(wording_of(code)("own_name"), f"language:{code}") for code in PLURALS]
    return tuple(names[:2]), tuple(names[2:]), (Button(wording("as_in_telegram"), f"language:{AS_IN_TELEGRAM}"),)


def _privacy(desk: Desk, wording: Wording, _: str) -> Reply:
    days = desk.retention_days
    kept = wording("kept_for", days=wording.count("days", days)) if days else wording("kept_on")
    return Reply(plain(wording("privacy", kept=kept)))


def _forget(_desk: Desk, wording: Wording, _: str) -> Reply:
    return Reply(plain(wording("forget_ask")).with_buttons(consent(wording)))


def consent(wording: Wording) -> Rows:
    """Whether to forget: yes or no."""
    return (Button(wording("forget_yes"), "forget:yes"),), (Button(wording("forget_no"), "forget:no"),)


#: In the order of the menus.
COMMANDS = (
    Command("start", "menu_start", _start, in_groups=False),
    Command("ask", "menu_ask", _ask),
    Command("sources", "menu_sources", _sources),
    Command("help", "menu_help", _help),
    Command("language", "menu_language", _language, in_terminal=False),
    Command("privacy", "menu_privacy", _privacy, in_terminal=False),
    Command("forget", "menu_forget", _forget, in_terminal=False),
)
#: Those that the terminal knows.
TERMINAL_COMMANDS = tuple(command for command in COMMANDS if command.in_terminal)
