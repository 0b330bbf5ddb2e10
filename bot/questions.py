"""The road of a question on Telegram: message in, reply out, and a line in the usage log."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.addressing import addressed
from bot.delivery import is_passing
from bot.errors import EndingError, PostponedError
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

_Place: TypeAlias = tuple[int, int]  # chat and message; a group may become another chat before it is answered

#: Beyond that a message's date is wrong: Telegram keeps updates for a day, an operator mends a bot within a month.
_PLAUSIBLE = timedelta(days=30)
#: Of the event loop, between two searches: the news of a reply takes some to get through the library.
_ROUNDS = 10
_ALBUMS = 1_000  # remembered; all of an album arrives within seconds


@dataclass(frozen=True, slots=True)
class Question:
    """Something said to the bot."""

    message: telegram.Message
    user: telegram.User
    text: str
    wording: Wording
    said_at: datetime  # by Telegram's clock
    asked_at: datetime  # when it was taken up, UTC
    is_pressed: bool = False  # it stood on a button of the message, which is the bot's own


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
        self._turn = asyncio.Lock()
        self._late: set[int] = set()  # chats that were told of their unanswered messages
        self._albums: deque[str | None] = deque(maxlen=_ALBUMS)  # those that were replied to

    async def on_message(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Replies to a message if it is meant for the bot, and logs a question whether or not its answer arrived.

        Raises:
            PostponedError: the person is over the allowance.
        """
        question = await self._question(update)
        if question is not None:
            await self._take_up(question)
            self._albums.append(question.message.media_group_id)

    async def on_edit(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers an edited question where it was answered before; one that asked nothing then is answered now.

        A command that stands in a question's place gets a reply of its own: the answer could not come back after it.

        Raises:
            PostponedError: the person is over the allowance.
        """
        question = await self._question(update)
        if question is None:
            return
        before = await self._usage.asked_in(question.message.chat_id, question.message.message_id)
        asked = self._dialogue.question(question.text)
        if before is None or asked is None:
            await self._take_up(question)
        elif asked != before.question:
            await self._take_up(question, before.answered_in)

    async def on_press_of(self, message: telegram.Message, user: telegram.User, text: str) -> None:
        """Answers a question that stood on a button.

        Raises:
            PostponedError: the person is over the allowance.
        """
        words, now = wording(await self._people.language(user)), datetime.now(UTC)
        await self._answer(Question(message, user, text, words, now, now, is_pressed=True))

    async def on_unreadable(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Says in a private chat that only text is read: once for an album, of which each photo is a message."""
        message = update.effective_message
        if message and (message.media_group_id is None or message.media_group_id not in self._albums):
            words = wording(await self._people.language(update.effective_user))
            await send(message, plain(words("only_text")))
            self._albums.append(message.media_group_id)

    async def _question(self, update: telegram.Update) -> Question | None:
        message, user = update.effective_message, update.effective_user
        text = addressed(message, message.get_bot().bot) if message else None
        if message is None or user is None or text is None:
            return None
        said_at = message.edit_date or message.date
        if self._people.has_forgotten(user.id, said_at):
            return None
        words = wording(await self._people.language(user))
        return Question(message, user, text, words, said_at, datetime.now(UTC))

    async def _take_up(self, question: Question, instead: int | None = None) -> None:
        """Answers, unless what was said is too old by now."""
        if self._backlog < question.asked_at - question.said_at < _PLAUSIBLE:
            await self._tell_of_backlog(question)
            return
        self._late.discard(question.message.chat_id)
        await self._answer(question, instead)

    async def _answer(self, question: Question, instead: int | None = None) -> None:
        """Answers, in a new message or in the place of an earlier answer."""
        await self._check_allowance(question)
        reply, token = await self._reply(question), new_token()
        message = reply.message
        if reply.answer and reply.answer.citations:
            shareable = can_share(question.message)
            message = message.with_buttons(below_answer(reply.answer, token, question.wording, can_share=shareable))
        try:
            place = await _deliver(question.message, message, instead)
        except (EndingError, TelegramError) as error:
            if isinstance(error, EndingError) or is_passing(error):  # it is tried again, and pays then
                self._allowance.give_back(question.user.id)
            else:
                self._record(question, reply, token, None)
            raise
        self._record(question, reply, token, place)

    async def _reply(self, question: Question) -> Reply:
        """What to say. Between two searches the event loop sees to what has arrived, such as news of a reply."""
        async with self._turn:
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
            return self._dialogue.reply(question.text, question.wording, with_question=question.is_pressed)

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

    def _record(self, question: Question, reply: Reply, token: str, place: _Place | None) -> None:
        answer, message, now = reply.answer, question.message, datetime.now(UTC)
        if answer is None or self._people.has_forgotten(question.user.id, question.said_at):
            return
        chat_id, answered_in = place or (message.chat_id, None)
        self._usage.record(
            Exchange(
                question.user.id,
                chat_id,
                answer,
                question.asked_at,
                now,
                token=token,
                asked_in=message.message_id if chat_id == message.chat_id and not question.is_pressed else None,
                answered_in=answered_in,
            )
        )
        self._metrics.count(answer)
        self._metrics.answer_seconds.observe((now - question.asked_at).total_seconds())


async def _deliver(to: telegram.Message, message: Message, instead: int | None) -> _Place:
    """Sends or edits; an answer that cannot be edited any more is sent anew. Returns where it is."""
    if instead is not None:
        try:
            await edit_in(to, instead, message)
        except (BadRequest, ChatMigrated):
            pass
        else:
            return to.chat_id, instead
    sent = await send(to, message)
    return sent.chat_id, sent.message_id
