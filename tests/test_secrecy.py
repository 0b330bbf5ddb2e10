"""The secrets, over a whole run: in no line, page, file, repr or error; `processes.running` looks too, at its end."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.app import Service as Bot
from bot.errors import RejectedError
from bot.settings import Settings
from retrieval.folder import read_folder
from retrieval.index import Index
from tests.processes import PATIENCE, SEEDS, contents, quoth, running
from tests.telegram_server import Fault, TelegramServer

SECRET = "a-long_random_word_of_1"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def secrets(server: TelegramServer) -> list[str]:
    return [server.token, server.token.partition(":")[2], SECRET]


@pytest.mark.parametrize(("style", "way"), [("text", "polled"), ("json", "delivered")])
async def test_no_secret_leaves_the_process_whatever_goes_wrong(
    server: TelegramServer, tmp_path: Path, style: str, way: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    variables = {"QUOTH_LISTEN": listen, "QUOTH_LOG_LEVEL": "DEBUG", "QUOTH_LOG_FORMAT": style}
    if way == "delivered":
        variables |= {"QUOTH_WEBHOOK_URL": "https://bot.example.org", "QUOTH_WEBHOOK_SECRET": SECRET}
    seen = []
    server.fail_next("getMe", Fault.cut())
    for fault in (Fault.bad_gateway(), Fault.cut(), Fault.too_many_requests(1)):
        server.fail_next("sendMessage", fault)
    async with (
        running(server, tmp_path, **variables) as service,
        httpx.AsyncClient(base_url=f"http://{listen}", timeout=PATIENCE) as client,
    ):
        await service.logged("answers from")
        number = server.say("who appointed Kyzym")
        if way == "delivered":
            update = server.updates.waiting.pop(number)
            seen.append((await client.post("/telegram", json=update, headers=HEADERS)).text)
            seen.append((await client.post("/telegram", json=update)).text)
            seen.append((await client.post("/telegram", content=b"{", headers=HEADERS)).text)
        await server.next_sent(PATIENCE)
        seen += [(await client.get(path)).text for path in ("/healthz", "/metrics", "/", f"/{'x' * 300}")]
        assert (await asyncio.to_thread(quoth, "backup", "copy", cwd=tmp_path)).status == 0
        files = contents(tmp_path)
        server.fail_next("getUpdates" if way == "polled" else "getWebhookInfo", Fault.unauthorized())
        await service.stop()
    seen += service.lines
    for secret in secrets(server):
        assert not any(secret in text for text in seen)
        assert not any(secret.encode() in content for content in files.values())
    assert {"quoth.sqlite3-wal", "copy"} <= files.keys()


def reprs(thing: object, depth: int = 3) -> Iterator[str]:
    """What is printed of a thing and of what it is made of."""
    yield f"{thing!r} {thing}"
    if depth and type(thing).__module__.split(".")[0] in {"bot", "telegram"}:
        slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        for part in [*getattr(thing, "__dict__", {}).values(), *(getattr(thing, name, None) for name in slots)]:
            if not isinstance(part, str | bytes | SecretStr):
                yield from reprs(part, depth - 1)


async def test_no_part_of_the_bot_prints_a_secret_and_no_error_holds_one(
    server: TelegramServer, tmp_path: Path
) -> None:
    settings = Settings(
        telegram_token=SecretStr(server.token),
        telegram_api_url=server.url,
        database=tmp_path / "quoth.sqlite3",
        webhook_url="https://bot.example.org",
        webhook_secret=SecretStr(SECRET),
        listen="127.0.0.1:1",
    )
    bot = Bot(settings, server.token, Index(read_folder(SEEDS).documents))
    printed = [*reprs(bot), *reprs(settings)]
    assert len(printed) > 50
    for secret in secrets(server):
        assert not any(secret in text for text in printed)
    bot._address = None  # what is served needs a port of its own
    server.fail_next("getMe", Fault.unauthorized())
    with pytest.raises(RejectedError) as raised:
        await bot.serve()
    for request in bot._application.bot._request:  # the library closes only what was begun
        await request.shutdown()
    assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)
    assert server.token not in str(raised.value)
