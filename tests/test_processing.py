"""One update seen through: what is tried again, what is given up, and that it is closed only then."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tenacity import wait_random_exponential

from bot import delivery, processing
from bot.app import Service
from bot.inbox import Received
from bot.wording import wording
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.quoting import MAX_QUOTES
from retrieval.types import Answer
from tests.inside import hand_over, idle, inside, replies, rows
from tests.processes import PATIENCE, SEEDS, until
from tests.telegram_limits import Json
from tests.telegram_server import Fault, TelegramServer

KYZYM = "who appointed Kyzym"


class Fragile(Index):
    """An index with a fault that shows at some questions, some of the times."""

    faults = 0

    def ask(self, question: str, limit: int = MAX_QUOTES) -> Answer:
        if question == "poison" or self.faults:
            self.faults = max(0, self.faults - 1)
            raise ValueError(f"a fault\n2030-01-01 00:00:00 ERROR forged: at {question}")
        return super().ask(question, limit)


@pytest.fixture(scope="module")
def documents() -> Index:
    return Index(read_folder(SEEDS).documents)


@pytest_asyncio.fixture
async def bot(server: TelegramServer, documents: Index, tmp_path: Path) -> AsyncIterator[Service]:
    async with inside(server, Fragile(documents.documents), tmp_path) as bot:
        yield bot


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_BACK_OFF", wait_random_exponential(multiplier=0.001, max=0.01))
    monkeypatch.setattr(processing, "_FIRST_PAUSE", 0.001)


def waiting(folder: Path) -> list[object]:
    return [number for (number,) in rows(folder, "SELECT update_id FROM inbox WHERE body IS NOT NULL")]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_an_answered_update_is_closed(bot: Service, server: TelegramServer, tmp_path: Path) -> None:
    server.say(KYZYM)
    assert len(await replies(bot, server)) == 1
    assert waiting(tmp_path) == []


async def test_a_fault_of_our_own_is_tried_again(bot: Service, server: TelegramServer, tmp_path: Path) -> None:
    assert isinstance(bot._index, Fragile)
    bot._index.faults = 2
    server.say(KYZYM)
    assert "Minister" in (await replies(bot, server))[0]
    assert waiting(tmp_path) == []
    assert bot._metrics.registry.get_sample_value("quoth_faults_total") == 2


async def test_after_three_faults_an_update_is_given_up_with_an_apology_and_blocks_nothing(
    bot: Service, server: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    number = server.say("poison", language="uk")
    server.say(KYZYM)
    first, second = await replies(bot, server)
    assert first == wording("uk")("failure")
    assert "Minister" in second
    assert waiting(tmp_path) == []
    *tries, last = lines(caplog)
    assert tries == [f"Update {number} could not be worked on, trying again: ValueError"] * 2
    assert last.startswith(f"Update {number} is given up after ValueError, here:\n")
    assert ", in ask\n" in last
    assert "at poison" not in "".join(
        record.getMessage() for record in caplog.records if record.levelno > logging.DEBUG
    )


ABOUT: Json = {"message_id": 1, "date": 1, "text": "hello"}
MALFORMED: list[Json] = [
    {"message": {}},
    {"message": {"message_id": 1, "date": 1, "text": "hello"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 1}}},
    {"message": {"message_id": 1, "date": "x", "chat": {"id": 1, "type": "private"}, "text": "hello"}},
    {"message": {"message_id": 1, "date": 10**30, "chat": {"id": 1, "type": "private"}, "text": "hello"}},
    {
        "message": {
            **ABOUT,
            "chat": {"id": 1, "type": "private"},
            "from": {"id": "\ud800", "first_name": "P", "is_bot": False},
        }
    },
    {
        "message": {
            **ABOUT,
            "chat": {"id": 1, "type": "private"},
            "from": {"id": [], "first_name": "P", "is_bot": False},
        }
    },
    {"message": "text"},
    {"message": [1, 2]},
    {"message": None},
    {},
    {"from_the_future": {"chat": {"id": 1}}},
]


@pytest.mark.parametrize("body", MALFORMED)
async def test_an_update_that_cannot_be_read_blocks_nothing(
    bot: Service, server: TelegramServer, tmp_path: Path, body: Json
) -> None:
    for update in await bot._inbox.keep([{"update_id": 5, **body}]):
        bot._lanes.put(update)
    server.say("hello")
    assert len(await replies(bot, server)) == 1
    assert waiting(tmp_path) == []


async def test_while_telegram_fails_an_update_waits_however_long(
    bot: Service, server: TelegramServer, tmp_path: Path
) -> None:
    server.fail_next("sendMessage", Fault.bad_gateway(), times=20)
    server.say(KYZYM)
    assert len(await replies(bot, server)) == 1
    assert len(rows(tmp_path, "SELECT * FROM question")) == 1


async def test_a_token_that_was_revoked_meanwhile_leaves_the_update_to_the_next_process(
    bot: Service, server: TelegramServer, tmp_path: Path
) -> None:
    server.fail_next("sendMessage", Fault.unauthorized(), times=10_000)
    number = server.say(KYZYM)
    await hand_over(bot, server)
    await until(lambda: any(call.method == "sendMessage" for call in server.calls))
    bot._ending.begin()
    await idle(bot)
    assert waiting(tmp_path) == [number]


@pytest.mark.parametrize("why", ["blocked", "refused"])
async def test_what_telegram_refuses_is_closed(
    bot: Service, server: TelegramServer, tmp_path: Path, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.say(KYZYM)
    if why == "blocked":
        server.blocked.add(1001)
    else:
        server.fail_next("sendMessage", Fault.bad_request("Bad Request: chat not found"))
    assert await replies(bot, server) == []
    assert waiting(tmp_path) == []
    assert rows(tmp_path, "SELECT delivered FROM question") == [(0,)]
    assert len(lines(caplog)) == 1
    assert "Kyzym" not in caplog.text


async def test_an_update_whose_body_is_on_disk_alone_is_read_from_there(bot: Service, server: TelegramServer) -> None:
    server.say("hello")
    (update,) = await bot._inbox.keep(server.updates.take(1))
    await asyncio.wait_for(bot._processing.see_through(Received(update.update_id, None)), PATIENCE)
    await bot._processing.see_through(Received(update.update_id, None))
    assert len(server.sent) == 1


async def test_what_the_bot_was_at_when_it_ends_stays(bot: Service, server: TelegramServer, tmp_path: Path) -> None:
    server.fail_next("sendMessage", Fault.too_many_requests(600))
    number = server.say(KYZYM)
    await hand_over(bot, server)
    await until(lambda: any(call.method == "sendMessage" for call in server.calls))
    bot._ending.begin()
    await idle(bot)
    assert waiting(tmp_path) == [number]
