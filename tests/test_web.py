"""What `quoth run` serves: the webhook that Telegram delivers to, /healthz and /metrics, by a plain HTTP client."""

import asyncio
import json
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from telegram import Bot

from bot import web
from bot.database import Database
from bot.ending import Ending
from bot.health import Health
from bot.inbox import Inbox, Received
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.webhook import Webhook
from tests.processes import PATIENCE, Service, quoth, running
from tests.telegram_limits import Json
from tests.telegram_server import Fault, Reply, TelegramServer

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
PERSON = 7_123_456_789
SECRET = "a-long_random_word_of_1"
PUBLIC = "https://bot.example.org"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
TRUE = {HEADER: SECRET}


@pytest.fixture
def port() -> int:
    """One that is free."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest_asyncio.fixture
async def client(port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        yield client


def hooked(port: int, **more: str) -> dict[str, str]:
    """The environment of a bot that Telegram delivers to."""
    listen = f"127.0.0.1:{port}"
    return {"QUOTH_WEBHOOK_URL": PUBLIC, "QUOTH_WEBHOOK_SECRET": SECRET, "QUOTH_LISTEN": listen, **more}


def update(server: TelegramServer, text: str = KYZYM, number: int | None = None) -> Json:
    """What Telegram delivers when somebody writes to the bot; the server knows the chat."""
    known = server.say(text, user=PERSON)
    body = server.updates.waiting.pop(known)
    return body if number is None else {**body, "update_id": number}


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - what is awaited has no event
            await asyncio.sleep(0.01)


async def ready(service: Service, server: TelegramServer) -> None:
    await service.logged("answers from")
    await until(lambda: bool(server.webhook))


def inbox(folder: Path) -> list[tuple[int, str | None]]:
    with closing(sqlite3.connect(folder / "quoth.sqlite3")) as connection:
        return connection.execute("SELECT update_id, body FROM inbox ORDER BY update_id").fetchall()


# The webhook


async def test_an_update_is_kept_then_acknowledged_and_answered_once(
    server: TelegramServer, client: httpx.AsyncClient, port: int, tmp_path: Path
) -> None:
    async with running(server, tmp_path, **hooked(port)) as service:
        await ready(service, server)
        body = update(server)
        server.fail_next("sendMessage", Fault.slow(0.3))
        first = await client.post("/telegram", json=body, headers=TRUE)
        assert [number for number, _ in inbox(tmp_path)] == [body["update_id"]]
        again = [await client.post("/telegram", json=body, headers=TRUE) for _ in range(3)]
        assert {answer.status_code for answer in (first, *again)} == {200}
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    async with running(server, tmp_path, **hooked(port)) as service:  # what comes again after a restart is known too
        await ready(service, server)
        assert (await client.post("/telegram", json=body, headers=TRUE)).status_code == 200
        assert await service.stop() == 0
    assert len(server.sent) == 1
    assert server.refusals == []
    assert server.webhook["url"] == f"{PUBLIC}/telegram"
    assert server.webhook["secret_token"] == SECRET
    assert "message" in json.loads(server.webhook["allowed_updates"])
    assert not any(call.method in {"getUpdates", "deleteWebhook"} for call in server.calls)
    assert inbox(tmp_path) == [(body["update_id"], None)]
    assert SECRET not in "".join(service.lines)


async def test_whoever_does_not_know_the_secret_is_turned_away(
    server: TelegramServer, client: httpx.AsyncClient, port: int, tmp_path: Path
) -> None:
    async with running(server, tmp_path, **hooked(port)) as service:
        await ready(service, server)
        body = update(server)
        for given in ("", SECRET[:-1], SECRET + "x", SECRET.upper(), "é"):
            answer = await client.post("/telegram", json=body, headers=[(HEADER.encode(), given.encode())])
            assert (answer.status_code, answer.text) == (403, "")
        assert (await client.post("/telegram", json=body)).status_code == 403
        assert (await client.get("/telegram", headers=TRUE)).status_code == 405
        assert (await client.post("/", json=body, headers=TRUE)).status_code == 404
        assert await service.stop() == 0
    assert inbox(tmp_path) == []
    assert server.sent == []


async def pieces(piece: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield piece


async def test_what_is_no_update_is_refused_and_harms_nothing(
    server: TelegramServer, client: httpx.AsyncClient, port: int, tmp_path: Path
) -> None:
    deep = b"[" * 100_000
    nested = b'{"update_id": 1, "message": ' + b'{"a":' * 300 + b"1" + b"}" * 301
    refused: dict[bytes, int] = {
        b"": 400,
        b"{": 400,
        b"null": 400,
        b"[1]": 400,
        b'{"message": {}}': 400,
        b'{"update_id": "1"}': 400,
        b'{"update_id": -1}': 400,
        b'{"update_id": true}': 400,
        b'{"update_id": 99999999999999999999}': 400,
        b'{"update_id": ' + b"9" * 5_000 + b"}": 400,
        b"\xff\xfe\x00": 400,
        deep: 400,
        b'{"update_id": 1, "message": ' + deep: 400,
        nested: 400,
        b" " * (2**20 + 1): 413,
    }
    async with running(server, tmp_path, **hooked(port)) as service:
        await ready(service, server)
        for content, status in refused.items():
            answer = await client.post("/telegram", content=content, headers=TRUE)
            assert (content[:40], answer.status_code) == (content[:40], status)
        endless = await client.post("/telegram", content=pieces(b" " * 65_536, 32), headers=TRUE)
        assert endless.status_code == 413
        assert (await client.post("/telegram", json=update(server), headers=TRUE)).status_code == 200
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        assert await service.stop() == 0
    assert len(server.sent) == 1


async def test_the_path_of_the_public_address_is_served_as_well(
    server: TelegramServer, client: httpx.AsyncClient, port: int, tmp_path: Path
) -> None:
    async with running(server, tmp_path, **hooked(port, QUOTH_WEBHOOK_URL=f"{PUBLIC}/quoth/a%20hook")) as service:
        await ready(service, server)
        assert server.webhook["url"] == f"{PUBLIC}/quoth/a%20hook"
        for path in ("/quoth/a%20hook", "/telegram"):
            assert (await client.post(path, json=update(server), headers=TRUE)).status_code == 200
            await server.next_sent(PATIENCE)
        assert await service.stop() == 0


async def test_while_the_disk_fails_an_update_is_answered_and_asked_for_again(
    server: TelegramServer, client: httpx.AsyncClient, port: int, tmp_path: Path
) -> None:
    async with running(server, tmp_path, **hooked(port)) as service:
        await ready(service, server)
        with closing(sqlite3.connect(tmp_path / "quoth.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            body = update(server)
            server.fail_next("sendMessage", Fault.slow(1))
            assert (await client.post("/telegram", json=body, headers=TRUE)).status_code == 503
            assert ANSWER in (await server.next_sent(PATIENCE)).text
            health = await client.get("/healthz")
            assert (health.status_code, health.json()["reasons"]) == (503, ["the database cannot be written"])
            other.execute("ROLLBACK")
        await until_closed(client, body)
        assert (await client.post("/telegram", json=update(server), headers=TRUE)).status_code == 200
        await server.next_sent(PATIENCE)
        assert (await client.get("/healthz")).status_code == 200
        assert await service.stop() == 0
    assert len(server.sent) == 2


async def until_closed(client: httpx.AsyncClient, body: Json) -> None:
    """Delivers an update as Telegram does, until it is taken."""
    async with asyncio.timeout(PATIENCE):
        while (await client.post("/telegram", json=body, headers=TRUE)).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_an_update_under_way_is_finished_at_the_end_and_no_other_begun(
    server: TelegramServer, client: httpx.AsyncClient, port: int, tmp_path: Path
) -> None:
    async with running(server, tmp_path, **hooked(port)) as service:
        await ready(service, server)
        server.fail_next("sendMessage", Fault.slow(0.5))
        assert (await client.post("/telegram", json=update(server), headers=TRUE)).status_code == 200
        began = time.monotonic()
        assert await service.stop() == 0
        assert time.monotonic() - began < 5
        with pytest.raises(httpx.ConnectError):
            await client.post("/telegram", json=update(server), headers=TRUE)
    assert len(server.sent) == 1
    assert [body for _, body in inbox(tmp_path)] == [None]


async def test_the_webhook_is_set_however_often_telegram_fails(
    server: TelegramServer, client: httpx.AsyncClient, port: int, tmp_path: Path
) -> None:
    server.fail_next("setWebhook", Fault.bad_gateway())
    async with running(server, tmp_path, **hooked(port)) as service:
        await service.logged("Telegram cannot be reached, next try in 1 s: Bad Gateway")
        health = await client.get("/healthz")
        assert health.status_code == 503
        assert health.json() == {
            "live": True,
            "ready": False,
            "reasons": ["Telegram has not accepted the sign-in yet"],
        }
        await ready(service, server)
        assert await service.stop() == 0


def known(url: str) -> Fault:
    """What Telegram says of a webhook."""
    return Fault(Reply.result({"url": url, "has_custom_certificate": False, "pending_update_count": 0}))


CHANGED = "another program has changed the webhook of this token.\n"
DEAF: dict[str, tuple[str, Fault]] = {
    "Telegram does not accept the token. ": ("getWebhookInfo", Fault.unauthorized()),
    f"Telegram delivers no longer: {CHANGED}": ("getWebhookInfo", known("")),
    f"Telegram delivers to another address: {CHANGED}": ("getWebhookInfo", known("https://elsewhere.example.org")),
    "Telegram does not accept QUOTH_WEBHOOK_URL: ": ("setWebhook", Fault.bad_request("Bad Request: bad webhook")),
}


@pytest.mark.parametrize("complaint", DEAF)
async def test_a_bot_that_telegram_does_not_deliver_to_ends_with_one_line(
    complaint: str, server: TelegramServer, port: int, tmp_path: Path
) -> None:
    server.fail_next(*DEAF[complaint])
    async with running(server, tmp_path, **hooked(port)) as service:
        assert await service.end() == 1
    assert service.lines[-1].startswith(f"quoth: {complaint}")
    assert len([line for line in service.lines if line.startswith("quoth: ")]) == 1


async def test_what_telegram_could_not_deliver_is_logged(server: TelegramServer, port: int, tmp_path: Path) -> None:
    error = {"last_error_date": int(time.time()), "last_error_message": "Wrong response from the webhook:\n502"}
    info = {"url": f"{PUBLIC}/telegram", "has_custom_certificate": False, "pending_update_count": 3, **error}
    server.fail_next("getWebhookInfo", Fault(Reply.result(info)))
    async with running(server, tmp_path, **hooked(port)) as service:
        await service.logged("Telegram could not deliver to QUOTH_WEBHOOK_URL: Wrong response from the webhook: 502\n")
        assert await service.stop() == 0


# Health and metrics


async def test_a_bot_that_polls_shows_health_and_metrics_and_nothing_else(
    server: TelegramServer, client: httpx.AsyncClient, port: int, tmp_path: Path
) -> None:
    async with running(server, tmp_path, QUOTH_LISTEN=f"127.0.0.1:{port}") as service:
        server.fail_next("sendMessage", Fault.server_error())
        server.say(KYZYM)
        await server.next_sent(PATIENCE)
        health, metrics = await client.get("/healthz"), await client.get("/metrics")
        assert (health.status_code, health.json()) == (200, {"live": True, "ready": True, "reasons": []})
        for path in ("/", "/telegram", "/docs"):
            assert (await client.post(path, json={}, headers=TRUE)).status_code == 404
        assert await service.stop() == 0
    assert metrics.headers["Content-Type"].startswith("text/plain; version=")
    shown = dict(line.rsplit(" ", 1) for line in metrics.text.splitlines() if not line.startswith("#"))
    assert shown['quoth_questions_total{verdict="answered"}'] == "1.0"
    assert shown['quoth_questions_total{verdict="nothing"}'] == "0.0"
    assert shown["quoth_answer_seconds_count"] == shown["quoth_search_seconds_count"] == "1.0"
    assert shown["quoth_retries_total"] == "1.0"
    assert shown["quoth_database_failing"] == "0.0"
    assert shown["quoth_index_documents"] == "2.0"
    for name in ("quoth_last_successful_poll_timestamp_seconds", "quoth_index_built_timestamp_seconds"):
        assert 0 <= time.time() - float(shown[name]) < 60
    assert "quoth_inbox_updates" in shown
    assert server.token not in metrics.text


async def test_a_port_in_use_is_one_line(server: TelegramServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        async with running(server, tmp_path, QUOTH_LISTEN=listen) as service:
            assert await service.end() == 1
    (line,) = service.lines
    assert line == f"quoth: QUOTH_LISTEN: nothing can listen on {listen}: Address already in use.\n"


async def test_it_listens_on_ipv6_too(server: TelegramServer, port: int, tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    async with (
        running(server, tmp_path, QUOTH_LISTEN=f"[::1]:{port}") as service,
        httpx.AsyncClient(base_url=f"http://[::1]:{port}") as client,
    ):
        await service.logged("answers from")
        assert (await client.get("/healthz")).status_code == 200
        assert await service.stop() == 0


# What is missing


def test_a_webhook_without_a_secret_does_not_start(tmp_path: Path) -> None:
    ended = quoth("run", cwd=tmp_path, QUOTH_TELEGRAM_TOKEN="1:x", QUOTH_WEBHOOK_URL=PUBLIC)
    assert ended.status == 2
    assert ended.complaint.startswith("quoth: QUOTH_WEBHOOK_URL is set, so QUOTH_WEBHOOK_SECRET must be: ")


def test_without_the_extra_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError('uvicorn', name='uvicorn')\n")
    ended = quoth(
        "run", cwd=tmp_path, QUOTH_TELEGRAM_TOKEN="1:x", QUOTH_LISTEN="127.0.0.1:8080", PYTHONPATH=str(tmp_path)
    )
    assert ended.status == 2
    assert ended.complaint.startswith("quoth: QUOTH_WEBHOOK_URL and QUOTH_LISTEN need the extra web: pip install ")


async def dawdling() -> AsyncIterator[bytes]:
    yield b'{"update_id": '
    await asyncio.sleep(1)
    yield b"1}"


async def test_a_body_that_comes_too_slowly_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def see_through(_: Received) -> None:
        raise AssertionError("nothing was to arrive")

    monkeypatch.setattr(web, "_SLOWEST", 0.1)
    metrics, database = Metrics(), Database(tmp_path / "quoth.sqlite3")
    webhook = Webhook(
        Bot("1:x"), f"{PUBLIC}/telegram", SECRET, [], Inbox(database), Lanes(see_through, Ending()), metrics
    )
    site = web.website(Health(webhook, database), metrics, webhook)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://bot") as client:
        answer = await client.post("/telegram", content=dawdling(), headers=TRUE)
    assert answer.status_code == 408
