"""Who is let in: the same for updates of every kind."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import BadRequest
from telegram.ext import ApplicationHandlerStop

from bot.wording import wording

if TYPE_CHECKING:
    import telegram
    from telegram.ext import ContextTypes

    from bot.people import People
    from bot.settings import Settings


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
        user, chat = update.effective_user, update.effective_chat
        if self._is_open or (user and user.id in self._users) or (chat and chat.id in self._chats):
            return
        if update.callback_query:
            with suppress(BadRequest):  # too late is no fault
                await update.callback_query.answer(wording(await self._people.language(user))("not_for_you"))
        raise ApplicationHandlerStop
