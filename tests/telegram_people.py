"""What people and other bots do at Telegram, each as the update that the bot is sent."""

import json
import re
import time

from tests import telegram_limits as limits
from tests.telegram_formatting import utf16_length
from tests.telegram_limits import Json
from tests.telegram_state import Telegram

COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")
MESSAGE_UPDATES = {"message", "edited_message", "channel_post", "edited_channel_post"}


class People(Telegram):
    """Whoever is not the bot: what they do, and what they see of it."""

    def say(self, text: str, user: int = 1001, language: str = "en") -> int:
        """The id of an update: somebody writes to the bot in private."""
        name = f"Person {user}"
        message: Json = {
            "message_id": self._last_message[user] + 1,
            "date": int(time.time()),
            "chat": {"id": user, "type": "private", "first_name": name},
            "from": {"id": user, "is_bot": False, "first_name": name, "language_code": language},
            "text": text,
        }
        if found := [_command_entity(text, command) for command in COMMAND.finditer(text)]:
            message["entities"] = found
        return self.push({"message": message})

    def push(self, body: Json) -> int:
        """The id of an update with this body: one kind and its object. Chats and messages in it become known."""
        body = json.loads(json.dumps(body))
        ((kind, about),) = body.items()
        about = limits.as_object(about, kind)
        if kind == "callback_query":
            self.open_queries.add(limits.as_string(about["id"], "callback query id"))
            if "message" in about:
                self.learn(limits.as_object(about["message"], "message"), replace=False)
        elif kind in MESSAGE_UPDATES:
            self.learn(about)
        elif kind == "my_chat_member":
            self.learn_chat(about)
        return self.updates.put(body)


def _command_entity(text: str, command: re.Match[str]) -> Json:
    return {
        "type": "bot_command",
        "offset": utf16_length(text[: command.start()]),
        "length": utf16_length(command[0]),
    }
