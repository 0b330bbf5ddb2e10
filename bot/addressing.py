"""Whether a message is meant for the bot, and what it asks then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Chat, MessageEntity
from telegram.constants import ChatID

if TYPE_CHECKING:
    import telegram

_ASK = "/ask"
_IN_THE_NAME_OF_CHATS = frozenset({ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL})


def addressed(message: telegram.Message, me: telegram.User) -> str | None:
    """What a message says to the bot, without the mention of it; None if it is not for the bot.

    In groups that is /ask, any command with the bot's name, a reply to the bot and a mention, and nothing else. A
    bare /ask that replies to somebody asks what that message says.
    """
    if not _is_of_a_person(message, me):
        return None
    text = _text(message)
    if message.chat.type == Chat.PRIVATE:
        said: str | None = text
    elif text.startswith("/"):
        said = _command(text, me)
    else:
        said = _mentioned(message, me)
        if said is None and _is_reply_to(message, me):
            said = text
    return _with_replied(message, said, me) if said is not None else None


def asked_as_guest(message: telegram.Message, me: telegram.User) -> str | None:
    """What a message asks the bot in a chat that it is not in; None if nobody asks."""
    if not _is_of_a_person(message, me):
        return None
    text = _text(message)
    said = _command(text, me) if text.startswith("/") else _mentioned(message, me)
    return _with_replied(message, text if said is None else said, me)


def _is_of_a_person(message: telegram.Message, me: telegram.User) -> bool:
    """Not another bot's message, a post forwarded from a channel, or what somebody sent through this bot's inline mode.

    Who writes in the name of a group or a channel is a person; what they write is Telegram's bots'.
    """
    author = message.from_user
    if author is None or message.is_automatic_forward or (message.via_bot and message.via_bot.id == me.id):
        return False
    return not author.is_bot or author.id in _IN_THE_NAME_OF_CHATS


def _text(message: telegram.Message) -> str:
    return message.text or message.caption or ""


def _command(text: str, me: telegram.User) -> str | None:
    """A command if it is for this bot: in a group others may listen too."""
    command, *rest = text.split(maxsplit=1)
    name, _, bot = command.partition("@")
    is_ours = bot.casefold() == (me.username or "").casefold() if bot else name.casefold() == _ASK
    return " ".join([name, *rest]) if is_ours else None


def _mentioned(message: telegram.Message, me: telegram.User) -> str | None:
    """The text without the mention of the bot; None if there is no such mention."""
    kinds: list[str | None] = [MessageEntity.MENTION]
    found = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    ours = {mention for mention in found.values() if mention.casefold() == f"@{me.username}".casefold()}
    if not ours:
        return None
    text = _text(message)
    for mention in ours:
        text = text.replace(mention, " ")
    return " ".join(text.split())


def _is_reply_to(message: telegram.Message, me: telegram.User) -> bool:
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == me.id)


def _with_replied(message: telegram.Message, said: str, me: telegram.User) -> str:
    """A bare /ask or mention takes its question from the message that it replies to."""
    replied = message.reply_to_message
    is_bare = said.strip().casefold() in {"", _ASK} or said.casefold() == f"{_ASK}@{me.username}".casefold()
    if not (is_bare and replied and message.chat.type) or _is_reply_to(message, me):
        return said
    question = message.quote.text if message.quote else _text(replied)
    return f"{_ASK} {question}" if question else said
