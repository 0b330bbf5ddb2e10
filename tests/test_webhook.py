"""The webhook looked after, on a real bot against the tests' Telegram; tests/test_web.py has it as a process."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telegram import Bot
from telegram.error import InvalidToken

from bot import webhook as module
from bot.database import Database
from bot.ear import DEAF
from bot.ending import Ending
from bot.errors import DeafError
from bot.health import Health
from bot.inbox import Inbox, Received
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.webhook import Webhook, public_address
from tests.processes import until
from tests.telegram_server import Fault, Reply, TelegramServer

URL = "https://bot.example.org/telegram"


class Rig:
    """A webhook, and what it hands on."""

    def __init__(self, server: TelegramServer, folder: Path) -> None:
        self.bot = Bot(server.token, base_url=f"{server.url}/bot")
        self.database = Database(folder / "quoth.sqlite3")
        self.handed_on: list[int] = []
        self.lanes = Lanes(self._see_through, Ending())
        self.webhook = Webhook(
            self.bot, URL, "secret", ["message"], Inbox(self.database), self.lanes, Metrics(), period=0.05
        )

    async def _see_through(self, received: Received) -> None:
        self.handed_on.append(received.update_id)


@pytest_asyncio.fixture
async def rig(server: TelegramServer, tmp_path: Path) -> AsyncIterator[Rig]:
    rig = Rig(server, tmp_path)
    async with rig.bot:
        await rig.database.open()
        yield rig
        await rig.lanes.drain()
        await rig.database.close()


@pytest.mark.parametrize(
    ("given", "public"),
    [
        ("https://bot.example.org", "https://bot.example.org/telegram"),
        ("https://bot.example.org/", "https://bot.example.org/telegram"),
        ("https://bot.example.org:8443", "https://bot.example.org:8443/telegram"),
        ("https://bot.example.org/telegram", "https://bot.example.org/telegram"),
        ("https://bot.example.org/quoth/hook", "https://bot.example.org/quoth/hook"),
    ],
)
def test_an_address_without_a_path_is_the_root_of_a_site(given: str, public: str) -> None:
    assert public_address(given) == public


async def test_a_webhook_that_somebody_else_takes_away_is_noticed_at_the_next_look(
    rig: Rig, server: TelegramServer
) -> None:
    await rig.webhook.open()
    running = asyncio.create_task(rig.webhook.run())
    await asyncio.sleep(0.2)
    assert not running.done()
    server.webhook = {}
    with pytest.raises(DeafError, match="Telegram delivers no longer"):
        await asyncio.wait_for(running, 5)


async def test_a_token_that_is_revoked_is_noticed_at_the_next_look(rig: Rig, server: TelegramServer) -> None:
    await rig.webhook.open()
    running = asyncio.create_task(rig.webhook.run())
    await asyncio.sleep(0.2)
    server.fail_next("getWebhookInfo", Fault.unauthorized())
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(running, 5)


async def test_a_look_that_fails_is_repeated_and_the_last_of_many_ends_it(
    rig: Rig, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    await rig.webhook.open()
    server.fail_next("getWebhookInfo", Fault.bad_gateway())
    running = asyncio.create_task(rig.webhook.run())
    await asyncio.sleep(1.5)
    assert "The webhook could not be checked, trying again: Bad Gateway" in caplog.text
    assert not running.done()
    health = Health(rig.webhook, rig.database, is_signed_in=True)
    assert (health.is_live, health.ailments()) == (True, [])
    server.fail_next("getWebhookInfo", Fault.bad_gateway(), times=100)
    await until(lambda: caplog.text.count("could not be checked") > 1)  # no good reply is under way any more
    rig.webhook._silent_since = time.monotonic() - DEAF - 1
    assert not health.is_live
    assert health.ailments() == [f"Telegram has not replied for {DEAF + 1} seconds"]
    with pytest.raises(DeafError, match=f"Telegram could not be reached for {DEAF} seconds: Bad Gateway"):
        await asyncio.wait_for(running, 5)


async def test_what_could_not_be_delivered_is_said_once(
    rig: Rig, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    failed = {"last_error_date": 1_700_000_000, "last_error_message": ""}
    info = {"url": URL, "has_custom_certificate": False, "pending_update_count": 1, **failed}
    server.fail_next("getWebhookInfo", Fault(Reply.result(info)), times=3)
    await rig.webhook.open()
    running = asyncio.create_task(rig.webhook.run())
    await asyncio.sleep(0.4)
    running.cancel()
    assert caplog.text.count("Telegram could not deliver to QUOTH_WEBHOOK_URL: it does not say why") == 1


async def test_a_delivery_waits_for_the_start_and_comes_again_if_that_takes_long(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.2)
    assert not await rig.webhook.take({"update_id": 1})
    early = asyncio.create_task(rig.webhook.take({"update_id": 2}))
    await asyncio.sleep(0.05)
    await rig.webhook.open()
    running = asyncio.create_task(rig.webhook.run())
    assert await early
    await asyncio.sleep(0)
    running.cancel()
    assert rig.handed_on == [2]
