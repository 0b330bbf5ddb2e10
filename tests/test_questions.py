"""The road of a question: what is sent, what is done when Telegram will not have it, and what the log keeps of it."""

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from telegram import Bot, Chat, Message, Update, User
from telegram.error import TelegramError

from bot.dialogue import Dialogue
from bot.questions import Questions
from bot.usage import UsageLog
from retrieval.folder import read_folder
from retrieval.index import Index
from tests.processes import SEEDS
from tests.telegram_server import Fault, TelegramServer

ENTITIES = "Bad Request: can't parse entities: Entity at byte offset 3 is wrong"
NOW = datetime.now(UTC)
CONTEXT: Any = None  # the handler looks at the update alone


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest_asyncio.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=f"{server.url}/bot") as bot:
        yield bot


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(read_folder(SEEDS).documents)


@pytest_asyncio.fixture
async def questions(index: Index, tmp_path: Path) -> AsyncIterator[Questions]:
    usage = UsageLog(tmp_path / "usage.sqlite3")
    await usage.open()
    yield Questions(Dialogue(index), usage)
    await usage.close()


@pytest.fixture
def recorded(tmp_path: Path) -> Any:
    """What the log has: text, verdict, whether it was delivered and with how many citations."""
    sql = """
        SELECT text, verdict, delivered, (SELECT count(*) FROM citation WHERE question_id = question.id) FROM question
    """

    def rows() -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(tmp_path / "usage.sqlite3")) as connection:
            return connection.execute(sql).fetchall()

    return rows


def written(server: TelegramServer, bot: Bot, text: str = "who appointed Kyzym") -> Update:
    """The update of somebody who has written."""
    server.say(text)
    (body,) = server.updates.take(100)
    server.updates.clear()
    return Update.de_json(dict(body), bot)


async def test_a_question_is_answered_and_recorded(
    server: TelegramServer, bot: Bot, questions: Questions, recorded: Any
) -> None:
    await questions.on_message(written(server, bot), CONTEXT)
    assert "Minister of Foreign Affairs" in (await server.next_sent()).text
    assert recorded() == [("who appointed Kyzym", "answered", 1, 3)]


@pytest.mark.parametrize("text", ["hello", "xyzzy", "/ask xyzzy"])
async def test_silence_is_recorded_too(
    server: TelegramServer, bot: Bot, questions: Questions, recorded: Any, text: str
) -> None:
    await questions.on_message(written(server, bot, text), CONTEXT)
    assert recorded() == [(text.removeprefix("/ask "), "nothing", 1, 0)]


@pytest.mark.parametrize("text", ["/start", "/help", "/ask", "/sources", "/frobnicate now"])
async def test_a_command_is_not_recorded(
    server: TelegramServer, bot: Bot, questions: Questions, recorded: Any, text: str
) -> None:
    await questions.on_message(written(server, bot, text), CONTEXT)
    assert (len(server.sent), recorded()) == (1, [])


async def test_how_long_it_took_is_recorded(
    server: TelegramServer, bot: Bot, questions: Questions, tmp_path: Path
) -> None:
    server.fail_next("sendMessage", Fault.slow(0.2))
    await questions.on_message(written(server, bot), CONTEXT)
    with closing(sqlite3.connect(tmp_path / "usage.sqlite3")) as connection:
        ((search_ms, answer_ms),) = connection.execute("SELECT search_ms, answer_ms FROM question").fetchall()
    assert 0 < search_ms < 200 <= answer_ms < 5_000


async def test_an_answer_whose_entities_are_refused_follows_as_plain_text(
    server: TelegramServer, bot: Bot, questions: Questions, recorded: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail_next("sendMessage", Fault.bad_request(ENTITIES))
    await questions.on_message(written(server, bot), CONTEXT)
    refused, sent = [call.params for call in server.calls if call.method == "sendMessage"]
    assert "entities" in refused
    assert sent == {name: value for name, value in refused.items() if name != "entities"}
    assert recorded() == [("who appointed Kyzym", "answered", 1, 3)]
    (line,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.getMessage().startswith("Telegram refused the entities of an answer, a fault of Quoth: Can't parse ")


# The library's own RetryAfter warns of a change to come whenever it is made.
@pytest.mark.filterwarnings("ignore:.*attribute `retry_after`:telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize(
    "faults",
    [
        [Fault.bad_request("Bad Request: chat not found")],
        [Fault.bad_request(ENTITIES), Fault.server_error()],
        [Fault.bad_request(ENTITIES), Fault.bad_request(ENTITIES)],
        [Fault.too_many_requests(1)],
        [Fault.bad_gateway()],
        [Fault.cut()],
        [Fault.lost_reply()],
        [Fault.cut_halfway()],
    ],
)
async def test_an_answer_that_does_not_arrive_is_an_error_and_is_recorded_as_such(
    server: TelegramServer, bot: Bot, questions: Questions, recorded: Any, faults: list[Fault]
) -> None:
    for fault in faults:
        server.fail_next("sendMessage", fault)
    with pytest.raises(TelegramError):
        await questions.on_message(written(server, bot), CONTEXT)
    assert [call.method for call in server.calls].count("sendMessage") == len(faults)
    assert recorded() == [("who appointed Kyzym", "answered", 0, 3)]


async def test_somebody_who_blocked_the_bot_is_not_asked_twice(
    server: TelegramServer, bot: Bot, questions: Questions, recorded: Any
) -> None:
    update = written(server, bot)
    server.blocked.add(1001)
    with pytest.raises(TelegramError, match="blocked"):
        await questions.on_message(update, CONTEXT)
    assert len(server.refusals) == 1
    assert recorded() == [("who appointed Kyzym", "answered", 0, 3)]


@pytest.mark.parametrize(
    "message",
    [
        None,
        Message(1, NOW, Chat(1001, "private"), from_user=User(1001, "Person", is_bot=False)),
        Message(1, NOW, Chat(-100300, "channel"), text="who appointed Kyzym"),
    ],
)
async def test_what_nobody_wrote_is_no_question(
    server: TelegramServer, questions: Questions, recorded: Any, message: Message | None
) -> None:
    await questions.on_message(Update(1, message=message), CONTEXT)
    assert (server.calls, recorded()) == ([], [])
