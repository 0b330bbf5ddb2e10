"""The bot on Telegram: put together, run and stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import AbstractAsyncContextManager, nullcontext
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
from uvloop import new_event_loop

from bot import logs
from bot.allowance import Allowance
from bot.calls import AiohttpRequest
from bot.choices import CatalogueActions, ExampleActions, ForgetActions, LanguageActions
from bot.database import Database
from bot.delivery import CONNECTIONS, Delivery
from bot.dialogue import Dialogue
from bot.ending import Ending, pauses
from bot.errors import RejectedError, SettingsError
from bot.failures import on_loop_error, reason
from bot.flight_recorder import NO_TRACES, FlightRecorder, Traces
from bot.gate import Gate
from bot.guests import Guests
from bot.health import Health
from bot.inbox import Inbox
from bot.inline import Inline
from bot.introductions import Introductions
from bot.keyboards import MAX_QUOTES
from bot.lanes import Lanes
from bot.menus import Menus
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
from bot.webhook import Webhook, public_address
from bot.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.commands import Desk
    from bot.ear import Ear
    from bot.presses import Action
    from bot.settings import Settings
    from retrieval.index import Index

_log = logging.getLogger(__name__)

#: The kinds of updates that are asked for.
KINDS = (
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
_PATIENCE = 20  # seconds for a call; one that is given up may have been done, and then arrives twice
_SWITCH = 0.0005  # seconds that the thread of the database waits for a search at most
_LONGEST_PAUSE = 30  # seconds between two tries to reach Telegram
_NEXT_LOOK = 5  # seconds until a disk that failed at the start is looked at again
_REJECTED = (
    "Telegram does not accept the token. Set QUOTH_TELEGRAM_TOKEN to the one that @BotFather shows "
    "(and QUOTH_TELEGRAM_API_URL, if set, to a Bot API server)."
)
_SECRETLESS = (
    "QUOTH_WEBHOOK_URL is set, so QUOTH_WEBHOOK_SECRET must be: a long random word of letters, digits, _ and -, "
    "or anybody could pose as Telegram."
)
_WITHOUT_WEB = (
    "QUOTH_WEBHOOK_URL and QUOTH_LISTEN need the extra web: pip install 'quoth[web]', or '.[web]' in a copy of the "
    "repository."
)


class _DiscreetBot(ExtBot[int]):
    """A bot whose repr, which the library puts into errors and logs, does not hold the token."""

    def __repr__(self) -> str:
        return "<bot>"


def check(settings: Settings) -> None:
    """Raises SettingsError when what the settings ask for lacks something."""
    if settings.webhook_url and not settings.webhook_secret:
        raise SettingsError(_SECRETLESS)
    if settings.address:
        try:
            import bot.web  # noqa: F401, PLC0415  # an extra
        except ModuleNotFoundError as error:
            raise SettingsError(_WITHOUT_WEB) from error


def run(settings: Settings, token: str, index: Index) -> None:
    """Runs the bot until a signal ends it.

    Raises:
        RejectedError: Telegram does not accept the token.
        DeafError: nothing arrives from Telegram any more.
        DatabaseError: this Python's SQLite is too old.
        ListenError: nothing can listen at the address of the settings.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a connection that the other side has closed is no end
    logs.configure(settings.log_level, settings.log_format, token, *filter(None, [_secret(settings)]))
    sys.setswitchinterval(_SWITCH)
    check_sqlite()
    index.warm_up()
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_until_signalled(Service(settings, token, index).serve()))
    finally:
        logs.flush()  # before anybody says why it ended


class Service:
    """Everything that runs, put together; made inside the event loop it runs in."""

    def __init__(self, settings: Settings, token: str, index: Index) -> None:
        self._index = index
        self._ending, self._metrics, wire = Ending(), Metrics(), Wire()
        self._database, pseudonyms = _kept(settings)
        self._usage = UsageLog(self._database, pseudonyms, settings.retention_days)
        allowance = Allowance(self._database, pseudonyms, settings.questions_per_minute)
        backlog = timedelta(minutes=settings.backlog_minutes)
        people = People(self._database, pseudonyms)
        dialogue = Dialogue(index, MAX_QUOTES, settings.retention_days)
        self._questions = Questions(dialogue, people, self._usage, allowance, self._metrics, backlog)
        answers = AnswerActions(index, dialogue.contexts, self._usage)
        presses = Presses(
            people,
            {"page": answers.page, "context": answers.context, "vote": answers.vote}
            | choices(dialogue.desk, people, self._questions),
        )
        self._application = build(settings, token, Delivery(self._ending, self._metrics, wire))
        inline = Inline(index, people, self._usage, self._metrics)
        guests = Guests(index, people, self._usage, allowance, self._metrics)
        gate, introductions = Gate(settings, people), Introductions(people)
        add_handlers(self._application, gate, self._questions, presses, inline, guests, introductions)
        self._menus = Menus(self._application.bot)
        self._inbox = Inbox(self._database)
        self._recorder = FlightRecorder(self._database.path)
        self._processing = Processing(
            self._application, self._inbox, people, self._ending, self._metrics, wire, self._recorder
        )
        self._lanes = Lanes(self._processing.see_through, self._ending)
        self._webhook = self._delivered(settings)
        self._ear: Ear = self._webhook or Polling(self._application.bot, KINDS, self._inbox, self._lanes, self._metrics)
        self._health = Health(self._ear, self._database)
        self._address = settings.address
        self._watchdog = Watchdog(lambda: not self._ear.is_deaf)
        self._measure(index)

    async def serve(self) -> None:
        """Answers until it is cancelled, or can do so no longer; a database left open would keep the process alive."""
        await self._database.open()
        try:
            await self._usage.forget()
            async with self._serving():
                await self._answer()
        except InvalidToken:
            raise RejectedError(_REJECTED) from None  # the cause would hold the token
        finally:
            await self._shut_down()

    def _delivered(self, settings: Settings) -> Webhook | None:
        """The webhook, if Telegram is to deliver."""
        secret = _secret(settings)
        if not settings.webhook_url or not secret:
            return None
        url = public_address(settings.webhook_url)
        return Webhook(self._application.bot, url, secret, KINDS, self._inbox, self._lanes, self._metrics)

    def _measure(self, index: Index) -> None:
        self._metrics.documents.set(len(index.documents))
        self._metrics.passages.set(len(index.passages))
        self._metrics.indexed_at.set_to_current_time()
        self._metrics.inbox.set_function(lambda: self._lanes.waiting)
        self._metrics.is_database_failing.set_function(lambda: not self._health.is_database_well)

    def _serving(self) -> AbstractAsyncContextManager[None]:
        """What is served over HTTP, while it is: the requests under way end before the rest does."""
        if not self._address:
            return nullcontext()
        from bot.web import serving, website  # noqa: PLC0415  # an extra

        return serving(website(self._health, self._metrics, self._webhook), self._address)

    async def _answer(self) -> None:
        await self._connect()
        self._health.is_signed_in = True
        await self._take_up(self._recorder.open())
        _log.info(
            "@%s answers from %s documents, %s passages.",
            self._application.bot.username,
            len(self._index.documents),
            len(self._index.passages),
        )
        beside = [asyncio.create_task(self._menus.refresh()), asyncio.create_task(self._take_up_later())]
        try:
            async with self._watchdog.watching():
                await self._ear.run()
        finally:
            for task in beside:
                task.cancel()

    async def _take_up(self, left: Traces = NO_TRACES) -> None:
        for update in await self._inbox.waiting(left):
            self._lanes.put(update)

    async def _take_up_later(self) -> None:
        """Takes up what an earlier process left once the disk can be read, if it could not be at the start."""
        while self._database.is_failing:
            await asyncio.sleep(_NEXT_LOOK)
            await self._take_up()

    async def _connect(self) -> None:
        """Signs in; while Telegram cannot be reached, or somebody else replies, it is tried again, ever less often."""
        for pause in pauses(1, _LONGEST_PAUSE):  # pragma: no branch  # endless
            try:
                await self._application.initialize()
                await self._ear.open()
            except InvalidToken:
                raise
            except TelegramError as error:
                _log.warning("Telegram cannot be reached, next try in %s s: %s", pause, reason(error))
                await asyncio.sleep(pause)
            else:
                return

    async def _shut_down(self) -> None:
        """Finishes what is under way; the rest stays in the inbox."""
        self._ending.begin()
        await self._lanes.drain()
        await self._application.shutdown()
        await self._application.bot.request.shutdown()  # which the application leaves open when it could not sign in
        await self._database.close()
        if not self._database.is_failing:  # or else the notes know of answers that the disk does not
            self._recorder.close()


def build(settings: Settings, token: str, delivery: Delivery) -> App:
    """The application, without handlers yet."""
    request = AiohttpRequest(CONNECTIONS, _PATIENCE)
    bot = _DiscreetBot(
        token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=request,
        get_updates_request=request,
        rate_limiter=delivery,
    )
    return ApplicationBuilder().application_class(CandidApplication).bot(bot).updater(None).build()


def choices(desk: Desk, people: People, questions: Questions) -> dict[str, Action]:
    """What the buttons below the replies to commands do, by the first part of what they bring back."""
    catalogue = CatalogueActions(desk.catalogue)
    return {
        "ask": ExampleActions(desk.examples, questions.on_press_of).ask,
        "sources": catalogue.page,
        "outline": catalogue.outline,
        "language": LanguageActions(people).choose,
        "forget": ForgetActions(people).decide,
    }


def add_handlers(  # noqa: PLR0913, PLR0917  # all that updates may go to
    application: App,
    gate: Gate,
    questions: Questions,
    presses: Presses,
    inline: Inline,
    guests: Guests,
    introductions: Introductions,
) -> None:
    """Which updates go where: the first that fits takes it."""
    application.add_handler(TypeHandler(Update, gate.check), group=-1)
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


def _secret(settings: Settings) -> str | None:
    return settings.webhook_secret.get_secret_value() if settings.webhook_secret else None


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
