"""Faults in numbers at the tests' Telegram: storms, and chats that have to wait."""

import asyncio
from collections import Counter

import aiohttp
import pytest

from tests.telegram_client import PERSON, Client, until
from tests.telegram_server import Fault, TelegramServer
from tests.telegram_storms import STORM_KINDS, Storm
from tests.telegram_updates import FIRST_UPDATE

pytestmark = pytest.mark.asyncio


async def outcome(client: Client, text: str = "x") -> str:
    """What the caller of a storm sees."""
    try:
        answer = await client.call("sendMessage", chat_id=PERSON, text=text)
    except aiohttp.ContentTypeError:
        return "502"
    except (aiohttp.ClientError, OSError):
        return "cut"
    return str(answer.status)


# Storms


async def test_the_same_seed_strikes_the_same_calls() -> None:
    def struck(seed: int) -> list[str]:
        storm = Storm(0.3, seed, STORM_KINDS, 2, 1_000)
        for _ in range(300):
            storm.strike("sendMessage", {})
            storm.strike("getMe", {})
        return [f"{strike.method} {strike.kind}" for strike in storm.strikes]

    assert struck(1) == struck(1) != struck(2)


async def test_a_storm_strikes_its_share_with_all_it_has() -> None:
    storm = Storm(0.3, 1, STORM_KINDS, 5, 10_000)
    for _ in range(2_000):
        storm.strike("getUpdates", {})
    assert 500 < len(storm.strikes) < 700
    assert {*storm.counts} == {*STORM_KINDS}


async def test_a_storm_is_bounded() -> None:
    storm = Storm(1, 1, ("cut",), 2, 5)
    assert [storm.strike("getMe", {}) is not None for _ in range(9)] == [1, 1, 0, 1, 1, 0, 1, 0, 0]
    assert storm.counts == {"cut": 5}


@pytest.mark.parametrize("kinds", [(), ("cut", "hail")])
async def test_a_storm_of_nothing_known_is_a_mistake_of_the_test(
    server: TelegramServer, kinds: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="no such faults"):
        server.storm(0.5, 1, kinds)


async def test_what_a_storm_did_and_did_not_let_through_can_be_told(server: TelegramServer, client: Client) -> None:
    storm = server.storm(0.5, 3, in_a_row=100)
    seen = Counter([await outcome(client, str(number)) for number in range(100)])
    server.calm()
    assert await outcome(client) == "200"
    assert {*storm.counts} == {*STORM_KINDS} - {"duplicates"}
    assert seen["429"] == storm.counts["flood"]
    assert seen["502"] == storm.counts["bad_gateway"]
    assert seen["cut"] == sum(storm.counts[kind] for kind in ("cut", "lost_reply", "cut_halfway"))
    lost = {strike.params["text"] for strike in storm.strikes if not strike.is_done}
    assert {message.text for message in server.sent} == {"Welcome", "x", *map(str, range(100))} - lost
    assert server.refusals == []


async def test_whoever_tries_again_gets_through_a_storm(server: TelegramServer, client: Client) -> None:
    server.storm(1, 1, ("cut", "bad_gateway"), in_a_row=2)
    assert [await outcome(client) == "200" for _ in range(6)] == [False, False, True] * 2


async def test_updates_that_were_confirmed_come_again(server: TelegramServer, client: Client) -> None:
    said = server.say("again")
    await client.call("getUpdates", offset=said)
    server.fail_next("getUpdates", Fault.duplicates())
    new = server.say("new")
    assert (await client.call("getUpdates", offset=new)).update_ids == [FIRST_UPDATE, said, new]
    assert server.acknowledged == said
    assert (await client.call("getUpdates", offset=new)).update_ids == [new]


# Floods


async def test_a_chat_that_has_to_wait_holds_up_no_other(server: TelegramServer, client: Client) -> None:
    server.say("hello", user=7)
    server.floods.begin(PERSON, 30)
    refused = await client.send("x")
    assert (refused.status, refused.body["parameters"]) == (429, {"retry_after": 30})
    assert (await client.call("sendMessage", chat_id=7, text="x")).status == 200
    assert (await client.call("getChat", chat_id=PERSON)).status == 200
    assert server.floods.impatient == []
    server.floods.begin(PERSON, 0.01)
    await asyncio.sleep(0.02)
    assert (await client.send("x")).status == 200
    assert server.floods.impatient == []
    assert server.refusals == []


async def test_whoever_does_not_wait_is_noted(server: TelegramServer, client: Client) -> None:
    server.floods.begin(PERSON, 30)
    for text in ("one", "two"):
        assert (await client.send(text)).description == "Too Many Requests: retry after 30"
    assert [(method, params["text"]) for method, params in server.floods.impatient] == [("sendMessage", "two")]
    server.floods.begin(PERSON, 0)
    assert (await client.send("three")).status == 200


async def test_many_polls_and_messages_go_through_at_once(server: TelegramServer, client: Client) -> None:
    """Not timed: what it costs is in the server's history."""

    async def answer() -> None:
        offset = 0
        while len(server.sent) < 501:
            for update_id in (await client.call("getUpdates", offset=offset, timeout=1)).update_ids:
                assert isinstance(update_id, int)
                offset = update_id + 1
                await client.send(f"to {update_id}")

    for number in range(500):
        server.say(f"question {number}")
    await answer()
    await until(lambda: len(server.sent) == 501)
    assert server.refusals == []
