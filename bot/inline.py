"""Inline mode: quotes that somebody can send to any chat, offered while they type `@bot` and a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from textwrap import shorten
from typing import TYPE_CHECKING

from telegram import InlineQueryResultsButton
from telegram.error import TelegramError

from bot.delivery import is_passing
from bot.keyboards import below_sent
from bot.links import INLINE, payload
from bot.rendering import clipped, render_quote, summary
from bot.replies import article, as_taken, is_too_late
from bot.telegram_text import clean
from bot.usage import ELSEWHERE, Exchange
from bot.wording import wording
from retrieval.types import Silence, Verdict

if TYPE_CHECKING:
    import telegram
    from telegram import InlineQueryResultArticle
    from telegram.ext import ContextTypes

    from bot.metrics import Metrics
    from bot.people import People
    from bot.replies import Look
    from bot.usage import UsageLog
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Answer, Citation

_PAGE = 10  # results
_ALL = 1_000  # more than the best passages have quotes
_MAX_TITLE = 80  # characters
# Seconds that Telegram may repeat an answer, to the same person alone: it is in their language, and not everybody is
# let in. Long enough for letters that are taken back, short enough for a language or a folder that has changed.
_CACHED = 60


class Inline:
    """Offers quotes, and remembers which were sent.

    Every letter typed may be a query. So none costs anything of the person's allowance, and a newer one takes the
    place of those that wait (`bot/lanes.py`): one at a time is answered to a person, however fast they type.
    """

    def __init__(self, index: Index, people: People, usage: UsageLog, metrics: Metrics) -> None:
        self._index = index
        self._people = people
        self._usage = usage
        self._metrics = metrics

    async def on_query(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Offers a page of quotes; one that Telegram has not taken by now is worth nothing any more, and no fault."""
        query = update.inline_query
        if query is None:
            return
        words = wording(await self._people.language(query.from_user))
        first = int(query.offset) if query.offset.isdecimal() else 0
        answer = self._index.ask(query.query.strip(), first + _PAGE + 1)
        bot = query.get_bot().username

        async def attempt(look: Look) -> None:
            offered = answer.citations[first : first + _PAGE]
            await query.answer(
                [_result(answer, citation, words, bot, look) for citation in offered],
                cache_time=_CACHED,
                is_personal=True,
                next_offset=str(first + _PAGE) if len(answer.citations) > first + _PAGE else "",
                button=None if answer.citations else _button(answer, words),
            )

        try:
            await as_taken(attempt)
        except TelegramError as error:
            if not (is_too_late(error) or is_passing(error)):
                raise

    async def on_chosen(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Records a question whose quote was sent."""
        chosen, now = update.chosen_inline_result, datetime.now(UTC)
        if chosen is None:
            return
        offered = self._index.ask(chosen.query.strip(), _ALL)
        sent = tuple(citation for citation in offered.citations if payload(citation) == chosen.result_id)
        answer = replace(offered, citations=sent)
        answered_at = datetime.now(UTC)
        # Waited for, unlike elsewhere: the record is all that there is to do, and a kill must not come before it.
        await self._usage.record(Exchange(chosen.from_user.id, ELSEWHERE, answer, now, answered_at, is_elsewhere=True))
        self._metrics.count(answer)


def _result(answer: Answer, citation: Citation, words: Wording, bot: str, look: Look) -> InlineQueryResultArticle:
    """A quote on offer, named as links name it: so it is known again when it is sent, even after a restart."""
    stands = summary(citation, words)
    return article(
        payload(citation),
        _first_words(citation.quote),
        f"{words('uncertain')} · {stands}" if answer.verdict is Verdict.RELATED else stands,
        look.of(render_quote(answer, citation, words).with_buttons(below_sent(citation, answer.question, words, bot))),
    )


def _first_words(quote: str) -> str:
    """The beginning of a quote, up to a word's end; of one endless word its first letters."""
    line = clean(quote)
    beginning = shorten(line, _MAX_TITLE, placeholder="…")
    return beginning if beginning != "…" else clipped(line, _MAX_TITLE)


def _button(answer: Answer, words: Wording) -> InlineQueryResultsButton:
    """Says why there are no quotes, and leads to the private chat."""
    text = words("nothing") if answer.silence is Silence.UNSAID else words("inline_empty")
    return InlineQueryResultsButton(text, start_parameter=INLINE)
