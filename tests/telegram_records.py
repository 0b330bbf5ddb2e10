"""What a test sees of the bot: its calls, its messages, and the queries that wait for its answer."""

import asyncio
from dataclasses import dataclass, field

from tests.telegram_limits import Json, Params


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


@dataclass(slots=True)
class Query:
    """Something that the bot is to answer once: a button that was pressed, a query inline or of a guest."""

    kind: str  #: of its update, such as "callback_query"
    id: str
    update_id: int
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
