"""The bot on Telegram: put together, run and stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
from datetime import timedelta
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    ChosenInlineResultHandler,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot import logs
from bot.allowance import Allowance
from bot.context import Contexts
from bot.database import Database
from bot.delivery import Delivery
from bot.dialogue import Dialogue
from bot.ending import Ending
from bot.errors import RejectedError
from bot.failures import on_loop_error, reason
from bot.gate import Gate
from bot.guests import Guests
from bot.inbox import Inbox, blame
from bot.inline import Inline
from bot.introductions import Introductions
from bot.keyboards import MAX_QUOTES
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.people import People
from bot.polling import Polling
from bot.presses import AnswerActions, Presses
from bot.processing import App, CandidApplication, Processing
from bot.pseudonyms import Pseudonyms, passing_key, read_key
from bot.questions import Questions
from bot.schema import check_sqlite
from bot.usage import UsageLog
from bot.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.settings import Settings
    from retrieval.index import Index

_log = logging.getLogger(__name__)

_KINDS = (
    *("message", "edited_message", "callback_query"),
    *("inline_query", "chosen_inline_result", "guest_message", "my_chat_member"),
)
_UNREADABLE = (
    filters.VOICE
    | filters.AUDIO
    | filters.PHOTO
    | filters.VIDEO
    | filters.VIDEO_NOTE
    | filters.ANIMATION
    | filters.Sticker.ALL
    | filters.Document.ALL
    | filters.CONTACT
    | filters.LOCATION
    | filters.POLL
    | filters.Dice.ALL
    | filters.STORY
)
_CONNECTIONS, _POOL_WAIT = 64, 60  # calls at a time, and seconds that a further one waits for its turn
_LONGEST_PAUSE = 30  # seconds between two tries to reach Telegram
_REJECTED = (
    "Telegram does not accept the token. Set QUOTH_TELEGRAM_TOKEN to the one that @BotFather shows "
    "(and QUOTH_TELEGRAM_API_URL, if set, to a Bot API server)."
)


class _DiscreetBot(ExtBot[int]):
    """A bot whose repr, which the library puts into errors and logs, does not hold the token."""

    def __repr__(self) -> str:
        return "<bot>"


def run(settings: Settings, token: str, index: Index) -> None:
    """Runs the bot until a signal ends it.

    Raises:
        RejectedError: Telegram does not accept the token.
        DeafError: nothing arrives from Telegram any more.
        DatabaseError: this Python's SQLite is too old.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a connection that the other side has closed is no end
    logs.configure(settings.log_level, settings.log_format, token)
    check_sqlite()
    index.warm_up()
    asyncio.run(_until_signalled(Service(settings, token, index).serve()))


class Service:
    """Everything that runs, put together; made inside the event loop it runs in."""

    def __init__(self, settings: Settings, token: str, index: Index) -> None:
        self._index = index
        self._ending, self._metrics = Ending(), Metrics()
        self._database, pseudonyms = _kept(settings)
        self._usage = UsageLog(self._database, pseudonyms, settings.retention_days)
        allowance = Allowance(self._database, pseudonyms, settings.questions_per_minute)
        backlog = timedelta(minutes=settings.backlog_minutes)
        people, contexts = People(self._database, pseudonyms), Contexts(index)
        dialogue = Dialogue(index, MAX_QUOTES)
        questions = Questions(dialogue, people, self._usage, allowance, self._metrics, backlog)
        answers = AnswerActions(index, contexts, self._usage)
        presses = Presses(people, {"page": answers.page, "context": answers.context, "vote": answers.vote})
        self._application = build(settings, token, Delivery(self._ending, self._metrics))
        inline = Inline(index, people, self._usage, self._metrics)
        guests = Guests(index, people, self._usage, allowance, self._metrics)
        add_handlers(self._application, settings, questions, presses, inline, guests, Introductions(people))
        self._inbox = Inbox(self._database)
        self._processing = Processing(self._application, self._inbox, self._ending, self._metrics)
        self._lanes = Lanes(self._processing.see_through, self._ending)
        self._polling = Polling(self._application.bot.base_url, _KINDS, self._inbox, self._lanes, self._metrics)
        self._watchdog = Watchdog(self._blame, lambda: not self._polling.is_deaf)

    async def serve(self) -> None:
        """Answers until it is cancelled, or can do so no longer; a database left open would keep the process alive."""
        await self._database.open()
        try:
            await self._usage.forget()
            await self._answer()
        except InvalidToken:
            raise RejectedError(_REJECTED) from None  # the cause would hold the token
        finally:
            await self._shut_down()

    async def _answer(self) -> None:
        await self._connect()
        for update in await self._inbox.waiting():
            self._lanes.put(update)
        index = self._index
        self._metrics.inbox.set_function(lambda: self._lanes.waiting)
        self._metrics.passages.set(len(index.passages))
        self._metrics.indexed_at.set_to_current_time()
        _log.info(
            "@%s answers from %s documents, %s passages.",
            self._application.bot.username,
            len(index.documents),
            len(index.passages),
        )
        async with self._watchdog.watching():
            await self._polling.run()

    async def _connect(self) -> None:
        """Signs in; while Telegram cannot be reached, or somebody else replies, it is tried again, ever less often."""
        pause = 1
        while True:
            try:
                await self._application.initialize()
                await self._application.bot.delete_webhook()
            except InvalidToken:
                raise
            except TelegramError as error:
                _log.warning("Telegram cannot be reached, next try in %s s: %s", pause, reason(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                return

    async def _shut_down(self) -> None:
        """Finishes what is under way; the rest stays in the inbox."""
        self._ending.begin()
        await self._lanes.drain()
        await self._application.shutdown()
        await self._database.close()

    def _blame(self) -> None:
        """Counts a stall against the update that was worked on; called from the watchdog's thread."""
        if self._database.path and self._processing.current is not None:
            blame(self._database.path, self._processing.current)


def build(settings: Settings, token: str, delivery: Delivery) -> App:
    """The application, without handlers yet."""
    bot = _DiscreetBot(
        token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=HTTPXRequest(connection_pool_size=_CONNECTIONS, pool_timeout=_POOL_WAIT),
        rate_limiter=delivery,
    )
    return ApplicationBuilder().application_class(CandidApplication).bot(bot).updater(None).build()


def add_handlers(  # noqa: PLR0913, PLR0917  # all that updates may go to
    application: App,
    settings: Settings,
    questions: Questions,
    presses: Presses,
    inline: Inline,
    guests: Guests,
    introductions: Introductions,
) -> None:
    """Which updates go where: the first that fits takes it."""
    application.add_handler(TypeHandler(Update, Gate(settings).check), group=-1)
    new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
    said = filters.TEXT | filters.CAPTION
    application.add_handlers(
        [
            MessageHandler(filters.UpdateType.GUEST_MESSAGE, guests.on_message),
            MessageHandler(new & filters.StatusUpdate.MIGRATE, introductions.on_migration),
            MessageHandler(new & said, questions.on_message),
            MessageHandler(new & filters.ChatType.PRIVATE & _UNREADABLE, questions.on_unreadable),
            MessageHandler(edited & said, questions.on_edit),
            CallbackQueryHandler(presses.on_press),
            InlineQueryHandler(inline.on_query),
            ChosenInlineResultHandler(inline.on_chosen),
            ChatMemberHandler(introductions.on_member, ChatMemberHandler.MY_CHAT_MEMBER),
        ]
    )


def _kept(settings: Settings) -> tuple[Database, Pseudonyms]:
    """What is kept on the disk, and under which key; in memory if there can be no key."""
    try:
        return Database(settings.database), Pseudonyms(read_key(settings.database))
    except OSError as error:
        _log.error(
            "The key of the database %s cannot be used: %s. Answers go out, but nothing is kept beyond the end of this "
            "process; mend the file or its folder, and start again.",
            settings.database,
            error,
        )
        return Database(None), Pseudonyms(passing_key())


async def _until_signalled(work: Coroutine[None, None, None]) -> None:
    """Awaits the work; SIGTERM and SIGINT cancel it, which is a clean end, and a second one does not disturb it."""
    loop, task = asyncio.get_running_loop(), asyncio.create_task(work)

    def end() -> None:
        if not task.cancelling():
            task.cancel()

    loop.set_exception_handler(on_loop_error)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    try:
        await task
    except asyncio.CancelledError:
        _log.info("Stopped.")
