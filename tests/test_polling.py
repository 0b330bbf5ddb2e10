"""The polling: kept before it is confirmed, confirmed before the end, and never deaf in silence."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.error import InvalidToken

from bot import ear
from bot import polling as module
from bot.calls import AiohttpRequest
from bot.database import Database
from bot.ending import Ending
from bot.errors import DeafError
from bot.inbox import Inbox, Received
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.polling import Polling
from tests.inside import rows
from tests.processes import PATIENCE, running, until
from tests.telegram_server import Fault, Reply, TelegramServer


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(module, "_LONGEST_PAUSE", 0.05)


def _deafen(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(ear, "DEAF", seconds)
    monkeypatch.setattr(module, "DEAF", seconds)


class Fetching:
    """A polling at work, and the updates that it has handed on."""

    def __init__(self, polling: Polling, metrics: Metrics, lanes: Lanes, got: list[int]) -> None:
        self.polling, self.metrics, self.lanes, self.got = polling, metrics, lanes, got
        self.task = asyncio.create_task(polling.run())

    async def has(self, *ids: int) -> None:
        await until(lambda: self.got == [*ids])

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])


@asynccontextmanager
async def fetching(server: TelegramServer, folder: Path) -> AsyncIterator[Fetching]:
    got: list[int] = []

    async def see_through(update: Received) -> None:
        got.append(update.update_id)

    database, metrics = Database(folder / "quoth.sqlite3"), Metrics()
    lanes = Lanes(see_through, Ending())
    request = AiohttpRequest(2, PATIENCE)
    bot = Bot(server.token, base_url=f"{server.url}/bot", request=request, get_updates_request=request)
    polling = Polling(bot, ["message"], Inbox(database), lanes, metrics)
    async with request:
        fetching = Fetching(polling, metrics, lanes, got)
        try:
            yield fetching
        finally:
            await fetching.stop()
            await database.close()


def polls(server: TelegramServer) -> list[Any]:
    return [call.params for call in server.calls if call.method == "getUpdates"]


async def test_updates_are_kept_handed_on_and_then_confirmed(server: TelegramServer, tmp_path: Path) -> None:
    first, second = server.say("one"), server.say("two")
    async with fetching(server, tmp_path) as bot:
        await bot.has(first, second)
        await until(lambda: server.acknowledged == second)
        assert [number for (number,) in rows(tmp_path, "SELECT update_id FROM inbox")] == [first, second]
        third = server.say("three")
        await bot.has(first, second, third)
        assert bot.metrics.registry.get_sample_value("quoth_last_successful_poll_timestamp_seconds")
    assert json.loads(polls(server)[0]["allowed_updates"]) == ["message"]
    assert "offset" not in polls(server)[0]
    assert server.refusals == []


async def test_an_update_that_cannot_be_written_yet_is_not_confirmed(server: TelegramServer, tmp_path: Path) -> None:
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        async with bot.polling._inbox._database._turn:
            await until(lambda: number in server.fetched_at)
            await asyncio.sleep(0.05)
            assert (bot.got, server.acknowledged) == ([], 0)
        await bot.has(number)


async def test_at_the_end_what_arrived_is_confirmed(server: TelegramServer, tmp_path: Path) -> None:
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(number)
        await bot.stop()
    assert server.acknowledged == number
    assert polls(server)[-1]["timeout"] == "0"


async def test_an_end_at_which_telegram_is_silent_is_quick(server: TelegramServer, tmp_path: Path) -> None:
    async with fetching(server, tmp_path) as bot:
        await until(lambda: server.updates.is_polled)
        server.fail_next("getUpdates", Fault.slow(10))
        await asyncio.wait_for(bot.stop(), 5)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.server_error(),
        Fault.bad_gateway(),
        Fault.cut(),
        Fault.cut_halfway(),
        Fault.lost_reply(),
        Fault.too_many_requests(1),
    ],
)
async def test_a_poll_that_fails_is_tried_again_and_nothing_is_lost_or_doubled(
    server: TelegramServer, tmp_path: Path, fault: Fault
) -> None:
    server.fail_next("getUpdates", fault)
    first = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(first)
        server.fail_next("getUpdates", fault)
        second = server.say("two")
        await bot.has(first, second)


@pytest.mark.parametrize("result", [[], {}, None, "text", 7])
async def test_a_reply_that_is_no_list_of_updates_is_an_empty_one(
    server: TelegramServer, tmp_path: Path, result: object
) -> None:
    server.fail_next("getUpdates", Fault(Reply.result(result)))
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(number)


async def test_things_that_are_no_updates_hold_up_none(server: TelegramServer, tmp_path: Path) -> None:
    odd: list[object] = [7, None, "text", [], {}, {"update_id": "x"}, {"update_id": 2**63, "message": {}}]
    server.fail_next("getUpdates", Fault(Reply.result([*odd, {"update_id": 5, "message": {"text": "hello"}}])))
    server.fail_next("getUpdates", Fault(Reply.result(odd)))
    async with fetching(server, tmp_path) as bot:
        await bot.has(5)
        number = server.say("one")
        await bot.has(5, number)
    assert polls(server)[1]["offset"] == "6"


#: What an update may hold that Python, SQLite or the library cannot read or write again.
UNREADABLE = {
    "lists in lists": "[" * 3_000 + "]" * 3_000,
    "lists in lists that Python reads": "[" * 500 + "]" * 500,
    "objects in objects": '{"a":' * 2_000 + '"{]"' + "}" * 2_000,
    "a number without end": "9" * 10_000,
    "no JSON": '{"text": "\\"}]", "chat"}',
    "nothing": "",
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_an_update_that_nobody_can_read_keeps_back_no_other_in_its_batch(
    server: TelegramServer, tmp_path: Path, what: str
) -> None:
    first, bad, last = server.say("who appointed Kyzym", user=1), server.say("bad"), server.say('{"[hello', user=2)
    bodies = {number: json.dumps(server.updates.waiting[number]) for number in (first, last)}
    bodies[bad] = f'{{"update_id": {bad}, "message": {UNREADABLE[what]}}}'
    batch = ", ".join(bodies[number] for number in (first, bad, last))
    server.fail_next("getUpdates", Fault(Reply(200, f'{{"ok": true, "result": [{batch}]}}'.encode())))
    async with running(server, tmp_path) as service:
        await until(lambda: {message.chat_id for message in server.sent} == {1, 2})
        server.say("hello", user=3)
        await until(lambda: server.acknowledged >= last)
        assert await service.stop() == 0
    assert [line.partition(" ERROR ")[2] for line in service.lines if " ERROR " in line] == [
        f"bot.polling: Update {bad} cannot be read and is given up.\n"
    ]
    assert rows(tmp_path, "SELECT update_id, body FROM inbox WHERE update_id <= 700000003 ORDER BY update_id") == [
        (number, None) for number in (first, bad, last)
    ]


@pytest.mark.parametrize(
    "content",
    ["[]", "7", '"text"', "{}", '{"ok": true}', "[" * 100_000, "", "<html>{[{}]}", '{"a": ' * 500 + "1" + "}" * 500],
)
@pytest.mark.parametrize("status", [200, 400, 500])
async def test_a_reply_that_makes_no_sense_is_asked_for_again(
    server: TelegramServer, tmp_path: Path, content: str, status: int
) -> None:
    server.fail_next("getUpdates", Fault(Reply(status, content.encode())))
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(number)


@pytest.mark.parametrize("parameters", [7, [1], {"retry_after": {}}])
async def test_a_refusal_that_makes_no_sense_is_not_the_last_word(
    server: TelegramServer, tmp_path: Path, parameters: object
) -> None:
    refusal = json.dumps({"ok": False, "error_code": 429, "description": "no", "parameters": parameters})
    server.fail_next("getUpdates", Fault(Reply(429, refusal.encode())))
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(number)


async def test_a_wait_that_telegram_asks_for_does_not_make_the_bot_deaf_for_ever(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deafen(monkeypatch, 0.2)
    server.fail_next("getUpdates", Fault.too_many_requests(1_000_000), times=100)
    async with fetching(server, tmp_path) as bot:
        with pytest.raises(DeafError, match=r"^Nothing could be fetched from Telegram for 0\.2 seconds: Flood control"):
            await asyncio.wait_for(bot.task, PATIENCE)


async def test_after_a_poll_in_vain_ids_may_begin_anew(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_POLL", 1)
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(number)
        await until(lambda: len(polls(server)) >= 3)
        server.updates._last = 0
        again = server.say("two")
        assert again < number
        await bot.has(number, again)


async def test_a_revoked_token_ends_it(server: TelegramServer, tmp_path: Path) -> None:
    server.fail_next("getUpdates", Fault.unauthorized(), times=2)
    async with fetching(server, tmp_path) as bot:
        with pytest.raises(InvalidToken):
            await bot.task


async def test_somebody_else_with_the_token_is_outlasted_for_a_while(
    server: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail_next("getUpdates", Fault.conflict(), times=5)
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(number)
    assert caplog.messages.count("Another process fetches messages with the same token; stop one of the two.") == 5


async def test_somebody_else_who_stays_ends_it(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CONFLICT", 0.1)
    server.fail_next("getUpdates", Fault.conflict(), times=10_000)
    async with fetching(server, tmp_path) as bot:
        with pytest.raises(DeafError, match=r"^Another process fetches messages with the same token; stop one"):
            await asyncio.wait_for(bot.task, PATIENCE)


async def test_a_conflict_now_and_then_ends_nothing(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CONFLICT", 0.1)
    for _ in range(20):
        server.fail_next("getUpdates", Fault.conflict())
        server.fail_next("getUpdates", Fault.bad_gateway())
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(number)


async def test_a_bot_that_hears_nothing_for_too_long_ends(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deafen(monkeypatch, 0.3)
    server.fail_next("getUpdates", Fault.cut(), times=10_000)
    async with fetching(server, tmp_path) as bot:
        with pytest.raises(DeafError, match=r"^Nothing could be fetched from Telegram for 0\.3 seconds: "):
            await asyncio.wait_for(bot.task, PATIENCE)
        assert bot.polling.is_deaf


async def test_a_stuck_poll_is_given_up_and_ends_it_at_last(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_POLL", 0), ("_READ", 0.1)):
        monkeypatch.setattr(module, name, value)
    _deafen(monkeypatch, 0.3)
    server.fail_next("getUpdates", Fault.slow(60), times=100)
    async with fetching(server, tmp_path) as bot:
        with pytest.raises(DeafError, match="Timed out"):
            await asyncio.wait_for(bot.task, PATIENCE)


async def test_a_process_that_slept_is_not_deaf_when_it_wakes(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deafen(monkeypatch, 0.001)
    monkeypatch.setattr(module, "_CONFLICT", 0.001)
    server.fail_next("getUpdates", Fault.cut())
    server.fail_next("getUpdates", Fault.conflict())
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await bot.has(number)


async def test_while_there_is_no_room_nothing_is_fetched_and_nobody_is_deaf(
    server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deafen(monkeypatch, 0.01)
    monkeypatch.setattr("bot.lanes._MAX_WAITING", 0)
    number = server.say("one")
    async with fetching(server, tmp_path) as bot:
        await asyncio.sleep(0.1)
        assert (polls(server), bot.polling.is_deaf) == ([], False)
        monkeypatch.setattr("bot.lanes._MAX_WAITING", 1)
        await bot.lanes._tell_of_room()
        await bot.has(number)
