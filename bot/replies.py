"""Messages on their way to Telegram's library: sent, edited, with their buttons."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import telegram
from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity
from telegram.error import BadRequest

from bot.failures import reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.rendering import Button, Message

_log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_Sent = TypeVar("_Sent")
_UNCHANGED = "message is not modified"


async def send(to: telegram.Message, message: Message) -> telegram.Message:
    """Replies to a message; in a private chat, where it is clear what is answered, without repeating it."""

    async def attempt(message: Message) -> telegram.Message:
        return await to.reply_text(
            message.text,
            entities=entities_of(message),
            reply_markup=keyboard(message) or _reply_wish(message),
            link_preview_options=NO_PREVIEW,
            do_quote=to.chat.type != telegram.Chat.PRIVATE,
            allow_sending_without_reply=True,
        )

    return await _as_taken(message, attempt)


async def edit(shown: telegram.Message, message: Message) -> None:
    """Puts a message in the place of one of the bot's own."""
    await edit_in(shown, shown.message_id, message)


async def edit_in(near: telegram.Message, message_id: int, message: Message) -> None:
    """Puts a message in the place of another in the same chat; that it says the same already is no fault."""

    async def attempt(message: Message) -> object:
        return await near.get_bot().edit_message_text(
            message.text,
            near.chat_id,
            message_id,
            entities=entities_of(message),
            reply_markup=keyboard(message),
            link_preview_options=NO_PREVIEW,
        )

    try:
        await _as_taken(message, attempt)
    except BadRequest as error:
        if _UNCHANGED not in error.message.casefold():
            raise


def entities_of(message: Message) -> list[MessageEntity]:
    """The entities of a message, as the library wants them."""
    return [MessageEntity(entity.style.value, entity.offset, entity.length) for entity in message.entities]


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


async def _as_taken(message: Message, attempt: Callable[[Message], Awaitable[_Sent]]) -> _Sent:
    """Makes an attempt; should Telegram refuse the entities or the buttons, another without them."""
    try:
        return await attempt(message)
    except BadRequest as error:
        why = error.message.casefold()
        if "entit" in why and message.entities:
            _log.error("Telegram refused the entities of an answer, a fault of Quoth: %s", reason(error))
            less = replace(message, entities=())
        elif "button" in why and message.buttons:
            _log.error("Telegram refused the buttons of an answer; is its source's address right? %s", reason(error))
            less = message.with_buttons(())
        else:
            raise
    return await _as_taken(less, attempt)
