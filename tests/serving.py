"""The whole bot in the test's own process: polling, inbox, lanes, handlers and database, beside the tests' Telegram."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

from bot.app import Service
from bot.settings import Settings
from retrieval.index import Index
from tests.telegram_client import until
from tests.telegram_limits import Json, Params, as_list, as_object
from tests.telegram_server import TelegramServer

_DATABASE = "quoth.sqlite3"


@asynccontextmanager
async def serving(server: TelegramServer, index: Index, folder: Path, **settings: object) -> AsyncIterator[Service]:
    """The bot while it runs. Telegram has refused it nothing in the end, unless the test has cleared that."""
    given = {"telegram_api_url": server.url, "database": folder / _DATABASE, **settings}
    service = Service(Settings(_env_file=None, **given), server.token, index)  # type: ignore[arg-type]  # as they are
    task = asyncio.create_task(service.serve())
    try:
        yield service
        await settled(server, service)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert server.refusals == []


async def settled(server: TelegramServer, service: Service) -> None:
    """Waits until the bot has fetched all that has happened, and worked on it."""
    await until(lambda: server.updates.is_polled and not server.updates.waiting and not service._lanes.waiting)


def recorded(folder: Path, columns: str = "text, verdict, delivered") -> list[tuple[object, ...]]:
    """What the usage log has of the questions, oldest first."""
    return rows(folder, f"SELECT {columns} FROM question ORDER BY id")


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """What the database says."""
    with closing(sqlite3.connect(folder / _DATABASE)) as connection:
        return connection.execute(sql).fetchall()


def buttons(markup: object) -> list[Json]:
    """The buttons of a keyboard, row after row."""
    lines = as_list(as_object(markup, "reply_markup")["inline_keyboard"], "inline_keyboard")
    return [as_object(button, "button") for line in lines for button in as_list(line, "row")]


def calls_of(server: TelegramServer, method: str) -> list[Params]:
    """The parameters of the calls of a method."""
    return [call.params for call in server.calls if call.method == method]
