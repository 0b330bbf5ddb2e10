"""What Telegram knows: chats, messages, and what the bot has set for itself."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass

from tests import telegram_limits as limits
from tests.telegram_deliveries import Delivery, Post
from tests.telegram_formatting import Formatted
from tests.telegram_limits import Json, Params, RefusedError, refuse
from tests.telegram_records import Query, SentMessage
from tests.telegram_shapes import chat_member
from tests.telegram_updates import UpdateQueue

UNMODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
Place = tuple[int, int] | str  #: where a message is kept: chat and message id, or inline message id
SAID = ("text", "entities", "reply_markup")  #: what an edit can change


@dataclass(slots=True)
class Topic:
    """A topic of a forum."""

    name: str
    is_closed: bool = False


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
        self.abilities: Json = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "supports_guest_queries": True,
        }
        self.sent: list[SentMessage] = []
        self.edits: list[SentMessage] = []
        self.updates = UpdateQueue()
        self.chats: dict[int, Json] = {}
        self.blocked: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.members: dict[tuple[int, int], Json] = {}  #: standings, by chat and user id
        self.topics: defaultdict[int, dict[int, Topic]] = defaultdict(dict)  #: by chat and message thread id
        self.discussions: dict[int, int] = {}  #: groups, by the channel whose posts they discuss
        self.other_bot_spoke: set[int] = set()  #: groups in which another bot has spoken since ours
        self.last_message: defaultdict[int, int] = defaultdict(int)  #: ids, by chat
        self.messages: dict[tuple[int, int], Json] = {}  #: by chat and message id, as they are now
        self.inline_messages: dict[str, Json] = {}  #: those that people sent with the bot's help, by inline message id
        self.is_told_choices = True  #: whether BotFather was asked for feedback on what people choose inline
        self.queries: dict[str, Query] = {}  #: by id, answered or not
        self.webhook: Params = {}  #: parameters of setWebhook while one is set
        self.delivery: Delivery | None = None  #: what posts to it
        self.posts: list[Post] = []  #: what was posted to webhooks
        self.commands: dict[tuple[str, str], list[Json]] = {}  #: by scope and language
        self.descriptions: dict[str, str] = {}  #: by language
        self.short_descriptions: dict[str, str] = {}  #: by language
        self.names: dict[str, str] = {"": str(self.me["first_name"])}  #: by language
        self.menu_buttons: dict[int, Json] = {0: {"type": "default"}}  #: by chat; 0 stands for all others
        self.reactions: dict[tuple[int, int], list[Json]] = {}  #: of the bot, by chat and message id
        self._unseen: asyncio.Queue[SentMessage] = asyncio.Queue()
        self._unseen_edits: asyncio.Queue[SentMessage] = asyncio.Queue()

    async def use_webhook(self, params: Params, *, drop_pending_updates: bool = False) -> None:
        """Delivers to this webhook, or to none, from now on."""
        if self.delivery is not None:
            await self.delivery.end()
        if drop_pending_updates:
            self.updates.clear()
        self.webhook = params
        self.delivery = Delivery(self.updates, params, self.posts) if params else None

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
        chat = self.chats.get(chat_id) or refuse("chat not found")
        self._check_standing(chat)
        return chat

    def rights(self, chat: Json) -> Json:
        """The bot's own standing in a chat; unless something else is known it is in it, in a channel to post."""
        status = "administrator" if chat["type"] == "channel" else "member"
        return self.members.get((id_of(chat), id_of(self.me))) or chat_member(self.me, status, {})

    def _check_standing(self, chat: Json) -> None:
        """Refuses a chat that the bot has been put out of."""
        status, kind = self.rights(chat)["status"], chat["type"]
        if status == "kicked" or id_of(chat) in self.blocked:
            why = "blocked by the user" if kind == "private" else f"kicked from the {kind} chat"
            raise RefusedError(403, f"Forbidden: bot was {why}")
        if status == "left":
            raise RefusedError(403, f"Forbidden: bot is not a member of the {kind} chat")

    def writable_chat_of(self, params: Params) -> Json:
        """The chat of a call, if the bot may write there."""
        chat = self.chat_of(params)
        rights = self.rights(chat)
        if rights["status"] == "restricted" and not rights.get("can_send_messages"):
            refuse("not enough rights to send text messages to the chat")
        if chat["type"] == "channel" and rights["status"] != "administrator":
            refuse("need administrator rights in the channel chat")
        return chat

    def message_of(self, params: Params, purpose: str) -> tuple[tuple[int, int], Json]:
        """The message of a call and its key in `messages`."""
        chat = self.chat_of(params)
        key = (id_of(chat), limits.integer(params, "message_id"))
        return key, self.messages.get(key) or refuse(f"message to {purpose} not found")

    def own_message_of(self, params: Params) -> tuple[Place, Json]:
        """The message that a call is to change, which must be the bot's, and where it is kept."""
        if "inline_message_id" in params:
            inline = params["inline_message_id"]
            return inline, self.inline_messages.get(inline) or refuse("MESSAGE_ID_INVALID")
        key, message = self.message_of(params, "edit")
        if not self.is_own(message):
            refuse("message can't be edited")
        return key, message

    def is_own(self, message: Json) -> bool:
        """Whether the bot has written a message; a channel's posts are all alike, and the bot may edit them."""
        chat = limits.as_object(message["chat"], "chat")
        return message.get("from") == self.me or chat["type"] == "channel"

    def query_of(self, query_id: str, kind: str) -> Query:
        """The query of a kind that a call answers, if it still can be."""
        query = self.queries.get(query_id)
        if query is None or query.kind != kind or query.is_expired or query.answer is not None:
            refuse("query is too old and response timeout expired or query ID is invalid")
        return query

    def keep_new(self, chat: Json, fields: Json) -> Json:
        """A new message of the bot."""
        sender: Json = {"sender_chat": chat} if chat["type"] == "channel" else {"from": self.me}
        message: Json = {"message_id": self.last_message[id_of(chat)] + 1, "date": int(time.time()), "chat": chat}
        message |= {**sender, **fields}
        self.other_bot_spoke.discard(id_of(chat))
        self.learn(message)
        return message

    def unplaced_message(self) -> Json:
        """The beginning of a message in a chat that the bot is not in: no place that it could name."""
        return {"message_id": 0, "date": int(time.time()), "chat": {"id": 0, "type": "private"}, "from": self.me}

    def keep_edited(self, place: Place, said: Json) -> Json:
        """A message of the bot after an edit, which must have changed it."""
        message = self.inline_messages[place] if isinstance(place, str) else self.messages[place]
        if said == {name: message[name] for name in SAID if name in message}:
            refuse(UNMODIFIED)
        rest = {name: message[name] for name in message if name not in SAID}
        edited = {**rest, **said, "edit_date": int(time.time())}
        if isinstance(place, str):
            self.inline_messages[place] = edited
        if not isinstance(place, str) or key_of(edited) in self.messages:
            self.messages[key_of(edited)] = edited
        return edited

    def note_edit(self, edit: SentMessage) -> None:
        """Shows an edit to the test."""
        self.edits.append(edit)
        self._unseen_edits.put_nowait(edit)

    def note_sent(self, sent: SentMessage) -> None:
        """Shows a message to the test."""
        self.sent.append(sent)
        self._unseen.put_nowait(sent)

    def learn(self, message: Json) -> None:
        """Takes note of a message and its chat."""
        self.learn_chat(message)
        chat_id, message_id = key = key_of(message)
        self.last_message[chat_id] = max(self.last_message[chat_id], message_id)
        self.messages[key] = message

    def learn_chat(self, about: Json) -> int:
        """The id of the chat that something is about; from now on the bot can reach it."""
        chat = limits.as_object(about["chat"], "chat")
        self.chats[id_of(chat)] = chat
        return id_of(chat)


def id_of(chat: Json) -> int:
    """The id of a chat."""
    return limits.as_integer(chat["id"], "chat id")


def key_of(message: Json) -> tuple[int, int]:
    """Under which key a message is kept."""
    return id_of(limits.as_object(message["chat"], "chat")), limits.as_integer(message["message_id"], "message_id")


def saying(said: Formatted, markup: Json | None) -> Json:
    """What an edit can change, as a message has it: what is empty is absent."""
    fields = {"text": said.text, "entities": said.entities, "reply_markup": markup}
    return {name: value for name, value in fields.items() if value}
