"""The road of a question: what is sent, what is done when Telegram will not have it, and what the log keeps of it."""

import logging
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from telegram import Chat, Message, Update, User
from telegram.error import TelegramError
from tenacity import wait_random_exponential

from bot import delivery
from bot.app import Service
from bot.errors import PostponedError
from bot.wording import wording
from retrieval.index import Index
from tests import telegram_limits as limits
from tests.inside import inside, rows
from tests.telegram_server import Fault, TelegramServer

ENTITIES = "Bad Request: can't parse entities: Entity at byte offset 3 is wrong"
NOW = datetime.now(UTC)
CONTEXT: Any = None  # the handler looks at the update alone


@pytest_asyncio.fixture
async def bot(server: TelegramServer, index: Index, tmp_path: Path) -> AsyncIterator[Service]:
    async with inside(server, index, tmp_path, questions_per_minute=3, backlog_minutes=60) as bot:
        yield bot


@pytest.fixture
def recorded(bot: Service, tmp_path: Path) -> Any:
    """What the log has: text, verdict, whether it was delivered and with how many citations."""
    sql = """
        SELECT text, verdict, delivered, (SELECT count(*) FROM citation WHERE question_id = question.id) FROM question
    """

    async def recorded() -> list[tuple[object, ...]]:
        await bot._database.write()  # what waits shares its commit
        return rows(tmp_path, sql)

    return recorded


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_BACK_OFF", wait_random_exponential(multiplier=0.001, max=0.01))


async def written(
    bot: Service, server: TelegramServer, text: str = "who appointed Kyzym", minutes_ago: float = 0, user: int = 1001
) -> None:
    """Brings what somebody has written to the handler."""
    server.say(text, user=user)
    (body,) = server.updates.take(100)
    server.updates.clear()
    message = {**limits.as_object(body["message"], "message"), "date": int(time.time() - 60 * minutes_ago)}
    await bot._questions.on_message(Update.de_json({**body, "message": message}, bot._application.bot), CONTEXT)


async def test_a_question_is_answered_and_recorded(server: TelegramServer, bot: Service, recorded: Any) -> None:
    await written(bot, server)
    assert "Minister of Foreign Affairs" in (await server.next_sent()).text
    assert await recorded() == [("who appointed Kyzym", "answered", 1, 5)]


@pytest.mark.parametrize("text", ["hello", "xyzzy", "/ask xyzzy"])
async def test_silence_is_recorded_too(server: TelegramServer, bot: Service, recorded: Any, text: str) -> None:
    await written(bot, server, text)
    assert await recorded() == [(text.removeprefix("/ask "), "nothing", 1, 0)]


@pytest.mark.parametrize("text", ["/start", "/help", "/ask", "/sources", "/frobnicate now"])
async def test_a_command_is_not_recorded(server: TelegramServer, bot: Service, recorded: Any, text: str) -> None:
    await written(bot, server, text)
    assert (len(server.sent), await recorded()) == (1, [])


async def test_how_long_it_took_is_recorded(server: TelegramServer, bot: Service, tmp_path: Path) -> None:
    server.fail_next("sendMessage", Fault.slow(0.2))
    await written(bot, server)
    await bot._database.write()
    ((search_ms, answer_ms),) = rows(tmp_path, "SELECT search_ms, answer_ms FROM question")
    assert isinstance(search_ms, float)
    assert isinstance(answer_ms, float)
    assert 0 < search_ms < 200 <= answer_ms < 5_000


async def test_an_answer_whose_entities_are_refused_follows_as_plain_text(
    server: TelegramServer, bot: Service, recorded: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail_next("sendMessage", Fault.bad_request(ENTITIES))
    await written(bot, server)
    refused, sent = [call.params for call in server.calls if call.method == "sendMessage"]
    assert "entities" in refused
    assert sent == {**refused, "entities": "[]"}
    assert await recorded() == [("who appointed Kyzym", "answered", 1, 5)]
    (line,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.getMessage().startswith("Telegram refused the entities of an answer, a fault of Quoth: Can't parse ")


@pytest.mark.parametrize(
    "faults",
    [
        [Fault.bad_request("Bad Request: chat not found")],
        [Fault.bad_request(ENTITIES), Fault.bad_request(ENTITIES)],
    ],
)
async def test_an_answer_that_telegram_refuses_is_an_error_and_recorded_as_such(
    server: TelegramServer, bot: Service, recorded: Any, faults: list[Fault]
) -> None:
    for fault in faults:
        server.fail_next("sendMessage", fault)
    with pytest.raises(TelegramError):
        await written(bot, server)
    assert [call.method for call in server.calls].count("sendMessage") == len(faults)
    assert await recorded() == [("who appointed Kyzym", "answered", 0, 5)]


@pytest.mark.parametrize("fault", [Fault.server_error(), Fault.bad_gateway(), Fault.cut()])
async def test_an_answer_that_may_arrive_later_is_an_error_costs_no_question_and_is_not_recorded_yet(
    server: TelegramServer, bot: Service, recorded: Any, fault: Fault
) -> None:
    for _ in range(5):
        server.fail_next("sendMessage", fault, times=6)
        with pytest.raises(TelegramError):
            await written(bot, server)
        assert not server._faults["sendMessage"]
    await written(bot, server)
    assert await recorded() == [("who appointed Kyzym", "answered", 1, 5)]


async def test_who_asks_too_much_is_told_once_and_answered_later(
    server: TelegramServer, bot: Service, recorded: Any
) -> None:
    for _ in range(3):
        await written(bot, server)
    for _ in range(2):
        with pytest.raises(PostponedError) as postponed:
            await written(bot, server)
        assert 15 < postponed.value.seconds <= 20
    assert [message.text for message in server.sent][3:] == [wording("en")("slow_down")]
    await written(bot, server, user=1002)
    assert len(await recorded()) == 4


async def test_an_old_question_gets_a_note_and_no_answer_and_its_chat_no_second_note(
    server: TelegramServer, bot: Service, recorded: Any
) -> None:
    for minutes in (300, 200, 100, 61):
        await written(bot, server, minutes_ago=minutes)
        await written(bot, server, minutes_ago=minutes, user=1002)
    assert [(message.chat_id, message.text) for message in server.sent] == [
        (chat, wording("en")("was_away")) for chat in (1001, 1002)
    ]
    assert await recorded() == []
    await written(bot, server, minutes_ago=59)
    await written(bot, server, minutes_ago=61)
    assert [message.text for message in server.sent][3:] == [wording("en")("was_away")]
    assert len(await recorded()) == 1


@pytest.mark.parametrize("minutes", [-10, 60 * 24 * 31, 1e6])
async def test_a_date_that_cannot_be_does_not_keep_a_question_from_its_answer(
    bot: Service, server: TelegramServer, recorded: Any, minutes: float
) -> None:
    await written(bot, server, minutes_ago=minutes)
    assert len(await recorded()) == 1


async def test_half_of_a_surrogate_pair_is_answered_and_recorded_without_it(
    server: TelegramServer, bot: Service, recorded: Any
) -> None:
    await written(bot, server, "who appointed \ud83d Kyzym \udc00")
    assert "Minister of Foreign Affairs" in (await server.next_sent()).text
    assert await recorded() == [("who appointed ? Kyzym ?", "answered", 1, 5)]


async def test_somebody_who_blocked_the_bot_is_not_asked_twice(
    server: TelegramServer, bot: Service, recorded: Any
) -> None:
    server.blocked.add(1001)
    with pytest.raises(TelegramError, match="blocked"):
        await written(bot, server)
    assert len(server.refusals) == 1
    assert await recorded() == [("who appointed Kyzym", "answered", 0, 5)]


@pytest.mark.parametrize(
    "message",
    [
        None,
        Message(1, NOW, Chat(1001, "group"), from_user=User(1001, "Person", is_bot=False)),
        Message(1, NOW, Chat(-100300, "channel"), text="who appointed Kyzym"),
    ],
)
async def test_what_nobody_wrote_is_no_question(
    server: TelegramServer, bot: Service, recorded: Any, message: Message | None
) -> None:
    if message:
        message.set_bot(bot._application.bot)
    await bot._questions.on_message(Update(1, message=message), CONTEXT)
    assert ([call.method for call in server.calls], await recorded()) == (["getMe"], [])
