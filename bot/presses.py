"""Presses of buttons: each is checked, acted upon, and always answered."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import telegram
from telegram.error import BadRequest

from bot.errors import PostponedError
from bot.keyboards import MAX_QUOTES, below_answer, below_context
from bot.rendering import Message, render
from bot.replies import edit
from bot.wording import wording

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from telegram.ext import ContextTypes

    from bot.context import Contexts
    from bot.people import People
    from bot.usage import Asked, UsageLog
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Answer

_MAX_NOTICE = 200  # characters: https://core.telegram.org/bots/api#answercallbackquery


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed."""

    message: telegram.Message
    user: telegram.User
    arguments: tuple[str, ...]
    wording: Wording


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a press leads to: a short notice, and another message in the place of the one below which it was."""

    notice: str = ""
    shown: Message | None = None


#: What a press of one kind leads to; None: the button leads nowhere any more.
Action: TypeAlias = "Callable[[Press], Awaitable[Outcome | None]]"


class Presses:
    """Acts upon presses.

    Args:
        actions: by the first part of what a button brings back.
    """

    def __init__(self, people: People, actions: Mapping[str, Action]) -> None:
        self._people = people
        self._actions = actions

    async def on_press(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a press. One that is stale, forged or meant for another message changes nothing."""
        query = update.callback_query
        if query is None:
            return
        words = wording(await self._people.language(query.from_user))
        try:
            outcome = await self._outcome(query, words) or Outcome(words("stale"))
        except PostponedError:
            await _answer(query, words("slow_down"))
            raise
        except Exception:
            await _answer(query, words("failure"))
            raise
        await _answer(query, outcome.notice)
        if outcome.shown and isinstance(query.message, telegram.Message):
            await edit(query.message, outcome.shown)

    async def _outcome(self, query: telegram.CallbackQuery, words: Wording) -> Outcome | None:
        kind, *arguments = (query.data or "").split(":")
        act = self._actions.get(kind)
        if act is None or not isinstance(query.message, telegram.Message):
            return None
        return await act(Press(query.message, query.from_user, tuple(arguments), words))


class AnswerActions:
    """What the buttons below an answer do."""

    def __init__(self, index: Index, contexts: Contexts, usage: UsageLog) -> None:
        self._index = index
        self._contexts = contexts
        self._usage = usage

    async def page(self, press: Press) -> Outcome | None:
        """Other quotes in the place of those shown."""
        found = await self._found(press)
        if found is None:
            return None
        asked, answer, page = found
        rows = below_answer(answer, asked.token, press.wording, page=page, can_share=can_share(press.message))
        shown = render(answer, press.wording, page, with_question=asked.asked_in is None)
        return Outcome(shown=shown.with_buttons(rows)) if rows else None

    async def context(self, press: Press) -> Outcome | None:
        """A quote with what is around it."""
        found = await self._found(press)
        if found is None or found[2] >= len(found[1].citations):
            return None
        asked, answer, number = found
        shown = self._contexts.render(answer.citations[number], press.wording)
        return Outcome(shown=shown.with_buttons(below_context(answer, asked.token, press.wording, number)))

    async def vote(self, press: Press) -> Outcome | None:
        """What somebody thinks of an answer, once a person; a later press changes it."""
        match press.arguments:
            case token, ("0" | "1") as value:
                asked = await self._behind(press, token)
            case _:
                return None
        if asked is None:
            return None
        is_kept = await self._usage.vote(asked, press.user.id, is_helpful=value == "1")
        return Outcome(press.wording("voted") if is_kept else press.wording("failure"))

    async def _found(self, press: Press) -> tuple[Asked, Answer, int] | None:
        """The question behind a button, its answer as it was given, and the number that the button holds."""
        match press.arguments:
            case token, number if number.isdecimal():
                asked = await self._behind(press, token)
            case _:
                return None
        if asked is None:
            return None
        answer = self._index.ask(asked.question, MAX_QUOTES)
        places = tuple((c.file, c.start, c.end) for c in answer.citations)
        return (asked, answer, int(number)) if places == asked.places else None  # else the documents have changed

    async def _behind(self, press: Press, token: str) -> Asked | None:
        return await self._usage.behind(token, press.message.chat_id, press.message.message_id)


async def _answer(query: telegram.CallbackQuery, notice: str) -> None:
    """Ends the waiting of whoever pressed; too late is no fault."""
    with suppress(BadRequest):
        await query.answer(notice[:_MAX_NOTICE] or None)


def can_share(message: telegram.Message) -> bool:
    """Whether the bot has an inline mode: without it Telegram refuses buttons that lead there."""
    return bool(message.get_bot().bot.supports_inline_queries)
