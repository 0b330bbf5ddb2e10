"""`quoth run` as a process against the tests' Telegram: from the first sign-in to the last signal."""

import asyncio
import json
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals
from socket import socket

import pytest
import pytest_asyncio
from aiohttp import web

from bot.commands import COMMANDS
from bot.wording import wording
from tests.processes import SEEDS, Service, running
from tests.telegram_limits import Json
from tests.telegram_server import Fault, Reply, TelegramServer

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
PERSON, STRANGER = 7_123_456_789, 7_987_654_321
REJECTED = "quoth: Telegram does not accept the token. "
GROUP: Json = {"id": -1_009_876_543_210, "type": "supergroup", "title": "Archive"}
IN_GROUP: Json = {"message_id": 9, "date": 1, "chat": GROUP, "from": {"id": PERSON, "is_bot": False, "first_name": "P"}}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@asynccontextmanager
async def bot(server: TelegramServer, folder: Path, **variables: str) -> AsyncIterator[Service]:
    """The bot in a folder; in the end the token is in no byte that it wrote, and no traceback either."""
    settings = {
        "QUOTH_TELEGRAM_TOKEN": server.token,
        "QUOTH_TELEGRAM_API_URL": server.url,
        "QUOTH_SEEDS": str(SEEDS),
        **variables,
    }
    async with running("run", cwd=folder, **settings) as service:
        yield service
    printed, files = "".join(service.lines), contents(folder)
    for secret in (server.token, server.token.partition(":")[2]):
        assert secret not in printed
        assert all(secret.encode() not in content for content in files.values())
    assert "Traceback" not in printed
    assert "Warning" not in printed


def contents(folder: Path) -> dict[str, bytes]:
    """What it wrote: all files but the one with the settings."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and file.name != ".env"}


def recorded(folder: Path, columns: str = "text, delivered") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "quoth.sqlite3")) as connection:
        return connection.execute(f"SELECT {columns} FROM question ORDER BY id").fetchall()


async def until(is_so: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - what is awaited has no event
            await asyncio.sleep(0.01)


# Answers


async def test_a_question_is_answered_quickly_and_recorded(
    server: TelegramServer, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    milliseconds = []
    async with bot(server, tmp_path) as service:
        for number in range(20):
            update = server.say(f"{KYZYM} {number}", user=PERSON)
            sent = await server.next_sent()
            assert (sent.chat_id, ANSWER in sent.text) == (PERSON, True)
            milliseconds.append(round(1_000 * (sent.at - server.fetched_at[update]), 1))
        assert await service.stop() == 0
    record_property("fetch_to_send_ms", milliseconds)
    first, *others = milliseconds
    print(f"from fetch to send: first {first} ms, then median {sorted(others)[9]} ms, longest {max(others)} ms")
    assert max(milliseconds) < 2_000
    assert server.refusals == []
    assert recorded(tmp_path, "text, verdict, delivered") == [(f"{KYZYM} {n}", "answered", 1) for n in range(20)]
    for content in contents(tmp_path).values():
        assert str(PERSON).encode() not in content
        assert PERSON.to_bytes(5, "big") not in content


async def test_commands_are_answered_in_private_and_groups_are_left_alone(
    server: TelegramServer, tmp_path: Path
) -> None:
    uk = wording("uk")
    async with bot(server, tmp_path) as service:
        server.push({"message": {**IN_GROUP, "text": "/start"}})
        server.push({"message": {**IN_GROUP, "message_id": 10, "text": KYZYM}})
        for text in ("/start", "/help", "/ask", "/sources", "/unknown", f"/ask {KYZYM}"):
            server.say(text, user=PERSON, language="uk")
        start, help_, ask, sources, unknown, answer = [(await server.next_sent()).text for _ in range(6)]
        assert await service.stop() == 0
    assert start.startswith(uk("start"))
    assert all(f"/{command.name} – " in help_ for command in COMMANDS)
    assert ask == uk("ask_empty")
    assert sources.startswith("2 документи, ")
    assert unknown.startswith(uk("unknown_command", command="/unknown"))
    assert ANSWER in answer
    assert {message.chat_id for message in server.sent} == {PERSON}
    assert server.updates.allowed == ["message"]
    assert server.refusals == []
    assert [text for text, _ in recorded(tmp_path)] == [KYZYM]


async def test_only_those_on_the_lists_are_answered_and_all_is_said_in_json_without_the_token(
    server: TelegramServer, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        f"QUOTH_TELEGRAM_TOKEN={server.token}\nQUOTH_ALLOWED_USERS=5,{PERSON}\nQUOTH_LOG_FORMAT=json\nQUOTH_LOG_LEVEL=debug\n"
    )
    async with bot(server, tmp_path, QUOTH_TELEGRAM_TOKEN="") as service:
        server.fail_next("sendMessage", Fault.server_error())
        for user in (PERSON, STRANGER, PERSON):
            server.say("hello", user=user)
        assert (await server.next_sent()).chat_id == PERSON
    assert len(server.sent) == 1
    lines = [json.loads(line) for line in service.lines]
    assert {"DEBUG", "INFO", "WARNING"} <= {line["level"] for line in lines}
    assert all(line["time"] and line["logger"] and "message" in line for line in lines)


# Faults of Telegram


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
    async with bot(server, tmp_path) as service:
        for number, (why, fault) in enumerate(faults.items(), start=1):
            server.fail_next("sendMessage", fault)
            server.say(f"{KYZYM} {number}")
            assert f": {why}" in await service.logged("WARNING bot.failures: A reply could not be sent: ", number)
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent()).text
        assert await service.stop() == 0
    assert len(service.lines) == len(faults) + 2
    assert recorded(tmp_path) == [*((f"{KYZYM} {number}", 0) for number in range(1, 8)), (KYZYM, 1)]


async def test_an_answer_whose_entities_are_refused_follows_as_plain_text(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with bot(server, tmp_path) as service:
        server.fail_next("sendMessage", Fault.bad_request("Bad Request: can't parse entities: Entity 1 is wrong"))
        server.say(KYZYM)
        sent = await server.next_sent()
        assert "ERROR bot.questions: Telegram refused the entities" in await service.logged("entities")
    assert (ANSWER in sent.text, sent.entities) == (True, [])


async def test_somebody_else_with_the_same_token_is_named_and_outlasted(server: TelegramServer, tmp_path: Path) -> None:
    server.fail_next("deleteWebhook", Fault.bad_gateway())
    async with bot(server, tmp_path) as service:
        await service.logged("answers from")
        server.fail_next("getUpdates", Fault.conflict())
        server.fail_next("getUpdates", Fault.bad_gateway())
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent()).text
        await service.logged("WARNING bot.failures: Another process fetches messages with the same token")
        await service.logged("WARNING bot.failures: Messages could not be fetched, trying again: Bad Gateway")
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent()).text
    assert len(service.lines) == 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault.bad_gateway(),
        Fault.too_many_requests(1),
        Fault(Reply(200, b"<html>Welcome to our hotel's network", "text/html")),
    ],
    ids=["bad gateway", "too many requests", "not Telegram"],
)
async def test_a_sign_in_that_fails_is_tried_again(server: TelegramServer, tmp_path: Path, fault: Fault) -> None:
    server.fail_next("getMe", fault)
    async with bot(server, tmp_path) as service:
        server.say(KYZYM)
        assert ANSWER in (await server.next_sent(8)).text
    assert re.search("WARNING bot.app: Telegram cannot be reached, next try in [12] s: ", service.lines[0])
    assert len(service.lines) == 2


async def test_a_bot_that_starts_before_telegram_can_be_reached_waits_for_it(
    server: TelegramServer, tmp_path: Path
) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server.say(KYZYM)
    async with bot(server, tmp_path, QUOTH_TELEGRAM_API_URL=f"http://127.0.0.1:{port}/") as service:
        assert "next try in 1 s" in await service.logged("Telegram cannot be reached")
        await web.TCPSite(server._runner, "127.0.0.1", port).start()
        assert ANSWER in (await server.next_sent(8)).text
        assert await service.stop() == 0


# The token


async def test_a_wrong_token_ends_it_at_once_with_one_line(server: TelegramServer, tmp_path: Path) -> None:
    began = time.monotonic()
    async with bot(server, tmp_path, QUOTH_TELEGRAM_TOKEN="123456:another_token_of_nobody_at_all") as service:
        assert await service.end() == 1
    assert time.monotonic() - began < 5
    assert [line[: len(REJECTED)] for line in service.lines] == [REJECTED]
    assert "123456" not in service.lines[0]


async def test_a_token_that_is_revoked_meanwhile_ends_it_with_one_line(server: TelegramServer, tmp_path: Path) -> None:
    async with bot(server, tmp_path) as service:
        server.say(KYZYM)
        await server.next_sent()
        await until(lambda: server.updates.is_polled)
        server.fail_next("getUpdates", Fault.unauthorized(), times=5)
        server.say(KYZYM)
        assert await service.end() == 1
    started, rejected = service.lines
    assert "answers from 2 documents" in started
    assert rejected.startswith(REJECTED)
    assert recorded(tmp_path) == [(KYZYM, 1)] * 2


# The end


@pytest.mark.parametrize("number", [SIGTERM, SIGINT])
async def test_a_signal_ends_it_after_what_was_fetched_is_confirmed(
    server: TelegramServer, tmp_path: Path, number: Signals
) -> None:
    async with bot(server, tmp_path) as service:
        server.say(KYZYM)
        await server.next_sent()
        await until(lambda: server.updates.is_polled)
        began = time.monotonic()
        assert await service.stop(number) == 0
        assert time.monotonic() - began < 3
    assert [line.partition(": ")[2] for line in service.lines][1:] == ["Stopped.\n"]
    assert server.calls[-1].method == "getUpdates"
    assert server.calls[-1].params.get("timeout", "0") == "0"  # not the long poll that was under way
    assert set(contents(tmp_path)) == {"quoth.sqlite3", "quoth.sqlite3.key"}


async def test_an_answer_that_is_being_sent_is_sent_before_the_end(server: TelegramServer, tmp_path: Path) -> None:
    async with bot(server, tmp_path) as service:
        server.fail_next("sendMessage", Fault.slow(0.5))
        server.say(KYZYM)
        await server.next_sent()
        assert await service.stop() == 0
    assert recorded(tmp_path) == [(KYZYM, 1)]


async def test_an_impatient_operator_ends_it_too(server: TelegramServer, tmp_path: Path) -> None:
    async with bot(server, tmp_path) as service:
        server.fail_next("sendMessage", Fault.slow(1))
        server.say(KYZYM)
        await server.next_sent()
        ending = asyncio.create_task(service.process.wait())
        for seconds in (0.3, 5):
            service.process.send_signal(SIGTERM)
            await asyncio.wait([ending], timeout=seconds)
        assert ending.done(), f"it still runs five seconds after the second signal: {service.lines}"
        assert await ending == 0


async def test_a_signal_ends_the_wait_for_telegram(server: TelegramServer, tmp_path: Path) -> None:
    async with bot(server, tmp_path, QUOTH_TELEGRAM_API_URL="http://127.0.0.1:9") as service:
        await service.logged("Telegram cannot be reached")
        assert await service.stop() == 0
    assert "Stopped." in service.lines[-1]


# The usage log


@pytest.mark.parametrize("obstacle", ["no database", "locked"])
async def test_a_usage_log_that_cannot_be_written_costs_one_line_and_no_answer(
    server: TelegramServer, tmp_path: Path, obstacle: str
) -> None:
    path = tmp_path / "quoth.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        if obstacle == "locked":
            other.execute("PRAGMA journal_mode = DELETE")
            other.execute("BEGIN EXCLUSIVE")
        else:
            path.write_bytes(b"Dear diary, " * 1_000)
        async with bot(server, tmp_path) as service:
            server.say(KYZYM)
            assert ANSWER in (await server.next_sent(8)).text
            await service.logged("ERROR bot.usage: The usage log quoth.sqlite3 cannot be written: ")
            if obstacle == "locked":
                other.execute("ROLLBACK")
            else:
                path.unlink()
            server.say(f"{KYZYM} at last")
            await server.next_sent(8)
            assert await service.stop() == 0
    assert len(service.lines) == 3
    assert (f"{KYZYM} at last", 1) in recorded(tmp_path)
