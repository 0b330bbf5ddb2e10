"""What the log and the person hear when something goes wrong."""

import asyncio
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from socket import socket
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from telegram import Update
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, TelegramError, TimedOut
from telegram.ext import Application

from bot.failures import on_error, on_loop_error, on_polling_error, reason
from bot.wording import wording
from tests.processes import PATIENCE, running
from tests.telegram_server import Fault, Reply, TelegramServer

App = Application[Any, Any, Any, Any, Any, Any]
KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
BAD_GATEWAY = (
    "Bad Gateway (502). Parsing the server response b'<html>\\r\\n<head><title>502 Bad Gateway</title></head>\\r\\n"
    "<body>\\r\\n<center><h1>502 Bad Gateway</h1></center>' failed"
)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest_asyncio.fixture
async def app(server: TelegramServer) -> AsyncIterator[App]:
    """An application that does nothing but fail."""
    app = Application.builder().token(server.token).base_url(f"{server.url}/bot").updater(None).build()
    app.add_error_handler(on_error)
    async with app:
        yield app


def written(server: TelegramServer, app: App, language: str = "en") -> Update:
    """The update of somebody who has written."""
    server.say("who appointed Kyzym", language=language)
    (body,) = server.updates.take(1)
    return Update.de_json(dict(body), app.bot)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_fault_is_logged_once_and_the_person_is_told(
    server: TelegramServer, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    update = written(server, app, "uk")
    await app.process_error(update, RuntimeError("a fault"))
    assert [message.text for message in server.sent] == [wording("uk")("failure")]
    assert lines(caplog) == [("ERROR", "A message could not be answered.")]
    assert "RuntimeError: a fault" in caplog.text


async def test_an_anonymous_message_is_answered_in_english(server: TelegramServer, app: App) -> None:
    chat = {"id": -100300, "type": "channel", "title": "News"}
    server.push({"channel_post": {"message_id": 1, "date": 1, "chat": chat, "text": "who appointed Kyzym"}})
    (body,) = server.updates.take(1)
    await app.process_error(Update.de_json(dict(body), app.bot), RuntimeError("a fault"))
    assert [message.text for message in server.sent] == [wording("en")("failure")]


@pytest.mark.parametrize("update", [None, "no update", Update(1)])
async def test_a_fault_of_nobodys_message_is_logged_alone(
    app: App, server: TelegramServer, update: object, caplog: pytest.LogCaptureFixture
) -> None:
    await app.process_error(update, RuntimeError("a fault"))
    assert server.sent == []
    assert lines(caplog) == [("ERROR", "A message could not be answered.")]


async def test_a_person_who_cannot_be_told_is_left_alone(
    server: TelegramServer, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    update = written(server, app)
    server.fail_next("sendMessage", Fault.server_error())
    await app.process_error(update, RuntimeError("a fault"))
    assert server.sent == []
    assert lines(caplog) == [("ERROR", "A message could not be answered.")]


async def test_telegrams_own_trouble_is_a_line_without_a_traceback_and_no_message(
    server: TelegramServer, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    await app.process_error(written(server, app), Forbidden("Forbidden: bot was blocked by the user"))
    assert server.sent == []
    assert lines(caplog) == [("WARNING", "A reply could not be sent: Forbidden: bot was blocked by the user")]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (Conflict("terminated"), "Another process fetches messages with the same token; stop one of the two."),
        (NetworkError("Bad Gateway"), "Messages could not be fetched, trying again: Bad Gateway"),
        (TimedOut(), "Messages could not be fetched, trying again: Timed out"),
    ],
)
def test_messages_that_could_not_be_fetched_are_a_line(
    error: TelegramError, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    on_polling_error(error)
    assert lines(caplog) == [("WARNING", line)]


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
            NetworkError("httpx.ConnectError: all\n  connection attempts\tfailed"),
            "httpx.ConnectError: all connection attempts failed",
        ),
        (TelegramError("x" * 500), "x" * 200),
        (NetworkError(BAD_GATEWAY), "Bad Gateway (502)"),
    ],
)
def test_a_reason_is_one_short_line_for_people(error: TelegramError, why: str) -> None:
    assert reason(error) == why


# The bot as a process, and a Telegram that fails


async def test_a_reply_that_is_lost_costs_that_reply_alone(server: TelegramServer, tmp_path: Path) -> None:
    faults = {
        "Flood control exceeded. Retry in 7 seconds": Fault.too_many_requests(7),
        "Internal Server Error": Fault.server_error(),
        "Bad Gateway": Fault.bad_gateway(),
        "Server disconnected": Fault.cut(),
        "Server disconnected without": Fault.lost_reply(),
        "peer closed connection": Fault.cut_halfway(),
        "Chat not found": Fault.bad_request("Bad Request: chat not found"),
    }
    async with running(server, tmp_path) as service:
        for number, (why, fault) in enumerate(faults.items(), start=1):
            server.fail_next("sendMessage", fault)
            server.say(f"{KYZYM} {number}")
            assert f": {why}" in await service.logged("WARNING bot.failures: A reply could not be sent: ", number)
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    assert len(service.lines) == len(faults) + 2
    with closing(sqlite3.connect(tmp_path / "quoth.sqlite3")) as connection:
        delivered = connection.execute("SELECT delivered FROM question ORDER BY id").fetchall()
    assert delivered == [*([(0,)] * len(faults)), (1,)]


async def test_an_answer_whose_entities_are_refused_follows_as_plain_text(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(server, tmp_path) as service:
        server.fail_next("sendMessage", Fault.bad_request("Bad Request: can't parse entities: Entity 1 is wrong"))
        server.say(KYZYM)
        sent = await server.next_sent(PATIENCE)
        assert "ERROR bot.questions: Telegram refused the entities" in await service.logged("entities")
    assert (ANSWER in sent.text, sent.entities) == (True, [])


async def test_somebody_else_with_the_same_token_is_named_and_outlasted(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        server.fail_next("getUpdates", Fault.conflict())
        server.fail_next("getUpdates", Fault.bad_gateway())
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        await service.logged("WARNING bot.failures: Another process fetches messages with the same token")
        await service.logged("WARNING bot.failures: Messages could not be fetched, trying again: Bad Gateway")
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
