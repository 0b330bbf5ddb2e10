"""Hostile input, and what has to hold of it: for the properties in test_hostile.py and for the fuzzer in fuzz.py.

What chooses the input is handed in: hypothesis draws it, atheris makes it of bytes under coverage.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from telegram.request import BaseRequest, RequestData

from bot.app import Service
from bot.commands import answer
from bot.ending import Ending
from bot.lanes import _lane, _person
from bot.settings import Settings
from bot.wording import wording
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Verdict
from tests import folders
from tests.telegram_formatting import formatted

#: A number below another, and a text.
Number = Callable[[int], int]
Text = Callable[[], str]

SEEDS = Index(read_folder(folders.SEEDS).documents)
WORDS = wording("en")
TOKEN = "123456:TEST-token_of_nobody"
PERSON = {"id": 7_123_456_789, "is_bot": False, "first_name": "P", "language_code": "uk"}
CHAT = {"id": 7_123_456_789, "type": "private", "first_name": "P"}
#: Questions to documents of any text: of words that may be in it, and none.
PROBES = ("who appointed Kyzym", "a b", "1", "кого призначив міністр")
_PATIENCE = 5  # seconds for one update
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**31, 2**63, 10**400, 1e308, float("inf"), float("nan"), "", [], {}, [[]]),
    *("/start", "/", "/ask", "/ask " + "a " * 2_000, "@quoth_test_bot", "\0", "\ud800", "\u202e", "private", "group"),
)
_KEYS = (
    *("text", "entities", "from", "chat", "date", "message_id", "reply_to_message", "edit_date", "via_bot", "type"),
    *("id", "username", "language_code", "is_bot", "message", "edited_message", "callback_query", "inline_query"),
    *("caption", "forward_origin", "sender_chat", "quote", "update_id", "message_thread_id", "offset", "length"),
)


def check_question(index: Index, question: str) -> None:
    """Any string is answered, from the documents to the letter, in a message that Telegram takes."""
    reply = answer(index, WORDS, question)
    found, message = reply.answer, reply.message
    assert found is not None
    texts = {document.file: document.text for document in index.documents}
    for citation in found.citations:
        assert citation.quote == texts[citation.file][citation.start : citation.end]
        if citation.lead_in:
            assert citation.lead_in.quote == texts[citation.file][citation.lead_in.start : citation.lead_in.end]
    assert not (found.verdict is Verdict.NOTHING and found.citations)
    entities = [
        {"type": entity.style.value, "offset": entity.offset, "length": entity.length} for entity in message.entities
    ]
    formatted({"text": message.text, "entities": json.dumps(entities)})


def check_document(content: bytes, ending: str, probes: Sequence[str] = PROBES) -> None:
    """Any bytes are a document or a problem that is named, and what is quoted of them is theirs."""
    folder = folders.read({f"a{ending}": content})
    assert len(folder.documents) + len(folder.problems) >= 1
    for document in folder.documents:
        ends = [0]
        for block in document.blocks:
            assert ends[-1] <= block.start < block.end <= len(document.text)
            ends.append(block.end)
        index = Index([document])
        for probe in (*probes, document.text[:100]):
            check_question(index, probe)


class Wire(BaseRequest):
    """A way to a Telegram that takes every message which Telegram would take."""

    def __init__(self) -> None:
        self.sent = 0

    @property
    def read_timeout(self) -> float:
        return 1

    async def initialize(self) -> None:
        """Nothing is opened."""

    async def shutdown(self) -> None:
        """Nothing is closed."""

    async def do_request(  # type: ignore[override]  # the time-outs mean nothing here
        self, url: str, method: str, request_data: RequestData | None = None, **_: Any
    ) -> tuple[int, bytes]:
        assert method == "POST"
        if url.endswith("/getMe"):
            return 200, _result({**PERSON, "is_bot": True, "username": "quoth_test_bot"})
        assert request_data is not None
        if not url.endswith(("/sendMessage", "/editMessageText")):
            return 200, b'{"ok": true, "result": true}'
        formatted(request_data.json_parameters)
        self.sent += url.endswith("/sendMessage")
        return 200, _result({"message_id": 1, "date": int(time.time()), "chat": CHAT, "text": "x"})


class Hurried(Ending):
    """An end that never comes, and waits that are over at once."""

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002
        await asyncio.sleep(0)


class Handlers:
    """The bot as it is put together, but for the network, the disk and its pauses."""

    def __init__(self, index: Index = SEEDS) -> None:
        self.loop, self.wire = asyncio.new_event_loop(), Wire()
        settings = Settings(
            telegram_token=SecretStr(TOKEN), database=Path("/dev/null/none"), questions_per_minute=0, _env_file=None
        )
        service = Service(settings, TOKEN, index)  # where there can be no file, the database is in memory
        bot = service._application.bot
        bot._request = (self.wire, self.wire)
        service._processing._ending = bot.rate_limiter._ending = Hurried()
        self.database, self.inbox, self.processing = service._database, service._inbox, service._processing
        self.loop.run_until_complete(service._application.initialize())

    def check(self, body: dict[str, Any]) -> int:
        """An update of any shape is kept and seen through to its end; returns how many messages went out."""
        return self.loop.run_until_complete(self._check(body))

    async def _check(self, body: dict[str, Any]) -> int:
        _lane(body), _person(body)
        before = self.wire.sent
        for update in await self.inbox.keep([body]):
            async with asyncio.timeout(_PATIENCE):
                await self.processing.see_through(update)
            assert await self.inbox.body(update.update_id) is None
        assert not self.database.is_failing
        return self.wire.sent - before

    def close(self) -> None:
        """Lets go of the database and the loop."""
        self.loop.run_until_complete(self.database.close())
        self.loop.close()


def message(text: str, update_id: int = 1) -> dict[str, Any]:
    """An update: somebody writes to the bot."""
    about = {"message_id": 9, "date": int(time.time()), "chat": CHAT, "from": PERSON, "text": text}
    return {"update_id": update_id, "message": about}


def spoilt(body: Any, number: Number, text: Text) -> Any:
    """An update with some of its parts replaced, removed or added."""
    body = json.loads(json.dumps(body))
    for _ in range(1 + number(4)):
        parts = [part for part in _parts(body) if part]
        if not parts:
            break
        part = parts[number(len(parts))]
        if isinstance(part, dict):
            _spoil(part, number, text)
        else:
            part[number(len(part))] = _anything(number, text)
    return body


def _spoil(part: dict[str, Any], number: Number, text: Text) -> None:
    keys = sorted(part)
    key = keys[number(len(keys))]
    match number(4):
        case 0:
            del part[key]
        case 1:
            part[_KEYS[number(len(_KEYS))]] = _anything(number, text)
        case _:
            part[key] = _anything(number, text)


def _anything(number: Number, text: Text) -> Any:
    made = (
        text,
        lambda: _ODD[number(len(_ODD))],
        lambda: number(2**31) - 2**30,
        lambda: [text()],
        lambda: {_KEYS[number(len(_KEYS))]: text()},
        lambda: json.loads(json.dumps(CHAT)),
        lambda: [{"type": "bot_command", "offset": number(9) - 2, "length": number(9) - 2}],
        lambda: message(text())["message"],
    )
    return deepcopy(made[number(len(made))]())  # it may be spoilt itself


def _parts(value: Any) -> list[Any]:
    """The objects and lists in an update, itself first."""
    found, at = [value], 0
    while at < len(found):
        each = found[at]
        inner = each.values() if isinstance(each, dict) else each
        found += [part for part in inner if isinstance(part, dict | list)]
        at += 1
    return found


def _result(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()
