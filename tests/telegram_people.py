"""What people and other bots do at Telegram, each as the update that the bot is sent."""

import itertools
import json
import re
import time

from tests import telegram_limits as limits
from tests.telegram_formatting import utf16_length
from tests.telegram_limits import Json, as_list, as_object
from tests.telegram_records import Query, SentMessage
from tests.telegram_state import Telegram, key_of

COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")
FIRST_QUERY = 4_300_000_000_000_000_001
QUERY_UPDATES = {"callback_query"}
MESSAGE_UPDATES = {"message", "edited_message", "channel_post", "edited_channel_post"}


class People(Telegram):
    """Whoever is not the bot: what they do, and what they see of it."""

    def __init__(self, token: str, username: str) -> None:
        super().__init__(token, username)
        self._query_ids = map(str, itertools.count(FIRST_QUERY))

    @property
    def unanswered(self) -> list[Query]:
        """The queries, of whatever kind, that the bot has not answered."""
        return [query for query in self.queries.values() if query.answer is None]

    def say(self, text: str, user: int = 1001, language: str = "en") -> int:
        """The id of an update: somebody writes to the bot in private."""
        message: Json = {
            "message_id": self._last_message[user] + 1,
            "date": int(time.time()),
            "chat": {"id": user, "type": "private", "first_name": f"Person {user}"},
            "from": person(user, language),
            "text": text,
        }
        if found := [_command_entity(text, command) for command in COMMAND.finditer(text)]:
            message["entities"] = found
        return self.push({"message": message})

    def press(  # noqa: PLR0913 - as many ways as there are to press a button, all but two named
        self,
        message: SentMessage | tuple[int, int] | str,
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
        if isinstance(message, SentMessage):
            message = message.inline_message_id or (message.chat_id, message.message_id)
        shown = self.inline_messages.get(message) if isinstance(message, str) else self.messages.get(message)
        data = button if forged else _callback_data(shown or {}, button)
        query: Json = {"from": person(user, language), "chat_instance": "-5500", "data": data}
        if isinstance(message, str):
            return self._ask("callback_query", query | {"inline_message_id": message})
        if shown is None or is_too_old:
            chat = self.chats.get(message[0], {"id": message[0], "type": "private", "first_name": f"Person {user}"})
            shown = {"chat": chat, "message_id": message[1], "date": 0}
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

    def _ask(self, kind: str, about: Json) -> Query:
        query_id = next(self._query_ids)
        self.push({kind: {"id": query_id, **about}})
        return self.queries[query_id]

    def _learn_pressed(self, message: Json) -> None:
        """Takes note of a message that the server did not see being sent; an old one has nothing to note."""
        if message["date"] and key_of(message) not in self.messages:
            self.learn(message)


def person(user: int, language: str = "en") -> Json:
    """Somebody at Telegram."""
    return {"id": user, "is_bot": False, "first_name": f"Person {user}", "language_code": language}


def _callback_data(message: Json, button: str) -> str:
    """What a button on a message calls back."""
    keyboard = as_object(message.get("reply_markup", {}), "reply_markup")
    rows = as_list(keyboard.get("inline_keyboard", []), "inline_keyboard")
    buttons = [as_object(each, "button") for row in rows for each in as_list(row, "row")]
    for each in buttons:
        if "callback_data" in each and button in {each["callback_data"], each["text"]}:
            return str(each["callback_data"])
    raise LookupError(f"no button {button!r} that calls back among {[each['text'] for each in buttons]}")


def _command_entity(text: str, command: re.Match[str]) -> Json:
    return {
        "type": "bot_command",
        "offset": utf16_length(text[: command.start()]),
        "length": utf16_length(command[0]),
    }
