"""What Telegram shows of the bot before anybody writes: its menus of commands and its descriptions."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.commands import COMMANDS
from bot.errors import EndingError
from bot.failures import reason
from bot.wording import PLURALS, wording

if TYPE_CHECKING:
    import telegram

    from bot.wording import Wording

_log = logging.getLogger(__name__)

_DEFAULT = next(iter(PLURALS))
#: By the language of a person's Telegram; the empty one is shown where there is no other.
_LANGUAGES = {"" if language == _DEFAULT else language: wording(language) for language in PLURALS}
_SCOPES: dict[telegram.BotCommandScope, tuple[str, ...]] = {
    BotCommandScopeAllPrivateChats(): tuple(command.name for command in COMMANDS),
    BotCommandScopeAllGroupChats(): tuple(command.name for command in COMMANDS if command.in_groups),
}


class Menus:
    """The bot's menus and descriptions at Telegram."""

    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot

    async def refresh(self) -> None:
        """Sets what is not yet as it should be. Nothing depends on it, so that a failure ends it with a line."""
        try:
            for language, words in _LANGUAGES.items():
                await self._set_commands(language, words)
                await self._set_descriptions(language, words)
        except TelegramError as error:
            _log.warning("The menus of commands are not up to date; the next start sets them: %s", reason(error))
        except EndingError:
            pass

    async def _set_commands(self, language: str, words: Wording) -> None:
        for scope, names in _SCOPES.items():
            wanted = [(command.name, words(command.menu)) for command in COMMANDS if command.name in names]
            there = await self._bot.get_my_commands(scope, language)
            if [(command.command, command.description) for command in there] != wanted:
                await self._bot.set_my_commands(wanted, scope, language)

    async def _set_descriptions(self, language: str, words: Wording) -> None:
        long, short = words("description"), words("short_description")
        if (await self._bot.get_my_description(language)).description != long:
            await self._bot.set_my_description(long, language)
        if (await self._bot.get_my_short_description(language)).short_description != short:
            await self._bot.set_my_short_description(short, language)
