"""Updates at the tests' Telegram: how they wait, are fetched and are confirmed."""

import asyncio
import time

import aiohttp
import pytest

from tests.telegram_client import Client, until
from tests.telegram_faults import CONFLICT
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer
from tests.telegram_updates import FIRST_UPDATE

pytestmark = pytest.mark.asyncio

GROUP: Json = {"id": -100200, "type": "supergroup", "title": "Archive"}


async def test_an_offset_confirms_and_forgets_what_is_below_it(server: TelegramServer, client: Client) -> None:
    for text in ("one", "two", "three"):
        last = server.say(text)
    assert (await client.call("getUpdates")).update_ids == [last - 3, last - 2, last - 1, last]
    assert server.acknowledged == 0
    assert (await client.call("getUpdates", offset=last - 1, limit=1)).update_ids == [last - 1]
    assert server.acknowledged == last - 2
    assert (await client.call("getUpdates", offset=0)).update_ids == [last - 1, last]
    assert (await client.call("getUpdates", offset=-1)).update_ids == [last]
    assert (await client.call("getUpdates", offset=last + 100)).update_ids == []
    assert server.acknowledged == last
    assert server.say("four") == last + 1


async def test_an_update_tells_when_it_was_first_handed_out(server: TelegramServer, client: Client) -> None:
    before = time.monotonic()
    assert server.fetched_at == {}
    await client.call("getUpdates")
    first = server.fetched_at[FIRST_UPDATE]
    await client.call("getUpdates")
    assert before <= first == server.fetched_at[FIRST_UPDATE] <= time.monotonic()


async def test_a_long_poll_returns_as_soon_as_something_arrives(server: TelegramServer, client: Client) -> None:
    started = time.monotonic()
    poll = await client.start_polling()
    together = [server.say("who appointed Kyzym"), server.say("and when")]
    assert (await poll).update_ids == together
    assert time.monotonic() - started < 10


async def test_a_long_poll_ends_empty_when_nothing_arrives(client: Client) -> None:
    started = time.monotonic()
    assert (await client.call("getUpdates", offset=FIRST_UPDATE + 1, timeout=1)).update_ids == []
    assert 1 <= time.monotonic() - started < 10


async def test_a_second_poller_ends_the_first(server: TelegramServer, client: Client) -> None:
    first = await client.start_polling()
    second = asyncio.create_task(client.call("getUpdates", offset=FIRST_UPDATE + 1, timeout=50))
    assert (await first).description == CONFLICT
    assert (await first).status == 409
    update_id = server.say("hello")
    assert (await second).update_ids == [update_id]


async def test_a_poller_that_is_gone_stands_in_nobodys_way(server: TelegramServer, client: Client) -> None:
    poll = await client.start_polling()
    poll.cancel()
    await until(lambda: not server.updates.is_polled)
    update_id = server.say("is anybody there")
    assert update_id not in server.fetched_at
    assert (await client.call("getUpdates", timeout=50)).update_ids == [update_id]
    assert server.refusals == []


async def test_the_end_of_the_server_ends_a_long_poll() -> None:
    async with aiohttp.ClientSession() as http:
        async with TelegramServer() as server:
            poll = await Client(server, http).start_polling()
            started = time.monotonic()
        with pytest.raises(aiohttp.ClientConnectionError):
            await poll
    assert time.monotonic() - started < 10


async def test_allowed_updates_are_remembered_and_count_for_what_arrives_later(
    server: TelegramServer, client: Client
) -> None:
    reaction: Json = {"message_reaction": {"chat": GROUP, "message_id": 1}}
    assert server.push(reaction) == FIRST_UPDATE + 1
    assert (await client.call("getUpdates", allowed_updates=["message_reaction"])).update_ids == [FIRST_UPDATE]
    assert (await client.call("getUpdates", offset=FIRST_UPDATE + 1)).update_ids == []
    server.say("unwanted")
    wanted = server.push(reaction)
    assert (await client.call("getUpdates")).update_ids == [wanted]
    await client.call("getUpdates", allowed_updates=[])
    said = server.say("wanted again")
    server.push(reaction)
    assert (await client.call("getUpdates")).update_ids == [wanted, said]


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 101}, {"timeout": -1}, {"offset": "x"}, {"allowed_updates": "message"}]
)
async def test_wrong_bounds_of_a_poll_are_refused(client: Client, params: Json) -> None:
    assert (await client.call("getUpdates", **params)).status == 400
