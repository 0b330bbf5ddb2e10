"""What the log and the person hear when something goes wrong."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from socket import socket

import pytest
import pytest_asyncio
from aiohttp import web
from telegram import Bot, Update, User
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bot.failures import apologise, on_loop_error, reason
from bot.wording import PLURALS, wording
from tests.inside import rows
from tests.processes import PATIENCE, running
from tests.telegram_server import Fault, Reply, TelegramServer

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
BAD_GATEWAY = (
    "Bad Gateway (502). Parsing the server response b'<html>\\r\\n<head><title>502 Bad Gateway</title></head>\\r\\n"
    "<body>\\r\\n<center><h1>502 Bad Gateway</h1></center>' failed"
)


@pytest_asyncio.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=f"{server.url}/bot") as bot:
        yield bot


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.levelno >= logging.WARNING]


def speaking(language: str | None) -> Callable[[User | None], Awaitable[str | None]]:
    """A language that suits everybody."""

    async def of(_: User | None) -> str | None:
        return language

    return of


@pytest.mark.parametrize("language", PLURALS)
async def test_a_person_is_told_in_their_language(server: TelegramServer, bot: Bot, language: str) -> None:
    server.say("who appointed Kyzym")
    (body,) = server.updates.take(1)
    await apologise(Update.de_json(dict(body), bot), speaking(language))
    assert [message.text for message in server.sent] == [wording(language)("failure")]


async def test_an_anonymous_message_is_answered_in_english(server: TelegramServer, bot: Bot) -> None:
    chat = {"id": -100300, "type": "channel", "title": "News"}
    server.push({"channel_post": {"message_id": 1, "date": 1, "chat": chat, "text": "who appointed Kyzym"}})
    (body,) = server.updates.take(1)
    await apologise(Update.de_json(dict(body), bot), speaking(None))
    assert [message.text for message in server.sent] == [wording("en")("failure")]


@pytest.mark.parametrize("update", [None, Update(1)])
async def test_where_there_is_nobody_nobody_is_told(server: TelegramServer, update: Update | None) -> None:
    await apologise(update, speaking(None))
    assert server.calls == []


async def test_a_person_who_cannot_be_told_is_left_alone(server: TelegramServer, bot: Bot) -> None:
    server.say("who appointed Kyzym")
    (body,) = server.updates.take(1)
    server.fail_next("sendMessage", Fault.server_error())
    await apologise(Update.de_json(dict(body), bot), speaking(None))
    assert server.sent == []


async def test_a_poll_that_is_given_up_at_the_end_is_no_fault_but_anything_else_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loop = asyncio.get_running_loop()
    on_loop_error(loop, {"message": "Task exception was never retrieved", "exception": TimedOut()})
    assert lines(caplog) == []
    on_loop_error(loop, {"message": "Task exception was never retrieved", "exception": RuntimeError("a fault")})
    assert [level for level, _ in lines(caplog)] == ["ERROR"]
    assert "RuntimeError: a fault" in caplog.text


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (BadRequest("Chat not found"), "Chat not found"),
        (
            NetworkError("ClientConnectorError: all\n  connection attempts\tfailed"),
            "ClientConnectorError: all connection attempts failed",
        ),
        (TelegramError("x" * 500), "x" * 200),
        (NetworkError(BAD_GATEWAY), "Bad Gateway (502)"),
        (NetworkError("no https://x/bot123456:TEST-token_of_nobody_0123/getMe"), "no https://x/bot<token>/getMe"),
        (BadRequest("A\u2028B\x85C\x0bD\r\nE"), "A B C D E"),
    ],
)
def test_a_reason_is_one_short_line_for_people(error: TelegramError, why: str) -> None:
    assert reason(error) == why


# The bot as a process, and a Telegram that fails


async def test_a_reply_that_fails_is_sent_again_and_one_that_is_refused_is_not(
    server: TelegramServer, tmp_path: Path
) -> None:
    faults = {
        "Flood control exceeded": Fault.too_many_requests(1),
        "Internal Server Error": Fault.server_error(),
        "Bad Gateway": Fault.bad_gateway(),
        "Server disconnected": Fault.cut(),
    }
    async with running(server, tmp_path) as service:
        for why, fault in faults.items():
            server.fail_next("sendMessage", fault)
            server.say(KYZYM)
            assert f": {why}" in await service.logged(why)
            assert ANSWER in (await server.next_sent(PATIENCE)).text
        server.fail_next("sendMessage", Fault.bad_request("Bad Request: chat not found"))
        server.say(f"{KYZYM} nowhere")
        await service.logged("WARNING bot.processing: A reply could not be sent: Chat not found")
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    again = [line for line in service.lines if "WARNING bot.delivery: sendMessage failed and is tried again: " in line]
    assert len(again) == len(faults)
    assert len(service.lines) == len(faults) + 3
    assert len(server.sent) == len(faults) + 1
    delivered = rows(tmp_path, "SELECT delivered FROM question ORDER BY id")
    assert delivered == [*([(1,)] * len(faults)), (0,), (1,)]


async def test_an_answer_whose_entities_are_refused_follows_as_plain_text(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(server, tmp_path) as service:
        server.fail_next("sendMessage", Fault.bad_request("Bad Request: can't parse entities: Entity 1 is wrong"))
        server.say(KYZYM)
        sent = await server.next_sent(PATIENCE)
        assert "ERROR bot.replies: Telegram refused the entities" in await service.logged("entities")
    assert (ANSWER in sent.text, sent.entities) == (True, [])


async def test_somebody_else_with_the_same_token_is_named_and_outlasted(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        server.fail_next("getUpdates", Fault.conflict())
        server.fail_next("getUpdates", Fault.bad_gateway())
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        await service.logged("WARNING bot.polling: Another process fetches messages with the same token")
        await service.logged("WARNING bot.polling: Messages could not be fetched, trying again: Bad Gateway")
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
    assert len(service.lines) == 3


async def test_a_sign_in_that_fails_is_tried_again(tmp_path: Path) -> None:
    faults = {
        "Bad Gateway": Fault.bad_gateway(),
        "Flood control exceeded": Fault.too_many_requests(1),
        "Invalid server response": Fault(Reply(200, b"<html>Welcome to our hotel's network", "text/html")),
    }
    for why in faults:
        (tmp_path / why).mkdir()
    await asyncio.gather(*(sign_in(tmp_path / why, why, fault) for why, fault in faults.items()))


async def sign_in(folder: Path, why: str, fault: Fault) -> None:
    """A start at which Telegram fails once."""
    async with TelegramServer() as server:
        server.fail_next("getMe", fault)
        async with running(server, folder) as service:
            server.say(KYZYM)
            assert ANSWER in (await server.next_sent(PATIENCE)).text
    failed, started = service.lines
    assert re.search(f"WARNING bot.app: Telegram cannot be reached, next try in [12] s: {why}", failed)
    assert "answers from" in started


async def test_a_bot_that_starts_before_telegram_can_be_reached_waits_for_it(
    server: TelegramServer, tmp_path: Path
) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server.say(KYZYM)
    async with running(server, tmp_path, QUOTH_TELEGRAM_API_URL=f"http://127.0.0.1:{port}/") as service:
        assert "next try in 1 s" in await service.logged("Telegram cannot be reached")
        await web.TCPSite(server._runner, "127.0.0.1", port).start()
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
