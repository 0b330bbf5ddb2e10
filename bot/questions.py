"""The road of a question on Telegram: message in, reply out, and a line in the usage log."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from telegram import LinkPreviewOptions, MessageEntity
from telegram.error import BadRequest, TelegramError

from bot.delivery import is_passing
from bot.errors import PostponedError
from bot.rendering import plain
from bot.usage import Exchange
from bot.wording import wording

if TYPE_CHECKING:
    import telegram
    from telegram.ext import ContextTypes

    from bot.allowance import Allowance
    from bot.commands import Reply
    from bot.dialogue import Dialogue
    from bot.metrics import Metrics
    from bot.rendering import Message
    from bot.usage import UsageLog

_log = logging.getLogger(__name__)

#: Beyond that a message's date is wrong: Telegram keeps updates for a day, an operator mends a bot within a month.
_PLAUSIBLE = timedelta(days=30)
#: Of the event loop, between two searches: the news of a reply takes some to get through the library.
_ROUNDS = 10
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Questions:
    """Replies to what people write.

    Args:
        backlog: older messages, left over from an outage, get one note for each chat in place of answers.
    """

    def __init__(
        self, dialogue: Dialogue, usage: UsageLog, allowance: Allowance, metrics: Metrics, backlog: timedelta
    ) -> None:
        self._dialogue = dialogue
        self._usage = usage
        self._allowance = allowance
        self._metrics = metrics
        self._backlog = backlog
        self._turn = asyncio.Lock()
        self._late: set[int] = set()  # chats that were told of their unanswered messages

    async def on_message(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Replies to a message, and logs a question whether or not its answer arrived.

        Raises:
            PostponedError: the person is over the allowance.
        """
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or message.text is None:
            return
        asked_at = datetime.now(UTC)
        if self._backlog < asked_at - message.date < _PLAUSIBLE:
            await self._tell_of_backlog(message, user)
            return
        self._late.discard(message.chat_id)
        await self._check_allowance(message, user)
        reply = await self._reply(message.text, user.language_code)
        try:
            await send(message, reply.message)
        except TelegramError as error:
            if is_passing(error):  # it is tried again, and pays then
                self._allowance.give_back(user.id)
            else:
                self._record(message, user, reply, asked_at, delivered=False)
            raise
        self._record(message, user, reply, asked_at, delivered=True)

    async def _reply(self, text: str, language: str | None) -> Reply:
        """What to say. Between two searches the event loop sees to what has arrived, such as news of a reply."""
        async with self._turn:
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
            return self._dialogue.reply(_encodable(text), language)

    async def _check_allowance(self, message: telegram.Message, user: telegram.User) -> None:
        wait = await self._allowance.wait(user.id)
        if not wait:
            return
        if self._allowance.tell(user.id):
            await send(message, plain(wording(user.language_code)("slow_down")))
        raise PostponedError(wait)

    async def _tell_of_backlog(self, message: telegram.Message, user: telegram.User) -> None:
        if message.chat_id not in self._late:
            self._late.add(message.chat_id)
            await send(message, plain(wording(user.language_code)("was_away")))

    def _record(
        self, message: telegram.Message, user: telegram.User, reply: Reply, asked_at: datetime, *, delivered: bool
    ) -> None:
        answer, answered_at = reply.answer, datetime.now(UTC)
        if answer:
            self._usage.record(Exchange(user.id, message.chat_id, answer, asked_at, answered_at, delivered=delivered))
            self._metrics.questions.labels(answer.verdict.value).inc()
            self._metrics.search_seconds.observe(answer.search_ms / 1_000)
            self._metrics.answer_seconds.observe((answered_at - asked_at).total_seconds())


def _encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON can carry and UTF-8 cannot."""
    return text.encode(errors="replace").decode()


async def send(to: telegram.Message, message: Message) -> None:
    """Sends a reply; should Telegram refuse its entities, the same text without them."""
    entities = [MessageEntity(entity.style.value, entity.offset, entity.length) for entity in message.entities]
    try:
        await to.reply_text(message.text, entities=entities, link_preview_options=_NO_PREVIEW)
    except BadRequest as error:
        if "entit" not in error.message.casefold():
            raise
        _log.error("Telegram refused the entities of an answer, a fault of Quoth: %s", error.message)
        await to.reply_text(message.text, link_preview_options=_NO_PREVIEW)
