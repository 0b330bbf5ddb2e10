"""The conversation without its channel: a text comes in, a reply goes out. Telegram and the terminal share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands import COMMANDS, Reply, answer
from bot.rendering import clipped, plain
from bot.wording import wording

if TYPE_CHECKING:
    from retrieval.index import Index

_BY_NAME = {command.name: command for command in COMMANDS}
_MAX_COMMAND = 40  # characters of an unknown command that are repeated


class Dialogue:
    """What the bot says about one folder of documents."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def reply(self, text: str, language: str | None = None) -> Reply:
        """The reply to what somebody writes: a command, or a question."""
        words = wording(language)
        if not text.startswith("/"):
            return answer(self._index, words, text)
        name, *argument = text.split(maxsplit=1)
        command = _BY_NAME.get(name.removeprefix("/").partition("@")[0].lower())
        if command is None:
            unknown = words("unknown_command", command=clipped(name, _MAX_COMMAND))
            return Reply(plain(f"{unknown}\n\n{_BY_NAME['help'].reply(self._index, words, '').message.text}"))
        return command.reply(self._index, words, "".join(argument).strip())
