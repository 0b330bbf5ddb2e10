"""A client that calls the tests' Telegram server as a bot does, without a bot's library in between."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from telegram import Message, Update

from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer
from tests.telegram_updates import FIRST_UPDATE

PERSON = 1001
BUTTON: Json = {"text": "More", "callback_data": "1"}
FLAG = "🇺🇦"  # two characters, four UTF-16 units


@dataclass(frozen=True)
class Answer:
    status: int
    body: Json

    @property
    def result(self) -> object:
        assert self.body["ok"] is True, self.body
        return self.body["result"]

    @property
    def update_ids(self) -> list[object]:
        assert isinstance(self.result, list)
        return [update["update_id"] for update in self.result]

    @property
    def description(self) -> str:
        assert self.body["ok"] is False
        assert self.body["error_code"] == self.status
        return str(self.body["description"])


class Client:
    """Calls as a bot makes them: a form, in which lists and objects are JSON."""

    def __init__(self, server: TelegramServer, http: aiohttp.ClientSession) -> None:
        self.server, self.http = server, http

    def url(self, method: str) -> str:
        return f"{self.server.url}/bot{self.server.token}/{method}"

    async def call(self, method: str, **params: object) -> Answer:
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
        async with self.http.post(self.url(method), data=form) as response:
            return Answer(response.status, await response.json())

    async def send(self, text: str, **params: object) -> Answer:
        return await self.call("sendMessage", chat_id=PERSON, text=text, **params)

    async def start_polling(self) -> asyncio.Task[Answer]:
        """A long poll that waits for what comes after the first update."""
        poll = asyncio.create_task(self.call("getUpdates", offset=FIRST_UPDATE + 1, timeout=50))
        await until(lambda: self.server.updates.is_polled)
        return poll


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - what is awaited has no event
            await asyncio.sleep(0.005)


def latest(server: TelegramServer) -> Update:
    """The last update that waits for the bot, as its library reads it."""
    return Update.de_json(dict([*server.updates.waiting.values()][-1]), None)


def heard(server: TelegramServer) -> Message:
    """The message of that update."""
    message = latest(server).effective_message
    assert message is not None
    return message


def entity(kind: str, offset: int, length: int, **more: object) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


def inline(*buttons: object) -> Json:
    return {"inline_keyboard": [list(buttons)]}
