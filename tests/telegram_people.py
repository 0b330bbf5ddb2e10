"""What people do at Telegram, each as the update that the bot is sent, unless the bot is not told of it."""

import itertools
import json
import time
from typing import Self

from tests import telegram_limits as limits
from tests.telegram_groups import Groups
from tests.telegram_limits import Json, as_list, as_object
from tests.telegram_records import Query, SentMessage
from tests.telegram_replies import thread_fields, thread_of
from tests.telegram_shapes import ANONYMOUS_ADMIN, CHANNEL_BOT, MEDIA, SERVICE, content, person, private_chat
from tests.telegram_state import id_of, key_of

FIRST_QUERY = 4_300_000_000_000_000_001
QUERY_UPDATES = {"callback_query"}
MESSAGE_UPDATES = {"message", "edited_message", "channel_post", "edited_channel_post"}
CONTENT = {"text", "entities", "caption", "caption_entities"}


class Said(int):
    """The id of the update that a message came to, 0 when the bot is not told; and which message it is."""

    key: tuple[int, int]  #: chat and message id

    @classmethod
    def of(cls, update_id: int, message: Json) -> Self:
        said = cls(update_id)
        said.key = key_of(message)
        return said


Pointer = Said | SentMessage | tuple[int, int]  #: a message: said, sent, or under a chat and a message id


class People(Groups):
    """Whoever is not the bot: what they do, and what they see of it."""

    def __init__(self, token: str, username: str) -> None:
        super().__init__(token, username)
        self._query_ids = map(str, itertools.count(FIRST_QUERY))

    @property
    def unanswered(self) -> list[Query]:
        """The queries, of whatever kind, that the bot has not answered."""
        return [query for query in self.queries.values() if query.answer is None]

    def say(  # noqa: PLR0913 - as many ways as there are to say something, all but three named
        self,
        text: str,
        user: int = 1001,
        language: str = "en",
        *,
        chat: int = 0,
        thread: int = 0,
        reply_to: Pointer | None = None,
        as_chat: int = 0,
        media: str = "",
        **more: object,
    ) -> Said:
        """Somebody writes: to the bot, or in a group or channel.

        Args:
            text: of the message, or the caption of its medium. Commands, mentions and links in it become entities.
            user: who writes.
            language: of the user.
            chat: where; by default in private.
            thread: of a forum, the topic.
            reply_to: the message that is replied to.
            as_chat: a chat in whose name it is said: the group itself by an anonymous administrator, or a channel.
            media: "photo", "voice", "sticker", "document" and what else `telegram_shapes.MEDIA` has.
            more: fields of the message as they are, such as `via_bot` or `quote`.
        """
        where = self.chats.get(chat or user) or private_chat(user)
        thread = thread or (0 if reply_to is None else thread_of(self.messages[_key(reply_to)], where))
        message = self.next_message(where) | self._sender(where, user, language, as_chat)
        message |= thread_fields(self, where, thread) | self._reply(where, reply_to, thread)
        message |= content(text, media) | more
        if where["type"] != "channel":
            return self._deliver("message", message)
        said = self._deliver("channel_post", message)
        if (forward := self.forwarded(message)) is not None:
            self._deliver("message", forward | {"from": SERVICE})
        return said

    def edit(self, message: Pointer, text: str, **more: object) -> Said:
        """Somebody changes what they have written, or its caption."""
        old = self.messages[_key(message)]
        media = next((name for name in old if name in MEDIA), "")
        kept = {name: old[name] for name in old if name not in CONTENT}
        new = content(text, media) | kept | {"edit_date": int(time.time())} | more
        kind = "channel_post" if as_object(old["chat"], "chat")["type"] == "channel" else "message"
        return self._deliver(f"edited_{kind}", new)

    def press(  # noqa: PLR0913 - as many ways as there are to press a button, all but two named
        self,
        message: Pointer | str,
        button: str,
        *,
        user: int = 1001,
        language: str = "en",
        forged: bool = False,
        is_too_old: bool = False,
    ) -> Query:
        """The query of somebody who presses a button.

        Args:
            message: one that the bot has sent, or the chat and the id of any, or an inline message id.
            button: what stands on it, or its callback_data. It must be there now and must call back.
            user: who presses.
            language: of the user.
            forged: a client that sends whatever it likes: the button is the data, the message may be anybody's.
            is_too_old: of the message no more than its place is told, as Telegram does with old and deleted ones.
        """
        inline = message if isinstance(message, str) else getattr(message, "inline_message_id", "")
        key = (0, 0) if isinstance(message, str) else _key(message)
        shown = self.inline_messages.get(inline) if inline else self.messages.get(key)
        data = button if forged else _callback_data(shown or {}, button)
        query: Json = {"from": person(user, language), "chat_instance": "-5500", "data": data}
        if inline:
            return self._ask("callback_query", query | {"inline_message_id": inline})
        if shown is None or is_too_old:
            shown = {"chat": self.chats.get(key[0]) or private_chat(key[0]), "message_id": key[1], "date": 0}
        return self._ask("callback_query", query | {"message": shown})

    def push(self, body: Json) -> int:
        """The id of an update with this body: one kind and its object. Chats and messages in it become known."""
        body = json.loads(json.dumps(body))
        ((kind, about),) = body.items()
        about = as_object(about, kind)
        if kind in MESSAGE_UPDATES:
            self.learn(about)
        elif kind == "my_chat_member":
            self.learn_chat(about)
        elif kind == "callback_query" and "message" in about:
            self._learn_pressed(as_object(about["message"], "message"))
        update_id = self.updates.put(body)
        if kind in QUERY_UPDATES:
            query_id = limits.as_string(about["id"], f"{kind} id")
            self.queries[query_id] = Query(kind, query_id, update_id)
        return update_id

    def _deliver(self, kind: str, message: Json) -> Said:
        """Keeps a message, and tells the bot of it if it is to hear it."""
        self.learn(message)
        return Said.of(self.updates.put({kind: message}) if self.is_heard(message) else 0, message)

    def _sender(self, chat: Json, user: int, language: str, as_chat: int) -> Json:
        """Who a message is from."""
        if chat["type"] == "channel":
            return {"sender_chat": chat}
        if not as_chat:
            return {"from": person(user, language)}
        bot = ANONYMOUS_ADMIN if as_chat == id_of(chat) else CHANNEL_BOT
        return {"from": bot, "sender_chat": self.chats[as_chat]}

    def _reply(self, chat: Json, reply_to: Pointer | None, thread: int) -> Json:
        """What a message replies to: in a topic, for want of anything else, the message that opened the topic."""
        if reply_to is None and thread not in self.topics[id_of(chat)]:
            return {}
        replied = self.messages[(id_of(chat), thread) if reply_to is None else _key(reply_to)]
        fields: Json = {"reply_to_message": {name: replied[name] for name in replied if name != "reply_to_message"}}
        if chat["type"] == "supergroup" and not chat.get("is_forum"):  # a chain of replies is a thread, but no topic
            fields["message_thread_id"] = replied.get("message_thread_id", replied["message_id"])
        return fields

    def _ask(self, kind: str, about: Json) -> Query:
        query_id = next(self._query_ids)
        self.push({kind: {"id": query_id, **about}})
        return self.queries[query_id]

    def _learn_pressed(self, message: Json) -> None:
        """Takes note of a message that the server did not see being sent; an old one has nothing to note."""
        if message["date"] and key_of(message) not in self.messages:
            self.learn(message)


def _key(message: Pointer) -> tuple[int, int]:
    if isinstance(message, SentMessage):
        return message.chat_id, message.message_id
    return message.key if isinstance(message, Said) else message


def _callback_data(message: Json, button: str) -> str:
    """What a button on a message calls back."""
    keyboard = as_object(message.get("reply_markup", {}), "reply_markup")
    rows = as_list(keyboard.get("inline_keyboard", []), "inline_keyboard")
    buttons = [as_object(each, "button") for row in rows for each in as_list(row, "row")]
    for each in buttons:
        if "callback_data" in each and button in {each["callback_data"], each["text"]}:
            return str(each["callback_data"])
    raise LookupError(f"no button {button!r} that calls back among {[each['text'] for each in buttons]}")
