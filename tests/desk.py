"""The bot's handlers with all that they lean on, in this process: updates are handed to them one by one.

    async with Desk(server, tmp_path, index) as desk:
        answer = await desk.ask("who appointed Kyzym")
        query = await desk.press(answer, "In context")

Only the polling is left out; for that there is the real command (`tests/processes.py`).
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Self

from telegram import Update

from bot.app import Service
from bot.settings import Settings
from retrieval.index import Index
from tests.telegram_limits import Json, as_list, as_object
from tests.telegram_people import Pointer, Said, key_at
from tests.telegram_records import Query, SentMessage
from tests.telegram_server import TelegramServer


class Desk:
    """A bot that answers what waits for it when it is told to."""

    def __init__(self, server: TelegramServer, folder: Path, index: Index, **settings: object) -> None:
        given = {"telegram_api_url": server.url, "database": folder / "quoth.sqlite3", **settings}
        self.server, self.path = server, folder / "quoth.sqlite3"
        self._service = Service(Settings(**given), server.token, index)  # type: ignore[arg-type]  # whichever they are
        self.application, self.usage = self._service._application, self._service._usage

    async def __aenter__(self) -> Self:
        await self._service._database.open()
        await self.application.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.application.shutdown()
        await self._service._database.close()

    async def work(self) -> None:
        """Hands over all that waits, in order."""
        for body in self.server.updates.take(100):
            update = Update.de_json(dict(body), self.application.bot)
            self.server.updates.confirm(update.update_id)
            await self.application.process_update(update)
            await self._service._inbox.close(update.update_id)

    async def ask(self, text: str, **said: object) -> SentMessage:
        """The one message that a message leads to; `said` as `TelegramServer.say` takes it."""
        before = len(self.server.sent)
        self.server.say(text, **said)  # type: ignore[arg-type]  # whichever they are
        await self.work()
        (sent,) = self.server.sent[before:]
        return sent

    async def edit(self, message: Pointer, text: str) -> Said:
        """Somebody edits a message, and that is worked on."""
        said = self.server.edit(message, text)
        await self.work()
        return said

    async def press(self, message: Pointer, button: str, **how: object) -> Query:
        """The query of a press that was worked on; `how` as `TelegramServer.press` takes it."""
        query = self.server.press(message, button, **how)  # type: ignore[arg-type]  # whichever they are
        await self.work()
        return query

    def shown(self, message: Pointer) -> str:
        """What a message says now."""
        return str(self.server.messages[key_at(message)].get("text"))

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the database has."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql).fetchall()

    def change(self, sql: str) -> None:
        """Something else changes the database."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(sql)


def buttons(message: Json | SentMessage) -> list[list[str]]:
    """The labels below a message, row by row."""
    return [[str(button["text"]) for button in row] for row in rows_of(message)]


def data(message: Json | SentMessage) -> list[str]:
    """What the buttons of a message bring back, from left to right and from top to bottom."""
    return [str(button["callback_data"]) for row in rows_of(message) for button in row if "callback_data" in button]


def rows_of(message: Json | SentMessage) -> list[list[Json]]:
    """The buttons below a message."""
    markup = message.markup if isinstance(message, SentMessage) else message.get("reply_markup")
    rows = as_list(as_object(markup or {}, "markup").get("inline_keyboard", []), "rows")
    return [[as_object(button, "button") for button in as_list(row, "row")] for row in rows]
