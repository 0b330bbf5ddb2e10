"""What is said when something goes wrong while the bot runs: one line in the log, a short word to the person."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.wording import wording

if TYPE_CHECKING:
    import asyncio
    from typing import Any

    from telegram import Update

_log = logging.getLogger(__name__)

_MAX_REASON = 200  # characters
_PAGE = ". Parsing the server response"  # of a 502 Telegram's library repeats the whole page behind these words


async def apologise(update: Update | None) -> None:
    """Tells a person that their message could not be answered, if that can be told."""
    if update and update.effective_message:
        language = update.effective_user.language_code if update.effective_user else None
        with suppress(Exception):  # it may be an update without a chat, or the end
            await update.effective_message.reply_text(wording(language)("failure"))


def on_loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Logs what nobody awaited. The library leaves its last poll unawaited when it stops: that is no fault."""
    error = context.get("exception")
    if isinstance(error, TelegramError):
        _log.debug("A request was given up: %s", reason(error))
    else:
        loop.default_exception_handler(context)


def reason(error: TelegramError) -> str:
    """Why, in one line."""
    return on_one_line(error.message.partition(_PAGE)[0])


def on_one_line(text: str) -> str:
    """What Telegram says, short enough for the log."""
    return " ".join(text.split())[:_MAX_REASON]
