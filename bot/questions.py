"""The road of a question on Telegram: message in, reply out, and a line in the usage log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from telegram.error import BadRequest, TelegramError

from bot.addressing import addressed
from bot.delivery import is_passing
from bot.errors import PostponedError
from bot.keyboards import below_answer
from bot.presses import can_share
from bot.rendering import plain
from bot.replies import edit_in, send
from bot.usage import Exchange, new_token
from bot.wording import wording

if TYPE_CHECKING:
    import telegram
    from telegram.ext import ContextTypes

    from bot.allowance import Allowance
    from bot.commands import Reply
    from bot.dialogue import Dialogue
    from bot.metrics import Metrics
    from bot.people import People
    from bot.rendering import Message
    from bot.usage import UsageLog
    from bot.wording import Wording

#: Beyond that a message's date is wrong: Telegram keeps updates for a day, an operator mends a bot within a month.
_PLAUSIBLE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Question:
    """Something said to the bot."""

    message: telegram.Message
    user: telegram.User
    text: str
    wording: Wording
    asked_at: datetime  # UTC


class Questions:
    """Replies to what people write.

    Args:
        backlog: older messages, left over from an outage, get one note for each chat in place of answers.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # everything that an answer passes by
        self,
        dialogue: Dialogue,
        people: People,
        usage: UsageLog,
        allowance: Allowance,
        metrics: Metrics,
        backlog: timedelta,
    ) -> None:
        self._dialogue = dialogue
        self._people = people
        self._usage = usage
        self._allowance = allowance
        self._metrics = metrics
        self._backlog = backlog
        self._late: set[int] = set()  # chats that were told of their unanswered messages

    async def on_message(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Replies to a message if it is meant for the bot, and logs a question whether or not its answer arrived.

        Raises:
            PostponedError: the person is over the allowance.
        """
        question = await self._question(update)
        if question is None:
            return
        if self._backlog < question.asked_at - question.message.date < _PLAUSIBLE:
            await self._tell_of_backlog(question)
            return
        self._late.discard(question.message.chat_id)
        await self._answer(question)

    async def on_edit(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers an edited question where it was answered before; one that asked nothing then is answered now.

        Raises:
            PostponedError: the person is over the allowance.
        """
        question = await self._question(update)
        if question is None:
            return
        before = await self._usage.asked_in(question.message.chat_id, question.message.message_id)
        if before is None or before.question != self._dialogue.question(question.text):
            await self._answer(question, before.answered_in if before else None)

    async def on_press_of(self, message: telegram.Message, user: telegram.User, text: str) -> None:
        """Answers a question that stood on a button.

        Raises:
            PostponedError: the person is over the allowance.
        """
        words = wording(await self._people.language(user))
        await self._answer(Question(message, user, text, words, datetime.now(UTC)))

    async def on_unreadable(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Says in a private chat that only text is read."""
        message = update.effective_message
        if message:
            words = wording(await self._people.language(update.effective_user))
            await send(message, plain(words("only_text")))

    async def _question(self, update: telegram.Update) -> Question | None:
        message, user = update.effective_message, update.effective_user
        text = addressed(message, message.get_bot().bot) if message else None
        if message is None or user is None or text is None:
            return None
        return Question(message, user, text, wording(await self._people.language(user)), datetime.now(UTC))

    async def _answer(self, question: Question, instead: int | None = None) -> None:
        """Answers, in a new message or in the place of an earlier answer."""
        await self._check_allowance(question)
        reply, token = self._dialogue.reply(question.text, question.wording), new_token()
        message = reply.message
        if reply.answer and reply.answer.citations:
            shareable = can_share(question.message)
            message = message.with_buttons(below_answer(reply.answer, token, question.wording, can_share=shareable))
        try:
            answered_in = await _deliver(question.message, message, instead)
        except TelegramError as error:
            if not is_passing(error):
                self._record(question, reply, token, None)
            raise
        self._record(question, reply, token, answered_in)

    async def _check_allowance(self, question: Question) -> None:
        wait = await self._allowance.wait(question.user.id)
        if not wait:
            return
        if self._allowance.tell(question.user.id):
            await send(question.message, plain(question.wording("slow_down")))
        raise PostponedError(wait)

    async def _tell_of_backlog(self, question: Question) -> None:
        chat_id = question.message.chat_id
        if chat_id not in self._late:
            self._late.add(chat_id)
            await send(question.message, plain(question.wording("was_away")))

    def _record(self, question: Question, reply: Reply, token: str, answered_in: int | None) -> None:
        answer, message, now = reply.answer, question.message, datetime.now(UTC)
        if answer is None:
            return
        self._usage.record(
            Exchange(
                question.user.id,
                message.chat_id,
                answer,
                question.asked_at,
                now,
                token=token,
                asked_in=message.message_id,
                answered_in=answered_in,
            )
        )
        self._metrics.count(answer)
        self._metrics.answer_seconds.observe((now - question.asked_at).total_seconds())


async def _deliver(to: telegram.Message, message: Message, instead: int | None) -> int:
    """Sends or edits; an answer that cannot be edited any more is sent anew. Returns the message's id."""
    if instead is not None:
        try:
            await edit_in(to, instead, message)
        except BadRequest:
            pass
        else:
            return instead
    return (await send(to, message)).message_id
