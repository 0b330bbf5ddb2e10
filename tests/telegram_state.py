"""What Telegram knows: chats, messages, and what the bot has set for itself."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass

from tests import telegram_limits as limits
from tests.telegram_formatting import Formatted
from tests.telegram_limits import Json, Params, RefusedError, refuse
from tests.telegram_updates import UpdateQueue

SAID = ("text", "entities", "reply_markup")  #: what an edit can change


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message of the bot as it was first sent; `TelegramServer.messages` has it as it is now."""

    chat_id: int
    message_id: int
    text: str
    entities: list[Json]
    markup: Json | None  #: an inline keyboard
    params: Params
    at: float  #: time.monotonic()


class Telegram:
    """Telegram as its methods find it. A blocked chat refuses the bot, a migrated one names its new id."""

    def __init__(self, token: str, username: str) -> None:
        self.token = token
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Quoth",
            "username": username,
        }
        self.sent: list[SentMessage] = []
        self.updates = UpdateQueue()
        self.chats: dict[int, Json] = {}
        self.blocked: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.messages: dict[tuple[int, int], Json] = {}  #: by chat and message id, as they are now
        self.open_queries: set[str] = set()  #: ids of callback queries without an answer
        self.webhook: Params = {}  #: parameters of setWebhook while one is set
        self.commands: dict[tuple[str, str], list[Json]] = {}  #: by scope and language
        self.descriptions: dict[str, str] = {}  #: by language
        self.short_descriptions: dict[str, str] = {}  #: by language
        self._last_message: defaultdict[int, int] = defaultdict(int)
        self._unseen: asyncio.Queue[SentMessage] = asyncio.Queue()

    def chat_of(self, params: Params) -> Json:
        """The chat of a call, unless the bot cannot reach it."""
        given = params.get("chat_id", "")
        if not given:
            refuse("chat_id is empty")
        if given.startswith("@"):
            refuse("chat not found")
        chat_id = limits.integer(params, "chat_id")
        if chat_id in self.migrated:
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, why, migrate_to_chat_id=self.migrated[chat_id])
        if chat_id in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return self.chats.get(chat_id) or refuse("chat not found")

    def message_of(self, params: Params, purpose: str) -> tuple[tuple[int, int], Json]:
        """The message of a call and its key in `messages`."""
        chat = self.chat_of(params)
        key = (id_of(chat), limits.integer(params, "message_id"))
        return key, self.messages.get(key) or refuse(f"message to {purpose} not found")

    def own_message_of(self, params: Params) -> tuple[tuple[int, int], Json]:
        """The message that a call is to change, which must be the bot's."""
        if "inline_message_id" in params:
            refuse("MESSAGE_ID_INVALID")
        key, message = self.message_of(params, "edit")
        if message.get("from") != self.me:
            refuse("message can't be edited")
        return key, message

    def replied_to(self, chat: Json, params: Params) -> Json | None:
        """The message that a call replies to, if it may and can."""
        wanted = limits.one_object(params, "reply_parameters")
        if wanted is None:
            return None
        chat_id = limits.as_integer(wanted.get("chat_id", chat["id"]), "reply chat_id")
        message = self.messages.get((chat_id, limits.as_integer(wanted.get("message_id"), "reply message_id")))
        if message is None and wanted.get("allow_sending_without_reply") is not True:
            refuse("message to be replied not found")
        quote = limits.as_string(wanted.get("quote", ""), "quote")
        if message is not None and quote not in str(message.get("text", "")):
            refuse("QUOTE_TEXT_INVALID")
        return message

    def keep_new(self, chat: Json, said: Json, replied: Json | None) -> Json:
        """A new message of the bot."""
        message: Json = {"message_id": self._last_message[id_of(chat)] + 1, "date": int(time.time()), "chat": chat}
        message |= {"from": self.me, **said}
        if replied is not None:
            message["reply_to_message"] = {key: replied[key] for key in replied if key != "reply_to_message"}
        self.learn(message)
        return message

    def keep_edited(self, key: tuple[int, int], said: Json) -> Json:
        """A message of the bot after an edit, which must have changed it."""
        message = self.messages[key]
        if said == {name: message[name] for name in SAID if name in message}:
            refuse(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        rest = {name: message[name] for name in message if name not in SAID}
        self.messages[key] = {**rest, **said, "edit_date": int(time.time())}
        return self.messages[key]

    def note_sent(self, sent: SentMessage) -> None:
        """Shows a message to the test."""
        self.sent.append(sent)
        self._unseen.put_nowait(sent)

    def learn(self, message: Json, *, replace: bool = True) -> None:
        """Takes note of a message and its chat."""
        chat_id, message_id = self.learn_chat(message), limits.as_integer(message["message_id"], "message_id")
        self._last_message[chat_id] = max(self._last_message[chat_id], message_id)
        if replace or (chat_id, message_id) not in self.messages:
            self.messages[chat_id, message_id] = message

    def learn_chat(self, about: Json) -> int:
        """The id of the chat that something is about; from now on the bot can reach it."""
        chat = limits.as_object(about["chat"], "chat")
        self.chats[id_of(chat)] = chat
        return id_of(chat)


def id_of(chat: Json) -> int:
    """The id of a chat."""
    return limits.as_integer(chat["id"], "chat id")


def saying(said: Formatted, markup: Json | None) -> Json:
    """What an edit can change, as a message has it: what is empty is absent."""
    fields = {"text": said.text, "entities": said.entities, "reply_markup": markup}
    return {name: value for name, value in fields.items() if value}
