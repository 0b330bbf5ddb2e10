"""A bot that nothing reaches any more, as a process: it ends with one line that says why, and with status 1."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import PATIENCE, Service, running, until
from tests.telegram_server import Fault, TelegramServer

#: `quoth run` that is deaf after two seconds, and looks at its webhook five times in one.
IMPATIENT = """
import sys
from functools import partial
from bot import app, ear, polling, webhook
from bot.__main__ import main

ear.DEAF = polling.DEAF = webhook.DEAF = polling._CONFLICT = 2
polling._POLL, polling._READ = 0, 1
app.Webhook = partial(webhook.Webhook, period=0.2)
sys.argv = ["quoth", "run"]
main()
"""
FOR_EVER = 10_000  #: calls


def complaints(service: Service) -> list[str]:
    """The lines that the command itself ends with."""
    return [line for line in service.lines if line.startswith("quoth: ")]


POLLS: dict[str, tuple[Fault, str]] = {
    "no connection": (Fault.cut(), "Nothing could be fetched from Telegram for 2 seconds: ServerDisconnectedError: "),
    "no reply": (Fault.slow(60), "Nothing could be fetched from Telegram for 2 seconds: Timed out"),
    "an error": (Fault.bad_gateway(), "Nothing could be fetched from Telegram for 2 seconds: Bad Gateway"),
    "a wait": (Fault.too_many_requests(10**6), "Nothing could be fetched from Telegram for 2 seconds: Flood control"),
    "somebody else": (Fault.conflict(), "Another process fetches messages with the same token; stop one of the two. "),
    "a revoked token": (
        Fault.unauthorized(),
        "Telegram does not accept the token. Set QUOTH_TELEGRAM_TOKEN to the one",
    ),
}


@pytest.mark.parametrize("what", POLLS)
async def test_a_bot_that_fetches_nothing_for_long_ends_with_one_line(
    server: TelegramServer, tmp_path: Path, what: str
) -> None:
    fault, complaint = POLLS[what]
    async with running(server, tmp_path, program=IMPATIENT) as service:
        server.say("hello")
        await server.next_sent(PATIENCE)
        server.fail_next("getUpdates", fault, times=FOR_EVER)
        assert await service.end() == 1
    (line,) = complaints(service)
    assert line.startswith(f"quoth: {complaint}")
    assert service.lines[-1] == line


async def test_of_two_bots_with_one_token_one_ends_and_the_other_goes_on(
    server: TelegramServer, tmp_path: Path
) -> None:
    program = IMPATIENT.replace("polling._POLL, polling._READ = 0, 1", "")
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
    async with (
        running(server, tmp_path / "one", program=program) as one,
        running(server, tmp_path / "other", program=program) as other,
    ):
        ends = {service: asyncio.create_task(service.process.wait()) for service in (one, other)}
        await asyncio.wait(ends.values(), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        (ended,) = [service for service, end in ends.items() if end.done()]
        (left,) = {one, other} - {ended}
        server.say("hello")
        assert (await server.next_sent(PATIENCE)).text.startswith("Hello")
        await asyncio.sleep(3)
        assert await left.stop() == 0
        assert await ended.end() == 1
    (line,) = complaints(ended)
    assert line.startswith("quoth: Another process fetches messages with the same token; stop one of the two. It has ")
    assert complaints(left) == []


@pytest.fixture
def hook() -> dict[str, str]:
    """The settings of a bot that Telegram delivers to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    return {
        "QUOTH_WEBHOOK_URL": "https://bot.example.org",
        "QUOTH_WEBHOOK_SECRET": "a-long_random_word_of_1",
        "QUOTH_LISTEN": listen,
    }


def unreachable(server: TelegramServer) -> None:
    server.fail_next("getWebhookInfo", Fault.cut(), times=FOR_EVER)


def revoked(server: TelegramServer) -> None:
    server.fail_next("getWebhookInfo", Fault.unauthorized(), times=FOR_EVER)


def unset(server: TelegramServer) -> None:
    server.webhook = {}


def moved(server: TelegramServer) -> None:
    server.webhook = {**server.webhook, "url": "https://elsewhere.example.org"}


CHANGED = "another program has changed the webhook of this token.\n"


@pytest.mark.parametrize(
    ("happens", "complaint"),
    [
        (unreachable, "Telegram could not be reached for 2 seconds: ServerDisconnectedError: "),
        (revoked, "Telegram does not accept the token. Set QUOTH_TELEGRAM_TOKEN to the one"),
        (unset, f"Telegram delivers no longer: {CHANGED}"),
        (moved, f"Telegram delivers to another address: {CHANGED}"),
    ],
)
async def test_a_bot_that_is_delivered_nothing_any_more_ends_with_one_line(
    server: TelegramServer,
    tmp_path: Path,
    hook: dict[str, str],
    happens: Callable[[TelegramServer], None],
    complaint: str,
) -> None:
    async with running(server, tmp_path, program=IMPATIENT, **hook) as service:
        await until(lambda: any(call.method == "getWebhookInfo" for call in server.calls))
        happens(server)
        assert await service.end() == 1
    (line,) = complaints(service)
    assert line.startswith(f"quoth: {complaint}")
    assert service.lines[-1] == line
