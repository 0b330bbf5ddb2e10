"""Who is let in: the same for updates of every kind."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import Chat, InlineQueryResultsButton
from telegram.error import BadRequest
from telegram.ext import ApplicationHandlerStop

from bot.links import INLINE
from bot.wording import wording

if TYPE_CHECKING:
    import telegram
    from telegram.ext import ContextTypes

    from bot.people import People
    from bot.settings import Settings

_log = logging.getLogger(__name__)

_CACHED = 60  # seconds that Telegram may repeat to somebody that they are not let in


class Gate:
    """The people and chats that the operator lists; without a list, everybody."""

    def __init__(self, settings: Settings, people: People) -> None:
        self._people = people
        self._users = settings.allowed_users | settings.admins
        self._chats = settings.allowed_chats
        self._is_open = not settings.allowed_users and not settings.allowed_chats

    async def check(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Stops an update of somebody who is not let in.

        Raises:
            ApplicationHandlerStop: no handler is to see it.
        """
        self._follow(update)
        user, chat = update.effective_user, _chat(update)
        if self._is_open or (user and user.id in self._users) or (chat and chat.id in self._chats):
            return
        with suppress(BadRequest):  # too late to be told
            await self._turn_away(update)
        raise ApplicationHandlerStop

    def _follow(self, update: telegram.Update) -> None:
        """Lets in the supergroup that a listed group becomes: the operator cannot know its id beforehand."""
        message = update.message
        if message and message.migrate_to_chat_id and message.chat_id in self._chats:
            self._chats |= {message.migrate_to_chat_id}
            _log.warning(
                "The group %s has become the supergroup %s: write the new id into QUOTH_ALLOWED_CHATS.",
                message.chat_id,
                message.migrate_to_chat_id,
            )

    async def _turn_away(self, update: telegram.Update) -> None:
        """Ends the waiting of whoever pressed a button or typed a query; to messages nothing is said."""
        notice = wording(await self._people.language(update.effective_user))("not_for_you")
        if update.callback_query:
            await update.callback_query.answer(notice)
        if update.inline_query:
            button = InlineQueryResultsButton(notice, start_parameter=INLINE)
            await update.inline_query.answer([], cache_time=_CACHED, is_personal=True, button=button)


def _chat(update: telegram.Update) -> telegram.Chat | None:
    """The chat of an update. Where the bot is a guest, only the id of a supergroup is nobody else's."""
    chat = update.effective_chat
    return None if update.guest_message and chat and chat.type != Chat.SUPERGROUP else chat
