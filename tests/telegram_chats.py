"""The methods that ask about a chat and who is in it, or leave it."""

import time

from tests import telegram_limits as limits
from tests.telegram_limits import Json, Params, as_object, refuse
from tests.telegram_shapes import chat_member
from tests.telegram_state import Telegram, id_of

ADMINISTRATORS = {"creator", "administrator"}
GONE = {"left", "kicked"}
CHAT_DETAILS: Json = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    ),
}


async def get_chat(telegram: Telegram, params: Params) -> object:
    return {**telegram.chat_of(params), **CHAT_DETAILS}


async def get_chat_member(telegram: Telegram, params: Params) -> object:
    chat, user = telegram.chat_of(params), limits.integer(params, "user_id", low=1)
    return _members(telegram, chat).get(user) or refuse("PARTICIPANT_ID_INVALID")


async def get_chat_member_count(telegram: Telegram, params: Params) -> object:
    members = _members(telegram, telegram.chat_of(params))
    return sum(member["status"] not in GONE for member in members.values())


async def get_chat_administrators(telegram: Telegram, params: Params) -> object:
    """Without other bots; the bot itself is among them."""
    chat = telegram.chat_of(params)
    if chat["type"] == "private":
        refuse("there are no administrators in the private chat")
    return [member for member in _members(telegram, chat).values() if member["status"] in ADMINISTRATORS]


async def leave_chat(telegram: Telegram, params: Params) -> object:
    chat = telegram.chat_of(params)
    if chat["type"] == "private":
        refuse("chat member status can't be changed in private chats")
    old, new = telegram.rights(chat), chat_member(telegram.me, "left", {})
    telegram.members[id_of(chat), id_of(telegram.me)] = new
    about: Json = {"chat": chat, "from": telegram.me, "date": int(time.time())}
    telegram.updates.put({"my_chat_member": {**about, "old_chat_member": old, "new_chat_member": new}})
    return True


def _members(telegram: Telegram, chat: Json) -> dict[int, Json]:
    """The standings in a chat, by user: those that were given, and of whoever has written there."""
    users = [as_object(message["from"], "from") for message in telegram.messages.values() if _is_there(message, chat)]
    known = {id_of(user): chat_member(user, "member", {}) for user in users}
    known[id_of(telegram.me)] = telegram.rights(chat)
    return known | {user: member for (where, user), member in telegram.members.items() if where == chat["id"]}


def _is_there(message: Json, chat: Json) -> bool:
    return message.get("chat") == chat and "from" in message and "sender_chat" not in message
