"""The application as it is put together, in this process: a real `telegram.ext.Application` and the tests' Telegram."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import processing
from bot.app import Service
from bot.inbox import MAX_FAULTS
from bot.rendering import render
from bot.settings import Settings, variable
from bot.wording import PLURALS, wording
from retrieval.index import Index
from retrieval.quoting import MAX_QUOTES
from retrieval.types import Answer
from tests.inside import inside, replies
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

PERSON, OPERATOR, GROUP = 1001, 1002, -100200
FROM: Json = {"id": PERSON, "is_bot": False, "first_name": "Person", "language_code": "en"}
PRIVATE: Json = {"id": PERSON, "type": "private", "first_name": "Person"}
ARCHIVE: Json = {"id": GROUP, "type": "supergroup", "title": "Archive"}
NEWS: Json = {"id": -100300, "type": "channel", "title": "News"}
QUESTION: Json = {"message_id": 40, "date": 1_700_000_000, "chat": PRIVATE, "from": FROM, "text": "who appointed Kyzym"}
MEMBER: Json = {"user": FROM, "status": "member"}
#: What arrives without being said to the bot, by the kind of the update.
UNASKED: list[Json] = [
    {"message": {**QUESTION, "chat": ARCHIVE}},
    {"message": {**QUESTION, "chat": {"id": -200, "type": "group", "title": "Old"}}},
    {"channel_post": {**QUESTION, "chat": NEWS}},
    {"edited_channel_post": {**QUESTION, "chat": NEWS, "edit_date": 1_700_000_001}},
    {
        "callback_query": {
            "id": "1",
            "from": FROM,
            "chat_instance": "1",
            "data": "who appointed Kyzym",
            "message": QUESTION,
        }
    },
    {"inline_query": {"id": "1", "from": FROM, "query": "who appointed Kyzym", "offset": ""}},
    {
        "my_chat_member": {
            "chat": ARCHIVE,
            "from": FROM,
            "date": 1,
            "old_chat_member": MEMBER,
            "new_chat_member": MEMBER,
        }
    },
    {"poll_answer": {"poll_id": "1", "user": FROM, "option_ids": [0], "option_persistent_ids": ["a"]}},
]


class BrokenIndex(Index):
    """An index in which a fault shows at every question."""

    def ask(self, question: str, limit: int = MAX_QUOTES) -> Answer:  # noqa: ARG002  # the shape of an index
        raise RuntimeError(f"a fault, at {len(question)} letters")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)


@asynccontextmanager
async def listening(server: TelegramServer, index: Index, **settings: object) -> AsyncIterator[Service]:
    """The bot, ready to be handed what people write."""
    async with inside(server, index, Path.cwd(), **settings) as bot:
        yield bot
    assert server.refusals == []


async def test_a_question_is_answered_with_quotations_and_without_a_preview(
    server: TelegramServer, index: Index
) -> None:
    message = render(index.ask("who appointed Kyzym"), wording("en"))
    async with listening(server, index) as bot:
        server.say("who appointed Kyzym")
        assert await replies(bot, server) == [message.text]
    assert [(e["type"], e["offset"], e["length"]) for e in server.sent[0].entities] == [
        (entity.style.value, entity.offset, entity.length) for entity in message.entities
    ]
    assert json.loads(server.sent[0].params["link_preview_options"]) == {"is_disabled": True}


@pytest.mark.parametrize("language", PLURALS)
async def test_everybody_is_answered_in_the_language_of_their_telegram(
    server: TelegramServer, index: Index, language: str
) -> None:
    words = wording(language)
    async with listening(server, index) as bot:
        server.say("xyzzy", language=language)
        server.say("/ask", language=language)
        assert await replies(bot, server) == [
            f"{words('nothing')}\n\n{words('not_understood', words='xyzzy')}",
            words("ask_empty"),
        ]


@pytest.mark.parametrize("body", UNASKED, ids=lambda body: next(iter(body)))
async def test_what_is_not_said_to_the_bot_gets_no_message(server: TelegramServer, index: Index, body: Json) -> None:
    async with listening(server, index) as bot:
        server.push(body)
        assert await replies(bot, server) == []
        server.say("hello")
        assert len(await replies(bot, server)) == 1


@pytest.mark.parametrize(
    ("settings", "answered"),
    [
        ({}, {PERSON, OPERATOR}),
        ({"allowed_users": {PERSON}}, {PERSON}),
        ({"allowed_users": {OPERATOR + 1}}, set()),
        ({"allowed_chats": {PERSON}}, {PERSON}),
        ({"allowed_chats": {GROUP}}, set()),
        ({"admins": {OPERATOR}}, {PERSON, OPERATOR}),
        ({"admins": {OPERATOR}, "allowed_users": {PERSON + 5}}, {OPERATOR}),
        ({"admins": {OPERATOR}, "allowed_chats": {GROUP}}, {OPERATOR}),
        ({"allowed_users": {OPERATOR}, "allowed_chats": {PERSON}}, {PERSON, OPERATOR}),
    ],
)
async def test_who_is_not_on_the_lists_gets_no_answer(
    server: TelegramServer, index: Index, settings: dict[str, set[int]], answered: set[int]
) -> None:
    async with listening(server, index, **settings) as bot:
        for user in (PERSON, OPERATOR):
            server.say("hello", user=user)
            server.say("/start", user=user)
        assert len(await replies(bot, server)) == 2 * len(answered)
    assert {message.chat_id for message in server.sent} == answered


@pytest.mark.parametrize("language", PLURALS)
async def test_a_fault_is_owned_up_to_in_the_persons_language_and_logged_once(
    server: TelegramServer,
    index: Index,
    language: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processing, "_FIRST_PAUSE", 0.01)
    async with listening(server, BrokenIndex(index.documents)) as bot:
        server.say("who appointed Kyzym", language=language)
        server.say("/ask", language=language)
        assert await replies(bot, server) == [wording(language)("failure"), wording(language)("ask_empty")]
    *tries, record = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [line.levelname for line in tries] == ["WARNING"] * (MAX_FAULTS - 1)
    assert record.levelname == "ERROR"
    assert "is given up after RuntimeError, here:" in record.getMessage()


async def test_no_repr_holds_the_token(server: TelegramServer, index: Index) -> None:
    async with listening(server, index, telegram_token=server.token) as bot:
        for thing in (app := bot._application, app.bot, app.handlers, bot._ear, bot._processing):
            assert server.token not in f"{thing!r} {thing}"
