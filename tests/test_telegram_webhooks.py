"""Webhooks at the tests' Telegram: setting them, and what is posted to them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from socket import socket

import pytest
import pytest_asyncio
from aiohttp import web
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from tests import telegram_deliveries
from tests.telegram_client import PERSON, Client, until
from tests.telegram_deliveries import SECRET_HEADER
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio


@dataclass
class Hook:
    """A bot's end of a webhook: what arrives, and the statuses that it answers, 200 in the end."""

    url: str = ""
    got: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    pause: float = 0.0
    is_rude: bool = False  #: whether it hangs up
    at_once: int = 0
    most_at_once: int = 0

    async def take(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.secrets.append(request.headers.get(SECRET_HEADER))
        self.got.append(json.loads(await request.read()))
        if self.is_rude and request.transport is not None:
            request.transport.close()
        await asyncio.sleep(self.pause)
        self.at_once -= 1
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    @property
    def texts(self) -> list[str]:
        return [Update.de_json(dict(update), None).effective_message.text for update in self.got]  # type: ignore[union-attr,misc] # each has


@pytest_asyncio.fixture
async def hook() -> AsyncIterator[Hook]:
    hook, application = Hook(), web.Application()
    application.router.add_post("/hook", hook.take)
    runner = web.AppRunner(application, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_a_webhook_excludes_polling(server: TelegramServer, client: Client) -> None:
    poll = await client.start_polling()
    await client.call("setWebhook", url="https://example.com/hook", secret_token="s", allowed_updates=["message"])
    assert (await poll).description == "Conflict: terminated by setWebhook request"
    assert "while webhook is active" in (await client.call("getUpdates")).description
    server.say("hello")
    info = (await client.call("getWebhookInfo")).result
    assert info == {
        "url": "https://example.com/hook",
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
        "allowed_updates": ["message"],
    }
    assert server.webhook["secret_token"] == "s"
    await client.call("deleteWebhook", drop_pending_updates=True)
    assert (await client.call("getUpdates")).update_ids == []


async def test_a_webhook_can_be_emptied_and_drops_what_waits(server: TelegramServer, client: Client) -> None:
    await client.call("setWebhook", url="https://example.com/hook", drop_pending_updates=True)
    await client.call("setWebhook", url="")
    assert server.webhook == {}
    assert (await client.call("getUpdates")).update_ids == []
    assert (await client.call("getWebhookInfo")).result == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }


@pytest.mark.parametrize(
    "params",
    [
        {"url": "http://example.com"},
        {"url": "https://example.com:8080/"},
        {"secret_token": "a b"},
        {"max_connections": 101},
        {"url": "https://["},
    ],
)
async def test_a_wrong_webhook_is_refused(server: TelegramServer, client: Client, params: dict[str, object]) -> None:
    assert (await client.call("setWebhook", **{"url": "https://example.com/", **params})).status == 400
    assert server.webhook == {}


# What is posted


async def test_what_waits_and_what_arrives_is_posted_with_the_secret(
    server: TelegramServer, client: Client, hook: Hook
) -> None:
    await client.call("setWebhook", url=hook.url, secret_token="s3cret", max_connections=1)
    said = server.say("second")
    await until(lambda: len(hook.got) == 2)
    await until(lambda: server.acknowledged == said)
    assert (hook.texts, hook.secrets) == (["hello", "second"], ["s3cret"] * 2)
    assert [(post.update_id, post.status) for post in server.posts] == [(said - 1, 200), (said, 200)]
    assert server.fetched_at[said] <= server.posts[-1].at
    info = (await client.call("getWebhookInfo")).result
    assert isinstance(info, dict)
    assert (info["pending_update_count"], info["max_connections"], "last_error_message" in info) == (0, 1, False)
    assert "while webhook is active" in (await client.call("getUpdates")).description


async def test_an_update_is_posted_until_it_is_taken_before_the_next_of_its_chat(
    server: TelegramServer, client: Client, hook: Hook
) -> None:
    hook.statuses = [500, 403]
    await client.call("setWebhook", url=hook.url)
    server.say("second")
    await until(lambda: len(hook.got) == 4)
    assert hook.texts == ["hello", "hello", "hello", "second"]
    assert [post.status for post in server.posts[:3]] == [500, 403, 200]
    info = (await client.call("getWebhookInfo")).result
    assert isinstance(info, dict)
    assert info["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"


async def test_chats_do_not_wait_for_one_another_but_for_a_connection(
    server: TelegramServer, client: Client, hook: Hook
) -> None:
    hook.pause = 0.3  # long enough for a busy machine to begin with the others
    for user in range(1, 5):
        server.say("hello", user=user)
    server.push({"inline_query": {"id": "9", "from": {"id": 9}, "query": "x", "offset": ""}})
    await client.call("setWebhook", url=hook.url, max_connections=3)
    await until(lambda: not server.updates.waiting)
    assert (len(hook.got), hook.most_at_once) == (6, 3)


async def test_nobody_there_is_told_as_the_last_error(server: TelegramServer, client: Client) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/hook"
    await client.call("setWebhook", url=url)
    await until(lambda: len(server.posts) > 1)
    info = (await client.call("getWebhookInfo")).result
    assert isinstance(info, dict)
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    await client.call("deleteWebhook")
    assert len((await client.call("getUpdates")).update_ids) == 1


async def test_no_answer_and_a_closed_connection_are_told_as_the_last_error(
    server: TelegramServer, client: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_deliveries, "ANSWER_S", 0.05)
    for hook.pause, hook.is_rude, error in (
        (1.0, False, "Read timeout expired"),
        (0.0, True, "Webhook connection closed"),
    ):
        await client.call("setWebhook", url=hook.url)
        count = len(server.posts)
        await until(lambda: len(server.posts) > count)  # noqa: B023 - awaited at once
        info = (await client.call("getWebhookInfo")).result
        assert isinstance(info, dict)
        assert (info["last_error_message"], server.posts[-1].status) == (error, 0)


async def test_updates_may_be_dropped_while_they_are_tried(server: TelegramServer, client: Client, hook: Hook) -> None:
    hook.statuses = [500] * 99
    await client.call("setWebhook", url=hook.url)
    await until(lambda: len(hook.got) == 2)
    server.updates.clear()
    hook.statuses = []
    said = server.say("second")
    await until(lambda: server.acknowledged == said)
    assert hook.texts[-1] == "second"


async def test_another_party_may_take_the_webhook_away(server: TelegramServer, client: Client, hook: Hook) -> None:
    await client.call("setWebhook", url=hook.url)
    await server.take_webhook("https://example.com/theirs")
    info = (await client.call("getWebhookInfo")).result
    assert isinstance(info, dict)
    assert info["url"] == "https://example.com/theirs"
    await server.take_webhook()
    assert (await client.call("getUpdates")).status == 200


async def test_an_update_may_be_posted_again_or_by_somebody_else(
    server: TelegramServer, client: Client, hook: Hook
) -> None:
    await client.call("setWebhook", url=hook.url, secret_token="s3cret")
    await until(lambda: not server.updates.waiting)
    hook.statuses = [200, 403, 403]
    assert await server.replay(hook.got[0]) == 200
    assert await server.replay({"update_id": 1}, secret="guessed") == 403
    assert await server.replay({"update_id": 1}, secret="") == 403
    assert hook.secrets == ["s3cret", "s3cret", "guessed", None]


async def test_a_real_bot_hears_by_webhook(server: TelegramServer, hook: Hook) -> None:
    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"You said: {update.message.text}")

    bot = Application.builder().token(server.token).base_url(f"{server.url}/bot").updater(None).build()
    bot.add_handler(MessageHandler(filters.TEXT, echo))
    async with bot:
        await bot.start()
        await bot.bot.set_webhook(hook.url, secret_token="s3cret", allowed_updates=[Update.MESSAGE])
        server.say("hello", user=PERSON)
        await until(lambda: len(hook.got) == 1)
        await bot.update_queue.put(Update.de_json(dict(hook.got[0]), bot.bot))
        assert (await server.next_sent()).text == "You said: hello"
        assert (await bot.bot.get_webhook_info()).url == hook.url
        await bot.stop()
    assert server.refusals == []
