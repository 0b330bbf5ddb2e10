"""What people ask of the bot without a message to it: by a button, inline, or as it passes by as a guest."""

import itertools
import time

from tests.telegram_inline import message_fields, results_of
from tests.telegram_limits import Json, as_list, as_object
from tests.telegram_people import People, Pointer, key_at
from tests.telegram_records import Query
from tests.telegram_shapes import content, person, private_chat
from tests.telegram_state import id_of

FIRST_QUERY = 4_300_000_000_000_000_001
QUERY_LENGTH = 256


class Asking(People):
    """People as those who ask, and what of it the bot has not answered."""

    def __init__(self, token: str, username: str) -> None:
        super().__init__(token, username)
        self._query_ids = map(str, itertools.count(FIRST_QUERY))

    @property
    def unanswered(self) -> list[Query]:
        """The queries, of whatever kind, that the bot has not answered."""
        return [query for query in self.queries.values() if query.answer is None]

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
        key = (0, 0) if isinstance(message, str) else key_at(message)
        shown = self.inline_messages.get(inline) if inline else self.messages.get(key)
        data = button if forged else _callback_data(shown or {}, button)
        query: Json = {"from": person(user, language), "chat_instance": "-5500", "data": data}
        if inline:
            return self._ask("callback_query", query | {"inline_message_id": inline})
        if shown is None or is_too_old:
            shown = {"chat": self.chats.get(key[0]) or private_chat(key[0]), "message_id": key[1], "date": 0}
        return self._ask("callback_query", query | {"message": shown})

    def inline(
        self, query: str, *, user: int = 1001, language: str = "en", offset: str = "", chat_type: str = "sender"
    ) -> Query:
        """Somebody types "@bot query" in whatever chat; an offset asks for what comes after the first results."""
        if len(query) > QUERY_LENGTH:
            raise ValueError(f"a client sends no more than {QUERY_LENGTH} characters")
        about: Json = {"from": person(user, language), "query": query, "offset": offset, "chat_type": chat_type}
        return self._ask("inline_query", about)

    def choose(self, query: Query, result: str, *, user: int = 1001, language: str = "en", chat: int = 0) -> str:
        """The inline message id of what somebody sends of the results; empty without buttons.

        The bot is told what was chosen if `is_told_choices`, and of the message if it is in the chat.

        Args:
            query: one that the bot has answered.
            result: an id of its results.
            user: who sends it, not necessarily who asked: answers are cached.
            language: of the user.
            chat: where it is sent to; by default a chat that the bot is not in.
        """
        said = message_fields(results_of(query.answer or {"results": "[]"})[result])
        inline = f"inline-{next(self._query_ids)}" if "reply_markup" in said else ""
        if self.is_told_choices:
            chosen: Json = {"result_id": result, "from": person(user, language), "query": query.text}
            self.updates.put({"chosen_inline_result": chosen | ({"inline_message_id": inline} if inline else {})})
        message = self.unplaced_message() | {"from": person(user, language), "via_bot": self.me, **said}
        if chat:
            message |= self.next_message(self.chats[chat])
            self.deliver("message", message)
        if inline:
            self.inline_messages[inline] = message
        return inline

    def ask_guest(self, text: str, chat: Json, *, user: int = 1001, language: str = "en", **more: object) -> Query:
        """Somebody mentions the bot in a chat that it is not in; `more` are fields of the message as they are."""
        if id_of(chat) in self.chats:
            raise ValueError("in this chat the bot is no guest")
        message = {**content(text, ""), **more, "message_id": 1, "date": int(time.time()), "chat": chat}
        return self._ask("guest_message", message | {"from": person(user, language)}, "guest_query_id")

    def _ask(self, kind: str, about: Json, id_name: str = "id") -> Query:
        query_id = next(self._query_ids)
        self.push({kind: {id_name: query_id, **about}})
        query = self.queries[query_id]
        query.text = str(about.get("query", about.get("data", about.get("text", ""))))
        return query


def _callback_data(message: Json, button: str) -> str:
    """What a button on a message calls back."""
    keyboard = as_object(message.get("reply_markup", {}), "reply_markup")
    rows = as_list(keyboard.get("inline_keyboard", []), "inline_keyboard")
    buttons = [as_object(each, "button") for row in rows for each in as_list(row, "row")]
    for each in buttons:
        if "callback_data" in each and button in {each["callback_data"], each["text"]}:
            return str(each["callback_data"])
    raise LookupError(f"no button {button!r} that calls back among {[each['text'] for each in buttons]}")
