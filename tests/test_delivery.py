"""The way to Telegram: what is tried again, how often, after how long, and that no chat waits for another."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot
from tenacity import stop_after_attempt, wait_random_exponential

from bot import delivery as module
from bot.delivery import Delivery, is_passing
from bot.ending import Ending
from bot.errors import EndingError
from bot.metrics import Metrics
from bot.wire import Wire
from tests.processes import until
from tests.telegram_server import Fault, TelegramServer

PASSING = [Fault.server_error(), Fault.bad_gateway(), Fault.cut(), Fault.too_many_requests(0)]


@pytest.fixture
def ending() -> Ending:
    return Ending()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        for chat in (1, 2):
            server.say("hello", user=chat)
        yield server


@pytest_asyncio.fixture
async def bot(server: TelegramServer, ending: Ending, metrics: Metrics) -> AsyncIterator[ExtBot[int]]:
    async with ExtBot(
        server.token, base_url=f"{server.url}/bot", rate_limiter=Delivery(ending, metrics, Wire())
    ) as bot:
        yield bot


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BACK_OFF", wait_random_exponential(multiplier=0.001, max=0.01))
    monkeypatch.setattr(module, "_JITTER", 0.01)


def calls(server: TelegramServer, method: str = "sendMessage") -> int:
    return [call.method for call in server.calls].count(method)


@pytest.mark.parametrize("fault", PASSING)
async def test_what_may_pass_is_tried_again_and_counted_and_said(
    server: TelegramServer, bot: ExtBot[int], metrics: Metrics, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail_next("sendMessage", fault, times=3)
    await bot.send_message(1, "a secret")
    assert [message.text for message in server.sent] == ["a secret"]
    assert calls(server) == 4
    assert metrics.registry.get_sample_value("quoth_retries_total") == 3
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(lines) == 3
    assert all(line.startswith("sendMessage failed and is tried again: ") and "secret" not in line for line in lines)


@pytest.mark.parametrize("fault", PASSING)
async def test_there_is_an_end_to_trying(server: TelegramServer, bot: ExtBot[int], fault: Fault) -> None:
    server.fail_next("sendMessage", fault, times=100)
    with pytest.raises((NetworkError, RetryAfter)):
        await bot.send_message(1, "hello")
    assert calls(server) == 6


async def test_a_reply_that_is_late_is_waited_for_no_longer_than_the_client_does(
    server: TelegramServer, bot: ExtBot[int]
) -> None:
    server.fail_next("sendMessage", Fault.slow(0.5))
    await bot.send_message(1, "hello", read_timeout=0.1)
    assert calls(server) == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.bad_request("Bad Request: chat not found"), BadRequest),
        (Fault.unauthorized(), InvalidToken),
        (Fault.conflict(), Conflict),
    ],
)
async def test_what_does_not_pass_is_not_tried_again(
    server: TelegramServer, bot: ExtBot[int], fault: Fault, error: type[TelegramError]
) -> None:
    server.fail_next("sendMessage", fault)
    with pytest.raises(error):
        await bot.send_message(1, "hello")
    assert calls(server) == 1


async def test_who_blocked_the_bot_is_left_alone(server: TelegramServer, bot: ExtBot[int]) -> None:
    server.blocked.add(1)
    with pytest.raises(Forbidden):
        await bot.send_message(1, "hello")
    assert calls(server) == 1


async def test_a_chat_that_is_held_up_waits_as_long_as_it_is_told_and_no_other_does(
    server: TelegramServer, bot: ExtBot[int]
) -> None:
    server.fail_next("sendMessage", Fault.too_many_requests(1))
    began = time.monotonic()
    held_up = asyncio.create_task(bot.send_message(1, "first"))
    await until(lambda: calls(server) > 0)
    await asyncio.sleep(0.05)
    later = asyncio.create_task(bot.send_message(1, "second"))
    for number in range(5):
        await bot.send_message(2, f"{number}")
    assert time.monotonic() - began < 0.9
    assert {message.chat_id for message in server.sent} == {2}
    await asyncio.gather(held_up, later)
    assert time.monotonic() - began >= 1
    assert [message.chat_id for message in server.sent][5:] == [1, 1]
    assert calls(server) == 8  # nobody asked in vain meanwhile
    await bot.send_message(1, "third")


async def test_a_group_that_has_become_a_supergroup_is_followed_at_once_and_from_then_on(
    server: TelegramServer, bot: ExtBot[int]
) -> None:
    server.chats[-1005] = {"id": -1005, "type": "supergroup", "title": "Archive"}
    server.migrated[-5] = -1005
    await bot.send_message(-5, "hello")
    await bot.send_message(-5, "again")
    assert [(message.chat_id, message.text) for message in server.sent] == [(-1005, "hello"), (-1005, "again")]
    assert calls(server) == 3


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_calls_of_the_start_are_tried_once(server: TelegramServer, bot: ExtBot[int], method: str) -> None:
    before = calls(server, method)
    server.fail_next(method, Fault.server_error())
    with pytest.raises(NetworkError):
        await (bot.get_me() if method == "getMe" else bot.delete_webhook())
    assert calls(server, method) == before + 1


async def test_a_call_that_is_soon_worth_nothing_is_given_up_soon(
    server: TelegramServer, bot: ExtBot[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_HURRY", stop_after_attempt(2))
    server.fail_next("sendChatAction", Fault.server_error(), times=9)
    with pytest.raises(NetworkError):
        await bot.send_chat_action(1, "typing")
    assert calls(server, "sendChatAction") == 2


async def test_at_the_end_no_call_is_tried_again(server: TelegramServer, bot: ExtBot[int], ending: Ending) -> None:
    server.fail_next("sendMessage", Fault.too_many_requests(600))
    waiting = asyncio.create_task(bot.send_message(1, "hello"))
    await until(lambda: calls(server) > 0)
    ending.begin()
    with pytest.raises(EndingError):
        await waiting
    with pytest.raises(EndingError):
        await bot.send_message(1, "hello")
    await bot.send_message(2, "hello")


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        *((TimedOut(), True), (NetworkError("x"), True), (RetryAfter(1), True)),
        *((BadRequest("x"), False), (Forbidden("x"), False), (RuntimeError(), False), (TelegramError("x"), False)),
    ],
)
def test_what_passes(error: BaseException, *, passes: bool) -> None:
    assert is_passing(error) is passes
