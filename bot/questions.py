"""The road of a question on Telegram: message in, reply out, and a line in the usage log."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from telegram import LinkPreviewOptions, MessageEntity
from telegram.error import BadRequest

from bot.usage import Exchange

if TYPE_CHECKING:
    import telegram
    from telegram.ext import ContextTypes

    from bot.dialogue import Dialogue
    from bot.rendering import Message
    from bot.usage import UsageLog

_log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Questions:
    """Replies to what people write."""

    def __init__(self, dialogue: Dialogue, usage: UsageLog) -> None:
        self._dialogue = dialogue
        self._usage = usage

    async def on_message(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Replies to a message, and logs a question whether or not its answer arrived."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or message.text is None:
            return
        asked_at = datetime.now(UTC)
        reply = self._dialogue.reply(message.text, user.language_code)
        delivered = False
        try:
            await send(message, reply.message)
            delivered = True
        finally:
            if reply.answer:
                answered_at = datetime.now(UTC)
                await self._usage.record(
                    Exchange(user.id, message.chat_id, reply.answer, asked_at, answered_at, delivered=delivered)
                )


async def send(to: telegram.Message, message: Message) -> None:
    """Sends a reply; should Telegram refuse its entities, the same text without them."""
    entities = [MessageEntity(entity.style.value, entity.offset, entity.length) for entity in message.entities]
    try:
        await to.reply_text(message.text, entities=entities, link_preview_options=_NO_PREVIEW)
    except BadRequest as error:
        if "entit" not in error.message.casefold():
            raise
        _log.error("Telegram refused the entities of an answer, a fault of Quoth: %s", error.message)
        await to.reply_text(message.text, link_preview_options=_NO_PREVIEW)
