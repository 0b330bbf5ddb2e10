"""What is said when something goes wrong while the bot runs: one line in the log, a short word to the person."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.logs import redacted
from bot.wording import wording

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable
    from typing import Any

    from telegram import Update, User

_log = logging.getLogger(__name__)

_MAX_REASON = 200  # characters
_PAGE = ". Parsing the server response"  # of a 502 Telegram's library repeats the whole page behind these words


async def apologise(update: Update | None, language: Callable[[User | None], Awaitable[str | None]]) -> None:
    """Tells a person that their message could not be answered, if that can be told, in the language for them.

    Not where the bot is a guest: that chat's id may be another's in its own chats.
    """
    if update and update.effective_message and not update.guest_message:
        with suppress(Exception):  # an update without a chat or with a senseless id, or the end
            words = wording(await language(update.effective_user))
            await update.effective_message.reply_text(words("failure"))


def on_loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Logs what nobody awaited. The library leaves its last poll unawaited when it stops: that is no fault."""
    error = context.get("exception")
    if isinstance(error, TelegramError):
        _log.debug("A request was given up: %s", reason(error))
    else:
        loop.default_exception_handler(context)


def reason(error: TelegramError) -> str:
    """Why, in one line; should it hold a token, then without."""
    return redacted(on_one_line(error.message.partition(_PAGE)[0]), frozenset())


def on_one_line(text: str) -> str:
    """What Telegram says, short enough for the log."""
    return " ".join(text.split())[:_MAX_REASON]
