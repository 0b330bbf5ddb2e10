"""The conversation without its channel: a text comes in, a reply goes out. Telegram and the terminal share it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands import COMMANDS, Desk, Reply, answer
from bot.context import Contexts
from bot.keyboards import below_link
from bot.links import INLINE, Places
from bot.rendering import clipped, plain
from retrieval.quoting import MAX_QUOTES

if TYPE_CHECKING:
    from bot.commands import Command
    from bot.wording import Wording
    from retrieval.index import Index

_MAX_COMMAND = 40  # characters of an unknown command that are repeated


class Dialogue:
    """What the bot says about one folder of documents.

    Args:
        limit: citations in an answer; those that the first message does not show can be paged to.
        retention_days: what /privacy says of the usage log.
        commands: those that are known here.
    """

    def __init__(
        self,
        index: Index,
        limit: int = MAX_QUOTES,
        retention_days: int = 0,
        commands: tuple[Command, ...] = COMMANDS,
    ) -> None:
        self._index = index
        self._limit = limit
        self._commands = {command.name: command for command in commands}
        self.desk = Desk(index, retention_days, commands)
        self.contexts = Contexts(index)
        self._places = Places(index, self.contexts)

    def reply(self, text: str, words: Wording, *, with_question: bool = False) -> Reply:
        """The reply to what somebody writes: a command, or a question, which may stand above its answer."""
        question = self.question(text)
        if question is not None:
            return answer(self._index, words, question, self._limit, with_question=with_question)
        name, argument = _split(text)
        if name == "start" and argument:
            return self._followed(argument, words)
        command = self._commands.get(name)
        if command is None:
            unknown = words("unknown_command", command=clipped(f"/{name}", _MAX_COMMAND))
            return Reply(plain(f"{unknown}\n\n{self._commands['help'].reply(self.desk, words, '').message.text}"))
        return command.reply(self.desk, words, argument)

    def _followed(self, payload: str, words: Wording) -> Reply:
        """Where a link leads: to a quote in its context, else to the greeting, with a line that says why."""
        citation = self._places.citation(payload)
        if citation:
            return Reply(self.contexts.render(citation, words).with_buttons(below_link(citation, words)))
        greeting = self.reply("/start", words)
        line = words("inline_help") if payload == INLINE else words("lost_link")
        return replace(greeting, message=greeting.message.below(line))

    @staticmethod
    def question(text: str) -> str | None:
        """The question in what somebody writes; None if it is another command, or /ask alone."""
        if not text.startswith("/"):
            return text
        name, argument = _split(text)
        return argument if name == "ask" and argument else None


def _split(text: str) -> tuple[str, str]:
    """The name of a command, and what stands behind it."""
    name, *argument = text.split(maxsplit=1)
    return name.removeprefix("/").partition("@")[0].lower(), "".join(argument).strip()
