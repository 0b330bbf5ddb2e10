"""Whether a message is meant for the bot, and what it asks then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Chat, MessageEntity
from telegram.constants import ChatID

if TYPE_CHECKING:
    import telegram

_ASK = "/ask"
#: In whose names Telegram lets people speak in groups: the group's, or that of a channel of theirs.
_NAMES_OF_PEOPLE = frozenset({ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL})
_BEHIND_A_MENTION = " ,:;–—-"  # "@quoth_bot, who …"


def addressed(message: telegram.Message, me: telegram.User) -> str | None:
    """What a message says to the bot, without the mention of it; None if it is not for the bot.

    In groups that is /ask, any command with the bot's name, a reply to the bot and a mention, and nothing else. A
    bare /ask or mention that replies to somebody asks what that message says.
    """
    if not _is_of_a_person(message, me):
        return None
    text = _text(message)
    if message.chat.type == Chat.PRIVATE or (_is_reply_to(message, me) and not text.startswith("/")):
        said: str | None = _without_mention(message, me)
    elif text.startswith("/"):
        said = _command(text, me)
    else:
        said = _without_mention(message, me) if _mentions(message, me) else None
    return _with_replied(message, said, me) if said is not None else None


def asked_as_guest(message: telegram.Message, me: telegram.User) -> str | None:
    """What a message asks the bot in a chat that it is not in; None if nobody asks."""
    if not _is_of_a_person(message, me):
        return None
    text = _text(message)
    said = _command(text, me) if text.startswith("/") else _without_mention(message, me)
    return _with_replied(message, text if said is None else said, me)


def _is_of_a_person(message: telegram.Message, me: telegram.User) -> bool:
    """Not another bot's message, a post forwarded from a channel, or what somebody sent through this bot's inline mode.

    Who writes in the name of a group or a channel is a person; what they write is Telegram's bots'.
    """
    author = message.from_user
    if author is None or message.is_automatic_forward or (message.via_bot and message.via_bot.id == me.id):
        return False
    return not author.is_bot or author.id in _NAMES_OF_PEOPLE


def _text(message: telegram.Message) -> str:
    return message.text or message.caption or ""


def _command(text: str, me: telegram.User) -> str | None:
    """A command if it is for this bot: in a group others may listen too."""
    command, *rest = text.split(maxsplit=1)
    name, _, bot = command.partition("@")
    is_ours = bot.casefold() == (me.username or "").casefold() if bot else name.casefold() == _ASK
    return " ".join([name, *rest]) if is_ours else None


def _mentions(message: telegram.Message, me: telegram.User) -> set[str]:
    """The mentions of the bot in a message, as they are written there."""
    kinds: list[str | None] = [MessageEntity.MENTION]
    found = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    return {mention for mention in found.values() if mention.casefold() == f"@{me.username}".casefold()}


def _without_mention(message: telegram.Message, me: telegram.User) -> str:
    """The text of a message; where it mentions the bot, without that."""
    text, mentions = _text(message), _mentions(message, me)
    for mention in mentions:
        text = text.replace(mention, " ")
    return " ".join(text.split()).lstrip(_BEHIND_A_MENTION) if mentions else text


def _is_reply_to(message: telegram.Message, me: telegram.User) -> bool:
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == me.id)


def _with_replied(message: telegram.Message, said: str, me: telegram.User) -> str:
    """A bare /ask or mention takes its question from the message that it replies to, or asks for one."""
    is_bare = said.strip().casefold() in {"", _ASK, f"{_ASK}@{me.username}".casefold()}
    return f"{_ASK} {_replied(message, me)}".strip() if is_bare else said


def _replied(message: telegram.Message, me: telegram.User) -> str:
    """What the message says that another replies to, or the part of it that is quoted; nothing if it is the bot's."""
    if message.quote:
        return message.quote.text
    replied = message.reply_to_message
    return "" if replied is None or _is_reply_to(message, me) else _without_mention(replied, me)
