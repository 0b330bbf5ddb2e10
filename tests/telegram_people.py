"""What people say at Telegram, each as the update that the bot is sent, unless the bot is not told of it."""

import json
import time
from typing import Self

from tests.telegram_groups import Groups
from tests.telegram_limits import Json, as_object, as_string
from tests.telegram_records import Query, SentMessage
from tests.telegram_replies import thread_fields, thread_of
from tests.telegram_shapes import ANONYMOUS_ADMIN, CHANNEL_BOT, MEDIA, SERVICE, content, person, private_chat
from tests.telegram_state import id_of, key_of

QUERY_IDS = {"callback_query": "id", "inline_query": "id", "guest_message": "guest_query_id"}
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
    """Whoever is not the bot, and what they say."""

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
        thread = thread or (0 if reply_to is None else thread_of(self.messages[key_at(reply_to)], where))
        message = self.next_message(where) | self._sender(where, user, language, as_chat)
        message |= thread_fields(self, where, thread) | self._reply(where, reply_to, thread)
        message |= content(text, media) | more
        if where["type"] != "channel":
            return self.deliver("message", message)
        said = self.deliver("channel_post", message)
        if (forward := self.forwarded(message)) is not None:
            self.deliver("message", forward | {"from": SERVICE})
        return said

    def edit(self, message: Pointer, text: str, **more: object) -> Said:
        """Somebody changes what they have written, or its caption."""
        old = self.messages[key_at(message)]
        media = next((name for name in old if name in MEDIA), "")
        kept = {name: old[name] for name in old if name not in CONTENT}
        new = content(text, media) | kept | {"edit_date": int(time.time())} | more
        kind = "channel_post" if as_object(old["chat"], "chat")["type"] == "channel" else "message"
        return self.deliver(f"edited_{kind}", new)

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
        if kind in QUERY_IDS:
            query_id = as_string(about[QUERY_IDS[kind]], f"{kind} id")
            self.queries[query_id] = Query(kind, query_id, update_id)
        return update_id

    def _learn_pressed(self, message: Json) -> None:
        """Takes note of a message that the server did not see being sent; an old one has nothing to note."""
        if message["date"] and key_of(message) not in self.messages:
            self.learn(message)

    def deliver(self, kind: str, message: Json) -> Said:
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
        replied = self.messages[(id_of(chat), thread) if reply_to is None else key_at(reply_to)]
        fields: Json = {"reply_to_message": {name: replied[name] for name in replied if name != "reply_to_message"}}
        if chat["type"] == "supergroup" and not thread:  # a chain of replies is a thread, but no topic
            fields["message_thread_id"] = replied.get("message_thread_id", replied["message_id"])
        return fields


def key_at(message: Pointer) -> tuple[int, int]:
    """Under which key a message is kept."""
    if isinstance(message, SentMessage):
        return message.chat_id, message.message_id
    return message.key if isinstance(message, Said) else message
