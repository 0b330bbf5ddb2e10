"""Guest mode: questions in chats that the bot is not in, where somebody mentions it.

There it can say one thing only, its answer to the query, and knows neither the messages nor, by their ids, the chats:
what looks like the id of a private chat may be another's (https://core.telegram.org/bots/api#message).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.addressing import asked_as_guest
from bot.delivery import is_passing
from bot.dialogue import Dialogue
from bot.errors import EndingError
from bot.failures import reason
from bot.keyboards import below_sent
from bot.presses import can_share
from bot.rendering import clipped, plain, render
from bot.replies import article, as_taken, is_too_late
from bot.usage import ELSEWHERE, Exchange
from bot.wording import wording

if TYPE_CHECKING:
    import telegram
    from telegram.ext import ContextTypes

    from bot.allowance import Allowance
    from bot.metrics import Metrics
    from bot.people import People
    from bot.rendering import Message
    from bot.replies import Look
    from bot.usage import UsageLog
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Answer

_log = logging.getLogger(__name__)

_MAX_TITLE = 80  # characters; nobody sees it


class Guests:
    """Answers where the bot is a guest."""

    def __init__(self, index: Index, people: People, usage: UsageLog, allowance: Allowance, metrics: Metrics) -> None:
        self._index = index
        self._people = people
        self._usage = usage
        self._allowance = allowance
        self._metrics = metrics

    async def on_message(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a question, unless the person is over the allowance: such a query does not keep, so none waits."""
        message, user, asked_at = update.guest_message, update.effective_user, datetime.now(UTC)
        text = asked_as_guest(message, message.get_bot().bot) if message else None
        if message is None or user is None or text is None or self._people.has_forgotten(user.id, message.date):
            return
        words = wording(await self._people.language(user))
        if await self._allowance.wait(user.id):
            if self._allowance.tell(user.id):
                await _has_arrived(message, plain(words("ask_later")))
            return
        answer = self._index.ask(Dialogue.question(text) or "")
        has_arrived = await self._answer(message, user, _shown(answer, words, message))
        self._record(user, answer, asked_at, has_arrived=has_arrived)

    async def _answer(self, message: telegram.Message, user: telegram.User, shown: Message) -> bool:
        """Answers; returns whether Telegram took it."""
        try:
            return await _has_arrived(message, shown)
        except (EndingError, TelegramError):  # it is tried again, and pays then
            self._allowance.give_back(user.id)
            raise

    def _record(self, user: telegram.User, answer: Answer, asked_at: datetime, *, has_arrived: bool) -> None:
        now = datetime.now(UTC)
        self._usage.record(Exchange(user.id, ELSEWHERE, answer, asked_at, now, is_elsewhere=has_arrived))
        self._metrics.count(answer)
        self._metrics.answer_seconds.observe((now - asked_at).total_seconds())


def _shown(answer: Answer, words: Wording, asking: telegram.Message) -> Message:
    """The answer, with buttons that work in a chat that the bot is not in."""
    shown = render(answer, words)
    if not answer.citations:
        return shown
    bot, shareable = asking.get_bot().username, can_share(asking)
    return shown.with_buttons(below_sent(answer.citations[0], answer.question, words, bot, can_share=shareable))


async def _has_arrived(to: telegram.Message, said: Message) -> bool:
    """Answers; returns whether Telegram took it. What may pass is raised, to be tried again."""
    try:
        await _say(to, said)
    except TelegramError as error:
        if is_passing(error):
            raise
        if not is_too_late(error):
            _log.warning("A guest could not be answered: %s", reason(error))
        return False
    return True


async def _say(to: telegram.Message, said: Message) -> None:
    async def attempt(look: Look) -> None:
        await to.answer_guest_query(article("answer", clipped(said.text, _MAX_TITLE), "", look.of(said)))

    await as_taken(attempt)
