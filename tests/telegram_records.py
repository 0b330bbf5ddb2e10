"""What a test sees of the bot: its calls, its messages, and the queries that wait for its answer."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Self

from tests.telegram_limits import Json, Params, as_integer, as_list, as_object


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot, in the order of arrival; nested parameters stand as JSON."""

    method: str
    params: Params
    at: float  #: time.monotonic()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that the server turned down by itself: a fault that a test asked for is none."""

    call: Call
    code: int
    description: str


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message of the bot as it was sent or edited; `TelegramServer.messages` has it as it is now."""

    chat_id: int  #: 0 for a message that was sent inline
    message_id: int
    text: str
    entities: list[Json]
    markup: Json | None  #: an inline keyboard
    params: Params
    at: float  #: time.monotonic()
    inline_message_id: str = ""

    @classmethod
    def of(cls, message: Json, params: Params, inline_message_id: str = "") -> Self:
        """A message as it is now, and the call that made it so."""
        chat, markup = as_object(message["chat"], "chat"), message.get("reply_markup")
        return cls(
            chat_id=as_integer(chat["id"], "chat id"),
            message_id=as_integer(message["message_id"], "message_id"),
            text=str(message.get("text", "")),
            entities=[as_object(each, "entity") for each in as_list(message.get("entities", []), "entities")],
            markup=None if markup is None else as_object(markup, "reply_markup"),
            params=params,
            at=time.monotonic(),
            inline_message_id=inline_message_id,
        )


@dataclass(slots=True)
class Query:
    """Something that the bot is to answer once: a button that was pressed, a query inline or of a guest."""

    kind: str  #: of its update, such as "callback_query"
    id: str
    update_id: int
    text: str = ""  #: what is asked: the data of the button, the words of the query
    is_expired: bool = False  #: too old to be answered
    answer: Params | None = None  #: the parameters of the call that answered it
    _answered: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    async def answered(self, timeout: float = 5) -> Params:  # noqa: ASYNC109 - what a test wants to say
        """The answer, when it has come."""
        try:
            await asyncio.wait_for(self._answered.wait(), timeout)
        except TimeoutError:
            raise TimeoutError(f"no answer to the {self.kind} {self.id} within {timeout} s") from None
        assert self.answer is not None
        return self.answer

    def close(self, answer: Params) -> None:
        """Takes the only answer there will be."""
        self.answer = answer
        self._answered.set()
