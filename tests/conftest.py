"""For every test: the seeds, searchable; Telegram's server, and a client that has made acquaintance with a person."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from retrieval.folder import read_folder
from retrieval.index import Index
from tests.processes import SEEDS
from tests.telegram_client import PERSON, Client
from tests.telegram_server import TelegramServer


@pytest.fixture(scope="session")
def index() -> Index:
    """The seeds."""
    return Index(read_folder(SEEDS).documents)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest_asyncio.fixture
async def client(server: TelegramServer) -> AsyncIterator[Client]:
    """A client of a server to which a person has written once (message 1), and the bot answered (message 2)."""
    async with aiohttp.ClientSession() as http:
        client = Client(server, http)
        server.say("hello", user=PERSON)
        await client.send("Welcome")
        await server.next_sent()
        yield client
