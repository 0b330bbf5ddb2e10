"""The bot inside the test's own process: the real service, which gets its updates from the test and not by polling."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from bot.app import Service
from bot.settings import Settings
from retrieval.index import Index
from tests.processes import PATIENCE
from tests.telegram_server import TelegramServer


def service(server: TelegramServer, index: Index, folder: Path, **settings: object) -> Service:
    """The bot as a process has it, with its database in a folder; it does nothing yet."""
    given = {"telegram_api_url": server.url, "database": folder / "quoth.sqlite3", **settings}
    return Service(Settings(_env_file=None, **given), server.token, index)  # type: ignore[arg-type]  # whichever they are


@asynccontextmanager
async def inside(server: TelegramServer, index: Index, folder: Path, **settings: object) -> AsyncIterator[Service]:
    """The bot, ready to be handed what people write."""
    bot = service(server, index, folder, **settings)
    await bot._database.open()
    await bot._application.initialize()
    try:
        yield bot
    finally:
        await bot._shut_down()


async def hand_over(bot: Service, server: TelegramServer) -> None:
    """Hands over what has been written meanwhile."""
    for update in await bot._inbox.keep(server.updates.take(100)):
        bot._lanes.put(update)
    server.updates.clear()


async def idle(bot: Service) -> None:
    """Waits until nothing is under way."""
    async with asyncio.timeout(PATIENCE):
        while bot._lanes._tasks:
            await asyncio.wait(bot._lanes._tasks)


async def replies(bot: Service, server: TelegramServer) -> list[str]:
    """What it says to all that has been written meanwhile."""
    before = len(server.sent)
    await hand_over(bot, server)
    await idle(bot)
    return [message.text for message in server.sent[before:]]


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """What the database in a folder has."""
    with closing(sqlite3.connect(folder / "quoth.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def recorded(folder: Path, columns: str = "text, delivered") -> list[tuple[object, ...]]:
    """The questions in the usage log, in order."""
    return rows(folder, f"SELECT {columns} FROM question ORDER BY id")
