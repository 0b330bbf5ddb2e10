"""Messages on their way to Telegram's library: sent, edited, with their buttons."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

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


@dataclass(frozen=True, slots=True)
class Look:
    """How much of a message Telegram is offered: what it has refused is left out."""

    with_entities: bool = True
    with_buttons: bool = True

    def of(self, message: Message) -> Message:
        """The message so."""
        entities = message.entities if self.with_entities else ()
        return replace(message, entities=entities, buttons=message.buttons if self.with_buttons else ())


async def send(to: telegram.Message, message: Message) -> telegram.Message:
    """Replies to a message; in a private chat, where it is clear what is answered, without repeating it."""

    async def attempt(look: Look) -> telegram.Message:
        said = look.of(message)
        return await to.reply_text(
            said.text,
            entities=entities_of(said),
            reply_markup=keyboard(said) or _reply_wish(said),
            link_preview_options=NO_PREVIEW,
            do_quote=to.chat.type != telegram.Chat.PRIVATE,
            allow_sending_without_reply=True,
        )

    return await as_taken(attempt)


async def edit(shown: telegram.Message, message: Message) -> None:
    """Puts a message in the place of one of the bot's own."""
    await edit_in(shown, shown.message_id, message)


async def edit_in(near: telegram.Message, message_id: int, message: Message) -> None:
    """Puts a message in the place of another in the same chat; that it says the same already is no fault."""

    async def attempt(look: Look) -> object:
        said = look.of(message)
        return await near.get_bot().edit_message_text(
            said.text,
            near.chat_id,
            message_id,
            entities=entities_of(said),
            reply_markup=keyboard(said),
            link_preview_options=NO_PREVIEW,
        )

    try:
        await as_taken(attempt)
    except BadRequest as error:
        if _UNCHANGED not in error.message.casefold():
            raise


def article(name: str, title: str, description: str, message: Message) -> InlineQueryResultArticle:
    """A message on offer, to be sent where the bot is not; its name has 1-64 bytes and differs from the others'."""
    return InlineQueryResultArticle(
        name,
        title,
        InputTextMessageContent(message.text, entities=entities_of(message), link_preview_options=NO_PREVIEW),
        description=description,
        reply_markup=keyboard(message),
    )


async def as_taken(attempt: Callable[[Look], Awaitable[_Sent]], look: Look = Look()) -> _Sent:  # frozen
    """Makes an attempt; should Telegram refuse the entities or the buttons, another without them."""
    try:
        return await attempt(look)
    except BadRequest as error:
        less = _less(look, error)
        if less is None:
            raise
    return await as_taken(attempt, less)


def _less(look: Look, error: BadRequest) -> Look | None:
    """The look without what Telegram refuses; None if that is neither entities nor buttons."""
    why = error.message.casefold()
    if "entit" in why and look.with_entities:
        _log.error("Telegram refused the entities of an answer, a fault of Quoth: %s", reason(error))
        return replace(look, with_entities=False)
    if "button" in why and look.with_buttons:
        _log.error("Telegram refused the buttons of an answer; is its source's address right? %s", reason(error))
        return replace(look, with_buttons=False)
    return None


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


def entities_of(message: Message) -> list[MessageEntity]:
    """The entities of a message, as the library wants them."""
    return [MessageEntity(entity.style.value, entity.offset, entity.length) for entity in message.entities]
