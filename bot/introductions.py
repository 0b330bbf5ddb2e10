"""A group that the bot comes to: it says once what it is for, and how to ask there."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import Chat, ChatMember, ChatMemberRestricted
from telegram.error import BadRequest, Forbidden

from bot.wording import wording

if TYPE_CHECKING:
    import telegram
    from telegram.ext import ContextTypes

    from bot.people import People
    from bot.wording import Wording

_GROUPS = frozenset({Chat.GROUP, Chat.SUPERGROUP})
_IN = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})
# Seconds. A group that becomes a supergroup is told of as a chat that the bot was let into, in no order that is
# promised with the messages that say where it comes from: https://github.com/tdlib/telegram-bot-api/issues/266.
_SETTLING = 2.0


class Introductions:
    """Introduces the bot.

    Args:
        settling: seconds until it is known whether a supergroup was a group before.
    """

    def __init__(self, people: People, settling: float = _SETTLING) -> None:
        self._people = people
        self._settling = settling

    async def on_member(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Says hello where the bot was let into a group, once in the life of the group; not being heard is no fault."""
        change = update.my_chat_member
        if change is None or not _has_come(change):
            return
        if change.chat.type == Chat.SUPERGROUP:
            await asyncio.sleep(self._settling)
        if not await self._people.is_new(change.chat.id):
            return
        words = wording(await self._people.language(change.from_user))
        with suppress(BadRequest, Forbidden):  # no right to write there, or out of the group again
            await change.chat.send_message(_introduction(change, words))

    async def on_migration(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Remembers that a supergroup, which was a group until now, knows the bot."""
        message = update.message
        if message:
            await self._people.is_new(message.migrate_to_chat_id or message.chat_id)


def _has_come(change: telegram.ChatMemberUpdated) -> bool:
    is_group = change.chat.type in _GROUPS
    return is_group and _is_in(change.new_chat_member) and not _is_in(change.old_chat_member)


def _is_in(member: telegram.ChatMember) -> bool:
    return member.status in _IN or (isinstance(member, ChatMemberRestricted) and member.is_member)


def _introduction(change: telegram.ChatMemberUpdated, words: Wording) -> str:
    """What the bot is, and how to ask: a mention arrives only where every message does."""
    hears_all = change.get_bot().bot.can_read_all_group_messages
    is_heard = hears_all or change.new_chat_member.status == ChatMember.ADMINISTRATOR
    return f"{words('introduction')}\n\n{words('ask_here_or_mention') if is_heard else words('ask_here')}"
