"""`quoth run` as a process against the tests' Telegram: from the first sign-in to the last signal."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

from bot.app import KINDS
from bot.commands import COMMANDS
from bot.wording import wording
from tests.inside import recorded
from tests.processes import PATIENCE, contents, running, until
from tests.telegram_limits import Json
from tests.telegram_server import Fault, TelegramServer
from tests.telegram_updates import FIRST_UPDATE

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
PERSON, STRANGER = 7_123_456_789, 7_987_654_321
REJECTED = "quoth: Telegram does not accept the token. "
GROUP: Json = {"id": -1_009_876_543_210, "type": "supergroup", "title": "Archive"}
IN_GROUP: Json = {"message_id": 9, "date": 1, "chat": GROUP, "from": {"id": PERSON, "is_bot": False, "first_name": "P"}}


# Answers


async def test_a_question_is_answered_quickly_and_recorded(
    server: TelegramServer, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    milliseconds = []
    async with running(server, tmp_path) as service:
        for number in range(20):
            update = server.say(KYZYM + "?" * number, user=PERSON)
            sent = await server.next_sent(PATIENCE)
            assert (sent.chat_id, ANSWER in sent.text) == (PERSON, True)
            milliseconds.append(round(1_000 * (sent.at - server.fetched_at[update]), 1))
        assert await service.stop() == 0
    record_property("fetch_to_send_ms", milliseconds)
    first, *others = milliseconds
    print(f"from fetch to send: first {first} ms, then median {sorted(others)[9]} ms, longest {max(others)} ms")
    assert max(milliseconds) < 2_000
    assert server.refusals == []
    assert recorded(tmp_path, "text, verdict, delivered") == [(KYZYM + "?" * n, "answered", 1) for n in range(20)]
    for content in contents(tmp_path).values():
        assert str(PERSON).encode() not in content
        assert PERSON.to_bytes(5, "big") not in content


async def test_commands_are_answered_in_private_and_groups_are_left_alone(
    server: TelegramServer, tmp_path: Path
) -> None:
    uk = wording("uk")
    async with running(server, tmp_path) as service:
        server.push({"message": {**IN_GROUP, "text": "/start"}})
        server.push({"message": {**IN_GROUP, "message_id": 10, "text": KYZYM}})
        for text in ("/start", "/help", "/ask", "/sources", "/unknown", f"/ask {KYZYM}"):
            server.say(text, user=PERSON, language="uk")
        start, help_, ask, sources, unknown, answer = [(await server.next_sent(PATIENCE)).text for _ in range(6)]
        assert await service.stop() == 0
    assert start.startswith(uk("start"))
    assert all(f"/{command.name} – " in help_ for command in COMMANDS)
    assert ask == uk("ask_empty")
    assert sources.startswith("2 документи, ")
    assert unknown.startswith(uk("unknown_command", command="/unknown"))
    assert ANSWER in answer
    assert {message.chat_id for message in server.sent} == {PERSON}
    assert server.updates.allowed == list(KINDS)
    assert server.refusals == []
    assert [text for text, _ in recorded(tmp_path)] == [KYZYM]


async def test_only_those_on_the_lists_are_answered_and_all_is_said_in_json_without_the_token(
    server: TelegramServer, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        f"QUOTH_TELEGRAM_TOKEN={server.token}\nQUOTH_ALLOWED_USERS=5,{PERSON}\nQUOTH_LOG_FORMAT=json\nQUOTH_LOG_LEVEL=debug\n"
    )
    async with running(server, tmp_path, QUOTH_TELEGRAM_TOKEN="") as service:
        server.fail_next("sendMessage", Fault.server_error())
        for user in (PERSON, STRANGER, PERSON):
            server.say("hello", user=user)
        assert (await server.next_sent(PATIENCE)).chat_id == PERSON
        server.fail_next("getUpdates", Fault.bad_gateway(), times=2)  # the end cannot confirm what arrived
        assert await service.stop() == 0
    assert {message.chat_id for message in server.sent} == {PERSON}
    lines = [json.loads(line) for line in service.lines]
    assert {"DEBUG", "INFO", "WARNING"} <= {line["level"] for line in lines}
    assert all(line["time"] and line["logger"] and "message" in line for line in lines)


# The token


async def test_a_wrong_token_ends_it_at_once_with_one_line(server: TelegramServer, tmp_path: Path) -> None:
    began = time.monotonic()
    async with running(server, tmp_path, QUOTH_TELEGRAM_TOKEN="123456:another_token_of_nobody_at_all") as service:
        assert await service.end() == 1
    assert time.monotonic() - began < 15  # of which an idle machine needs one
    assert [line[: len(REJECTED)] for line in service.lines] == [REJECTED]
    assert "123456" not in service.lines[0]


async def test_a_token_that_is_revoked_meanwhile_ends_it_with_one_line(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        server.say(KYZYM)
        await server.next_sent(PATIENCE)
        await until(lambda: server.updates.is_polled)
        server.fail_next("getUpdates", Fault.unauthorized(), times=5)
        server.say(KYZYM)
        assert await service.end() == 1
    started, rejected = service.lines
    assert "answers from 2 documents" in started
    assert rejected.startswith(REJECTED)
    assert recorded(tmp_path) == [(KYZYM, 1)] * 2


# The end


async def test_a_signal_ends_it_after_what_was_fetched_is_confirmed(tmp_path: Path) -> None:
    for number in (SIGTERM, SIGINT):
        (tmp_path / number.name).mkdir()
    await asyncio.gather(*(ended_by(number, tmp_path / number.name) for number in (SIGTERM, SIGINT)))


async def ended_by(number: Signals, folder: Path) -> None:
    async with TelegramServer() as server, running(server, folder) as service:
        server.say(KYZYM)
        await server.next_sent(PATIENCE)
        await until(lambda: server.updates.is_polled)
        began = time.monotonic()
        assert await service.stop(number) == 0
        assert time.monotonic() - began < 5
        assert [line.partition(": ")[2] for line in service.lines][1:] == ["Stopped.\n"]
        *_, last = (call for call in server.calls if call.method == "getUpdates")
        assert last.params.get("timeout", "0") == "0"  # not the long poll that was under way
    assert set(contents(folder)) == {"quoth.sqlite3", "quoth.sqlite3.key"}


async def test_an_answer_that_is_being_sent_is_sent_before_the_end(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        server.fail_next("sendMessage", Fault.slow(0.5))
        server.say(KYZYM)
        await server.next_sent(PATIENCE)
        assert await service.stop() == 0
    assert recorded(tmp_path) == [(KYZYM, 1)]


async def test_an_impatient_operator_ends_it_too(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        server.fail_next("sendMessage", Fault.slow(1))
        server.say(KYZYM)
        await server.next_sent(PATIENCE)
        ending = asyncio.create_task(service.process.wait())
        for seconds in (0.3, PATIENCE):
            service.process.send_signal(SIGTERM)
            await asyncio.wait([ending], timeout=seconds)
        assert ending.done(), f"it still runs long after the second signal: {service.lines}"
        assert await ending == 0


async def test_a_signal_ends_the_wait_for_telegram(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path, QUOTH_TELEGRAM_API_URL="http://127.0.0.1:9") as service:
        await service.logged("Telegram cannot be reached")
        assert await service.stop() == 0
    assert "Stopped." in service.lines[-1]


# What is kept


async def test_a_question_survives_kill_nine_and_is_answered_once(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        server.fail_next("sendMessage", Fault.server_error(), times=100)
        for number in range(20):
            server.say(f"{KYZYM} {number}", user=PERSON + number % 5)
        await until(lambda: len(server.updates.fetched_at) == 20 and not server.updates.waiting)
        service.process.kill()
        await service.end()
    assert recorded(tmp_path) == []
    server._faults["sendMessage"].clear()
    async with running(server, tmp_path) as service:
        await until(lambda: len(server.sent) == 20)
        server.say("hello", user=PERSON)
        await until(lambda: len(server.sent) == 21)
        assert await service.stop() == 0
    assert {text for text, _ in recorded(tmp_path)} == {"hello", *(f"{KYZYM} {number}" for number in range(20))}
    assert len(recorded(tmp_path)) == 21


async def test_of_an_answered_question_only_its_id_stays_in_the_inbox(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        update = server.say("a very private matter of mine", user=PERSON)
        await server.next_sent(PATIENCE)
        assert await service.stop() == 0
    with closing(sqlite3.connect(tmp_path / "quoth.sqlite3")) as connection:
        assert connection.execute("SELECT update_id, body FROM inbox").fetchall() == [(update, None)]
        connection.execute("DROP TABLE question")
    assert str(PERSON).encode() not in b"".join(contents(tmp_path).values())


async def test_what_comes_twice_is_answered_once_in_this_life_and_the_next(
    server: TelegramServer, tmp_path: Path
) -> None:
    for _ in range(2):
        async with running(server, tmp_path) as service:
            server.say(KYZYM, user=PERSON) if not server.sent else None
            await server.next_sent(PATIENCE) if len(server.sent) < 2 else None
            server.updates.waiting = {number: dict(body) for number, body in seen(server).items()}
            server.updates.end_poll()
            server.say("hello", user=PERSON)
            await server.next_sent(PATIENCE)
            assert await service.stop() == 0
    assert [message.text.partition("!")[0] for message in server.sent if ANSWER not in message.text] == ["Hello"] * 2
    assert len(server.sent) == 3


def seen(server: TelegramServer) -> dict[int, Json]:
    """The first question as it was handed out, to be handed out again."""
    body = server.messages[PERSON, 1]
    return {FIRST_UPDATE: {"update_id": FIRST_UPDATE, "message": body}}


async def test_at_the_end_what_cannot_be_sent_in_time_stays_for_the_next_process(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        server.fail_next("sendMessage", Fault.too_many_requests(600))
        server.say(KYZYM, user=PERSON)
        server.say("hello", user=PERSON)
        await service.logged("is tried again")
        began = time.monotonic()
        assert await service.stop() == 0
        assert time.monotonic() - began < 9
    assert recorded(tmp_path) == []
    async with running(server, tmp_path) as service:
        first, second = await server.next_sent(PATIENCE), await server.next_sent(PATIENCE)
        assert await service.stop() == 0
    assert ANSWER in first.text
    assert second.text.startswith("Hello")


async def test_a_long_answer_on_the_wire_ends_within_eight_seconds_of_a_signal(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        server.fail_next("sendMessage", Fault(delay=15))
        server.say(KYZYM, user=PERSON)
        await server.next_sent(PATIENCE)
        began = time.monotonic()
        assert await service.stop() == 0
        assert time.monotonic() - began < 10


async def test_an_answer_that_the_end_cuts_off_is_not_paid_for_twice(server: TelegramServer, tmp_path: Path) -> None:
    once_a_minute = {"QUOTH_QUESTIONS_PER_MINUTE": "1"}
    server.fail_next("sendMessage", Fault.too_many_requests(30))
    server.say(KYZYM, user=PERSON)
    async with running(server, tmp_path, **once_a_minute) as service:
        await service.logged("sendMessage failed and is tried again")
        assert await service.stop() == 0
    async with running(server, tmp_path, **once_a_minute) as service:
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
