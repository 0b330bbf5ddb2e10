"""Messages on their way to Telegram's library: sent, edited, with their buttons."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import telegram
from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.error import BadRequest

from bot.failures import reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram.error import TelegramError

    from bot.rendering import Button, Message

_log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_Sent = TypeVar("_Sent")
_UNCHANGED = "message is not modified"
_TOO_OLD = "query is too old"

#: The entities of a message as the library wants them; none where Telegram has refused them.
Entities: TypeAlias = "Callable[[Message], list[MessageEntity]]"


async def send(to: telegram.Message, message: Message) -> telegram.Message:
    """Replies to a message; in a private chat, where it is clear what is answered, without repeating it."""

    async def attempt(entities_of: Entities) -> telegram.Message:
        return await to.reply_text(
            message.text,
            entities=entities_of(message),
            reply_markup=keyboard(message) or _reply_wish(message),
            link_preview_options=NO_PREVIEW,
            do_quote=to.chat.type != telegram.Chat.PRIVATE,
            allow_sending_without_reply=True,
        )

    return await despite_entities(attempt)


async def edit(shown: telegram.Message, message: Message) -> None:
    """Puts a message in the place of one of the bot's own."""
    await edit_in(shown, shown.message_id, message)


async def edit_in(near: telegram.Message, message_id: int, message: Message) -> None:
    """Puts a message in the place of another in the same chat; that it says the same already is no fault."""

    async def attempt(entities_of: Entities) -> object:
        return await near.get_bot().edit_message_text(
            message.text,
            near.chat_id,
            message_id,
            entities=entities_of(message),
            reply_markup=keyboard(message),
            link_preview_options=NO_PREVIEW,
        )

    try:
        await despite_entities(attempt)
    except BadRequest as error:
        if _UNCHANGED not in error.message.casefold():
            raise


def article(name: str, title: str, description: str, message: Message, entities: Entities) -> InlineQueryResultArticle:
    """A message on offer, to be sent where the bot is not; its name has 1-64 bytes and differs from the others'."""
    return InlineQueryResultArticle(
        name,
        title,
        InputTextMessageContent(message.text, entities=entities(message), link_preview_options=NO_PREVIEW),
        description=description,
        reply_markup=keyboard(message),
    )


async def despite_entities(attempt: Callable[[Entities], Awaitable[_Sent]]) -> _Sent:
    """Makes an attempt; should Telegram refuse the entities, another with the text alone."""
    try:
        return await attempt(_entities_of)
    except BadRequest as error:
        if "entit" not in error.message.casefold():
            raise
        _log.error("Telegram refused the entities of an answer, a fault of Quoth: %s", reason(error))
        return await attempt(lambda _: [])


def is_too_late(error: TelegramError) -> bool:
    """Whether a query is too old to be answered, or answered already."""
    return isinstance(error, BadRequest) and _TOO_OLD in error.message.casefold()


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of a message."""
    rows = [[_button(button) for button in row] for row in message.buttons if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _reply_wish(message: Message) -> ForceReply | None:
    return ForceReply(selective=True) if message.wants_reply else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.share:
        return InlineKeyboardButton(button.label, switch_inline_query=button.share)
    return InlineKeyboardButton(button.label, callback_data=button.data)


def _entities_of(message: Message) -> list[MessageEntity]:
    return [MessageEntity(entity.style.value, entity.offset, entity.length) for entity in message.entities]
