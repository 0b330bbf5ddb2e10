"""The bot on Telegram: put together, run and stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ExtBot, MessageHandler, filters

from bot import logs
from bot.database import check_sqlite
from bot.dialogue import Dialogue
from bot.errors import RejectedError
from bot.failures import on_error, on_loop_error, on_polling_error, reason
from bot.questions import Questions
from bot.usage import UsageLog

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from telegram.ext import Application

    from bot.settings import Settings
    from retrieval.index import Index

    App = Application[Any, Any, Any, Any, Any, Any]

_log = logging.getLogger(__name__)

_POLLING_TASK = "Updater:start_polling:polling_task"  # python-telegram-bot's name for it
_LONGEST_PAUSE = 30  # seconds between two tries to reach Telegram
_REJECTED = (
    "Telegram does not accept the token. Set QUOTH_TELEGRAM_TOKEN to the one that @BotFather shows "
    "(and QUOTH_TELEGRAM_API_URL, if set, to a Bot API server)."
)


class _DiscreetBot(ExtBot[None]):
    """A bot whose repr, which the library puts into errors and logs, does not hold the token."""

    def __repr__(self) -> str:
        return "<bot>"


def run(settings: Settings, token: str, index: Index) -> None:
    """Runs the bot until a signal ends it.

    Raises:
        RejectedError: Telegram does not accept the token.
        DatabaseError: this Python's SQLite is too old.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a connection that the other side has closed is no end
    logs.configure(settings.log_level, settings.log_format, token)
    check_sqlite()
    index.warm_up()
    usage = UsageLog(settings.database, settings.retention_days)
    application = build(settings, token, Questions(Dialogue(index), usage))
    asyncio.run(_until_signalled(_serve(application, usage, index)))


def build(settings: Settings, token: str, questions: Questions) -> App:
    """The application: which updates go where."""
    bot = _DiscreetBot(
        token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
    )
    application = ApplicationBuilder().bot(bot).build()
    listening = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.TEXT & _allowed(settings)
    application.add_handler(MessageHandler(listening, questions.on_message))
    application.add_error_handler(on_error)
    return application


def _allowed(settings: Settings) -> filters.BaseFilter:
    """Everybody, or the people and chats that the operator lists."""
    if not settings.allowed_users and not settings.allowed_chats:
        return filters.ALL
    return filters.User(settings.allowed_users | settings.admins) | filters.Chat(settings.allowed_chats)


async def _serve(application: App, usage: UsageLog, index: Index) -> None:
    """Answers and keeps the log; a log left open would keep the process alive."""
    try:
        await usage.open()
        await _answer(application, index)
    finally:
        await usage.close()


async def _answer(application: App, index: Index) -> None:
    """Answers until polling ends, which it does by itself only when the token is revoked."""
    try:
        await _connect(application)
        await _poll(application, index)
    except InvalidToken:
        raise RejectedError(_REJECTED) from None  # the cause would hold the token
    finally:
        await _shut_down(application)


async def _connect(application: App) -> None:
    """Signs in; while Telegram cannot be reached, or somebody else replies, it is tried again, ever less often."""
    pause = 1
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            _log.warning("Telegram cannot be reached, next try in %s s: %s", pause, reason(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return


async def _poll(application: App, index: Index) -> None:
    updater = application.updater
    if updater is None:  # pragma: no cover  # build() makes one; the library's type allows for none
        raise TypeError("the application has no updater")
    await updater.start_polling(allowed_updates=["message"], bootstrap_retries=-1, error_callback=on_polling_error)
    await application.start()
    _log.info(
        "@%s answers from %s documents, %s passages.",
        application.bot.username,
        len(index.documents),
        len(index.passages),
    )
    polling = next(task for task in asyncio.all_tasks() if task.get_name() == _POLLING_TASK)
    # Shielded: cancelled from here, it would leave its request under way, and what was fetched could not be confirmed.
    await asyncio.shield(polling)


async def _shut_down(application: App) -> None:
    """Stops what was started: fetches no more, answers what was fetched."""
    if application.updater and application.updater.running:
        with suppress(InvalidToken):  # a revoked token, raised once more
            await application.updater.stop()
    if application.running:
        await application.stop()
    await application.shutdown()


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
