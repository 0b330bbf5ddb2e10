"""The watchdog: what a supervisor hears, what is a stall and what is none, and who is blamed for it."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import watchdog
from bot.watchdog import Watchdog, notify
from tests.processes import PATIENCE, full_pipe, running
from tests.telegram_server import TelegramServer

#: `quoth run` with a search that stands still at one question, and a watchdog that is patient for two seconds.
STALLING = """
import re, time
from bot import watchdog
from bot.__main__ import main
from retrieval.index import Index

def ask(self, question, *limits, ask=Index.ask):
    if question == "a long match":
        re.match("(a+)+$", "a" * 60 + "b")
    if question == "a long sleep":
        time.sleep(60)
    return ask(self, question, *limits)

Index.ask = ask
watchdog._BEAT, watchdog._STALLED = 0.1, 20
import sys
sys.argv = ["quoth", "run"]
main()
"""


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """systemd's end of the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(PATIENCE)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


async def heard(supervisor: socket.socket, number: int) -> list[str]:
    return [(await asyncio.to_thread(supervisor.recv, 100)).decode() for _ in range(number)]


async def test_a_supervisor_hears_of_the_start_of_every_beat_and_of_the_end(
    supervisor: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "_BEAT", 0.01)
    async with Watchdog(lambda: True).watching():
        assert await heard(supervisor, 4) == ["READY=1", *["WATCHDOG=1"] * 3]
    while (last := (await heard(supervisor, 1))[0]) == "WATCHDOG=1":
        pass
    assert last == "STOPPING=1"


async def test_a_bot_that_hears_nothing_from_telegram_does_not_claim_to_be_alive(
    supervisor: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "_BEAT", 0.01)
    async with Watchdog(lambda: False).watching():
        await asyncio.sleep(0.1)
    assert await heard(supervisor, 2) == ["READY=1", "STOPPING=1"]


def test_a_socket_in_the_abstract_namespace_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0quoth-test-{os.getpid()}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@quoth-test-{os.getpid()}")
        notify("READY=1")
        assert listening.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "x" * 300])
def test_without_a_supervisor_nobody_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify("READY=1")


def test_a_supervisor_who_does_not_listen_is_not_waited_for(supervisor: socket.socket) -> None:
    for _ in range(5_000):
        notify("WATCHDOG=1")
    assert supervisor.recv(100) == b"WATCHDOG=1"


async def test_a_short_stall_ends_nothing_and_the_signal_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_BEAT", 0.01)
    before = signal.getsignal(signal.SIGALRM)
    async with Watchdog(lambda: True).watching():
        signal.raise_signal(signal.SIGALRM)
        await asyncio.sleep(0.1)
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.parametrize("question", ["a long match", "a long sleep"])
async def test_a_question_that_makes_the_bot_stand_still_is_given_up_after_three_lives_and_blocks_nobody(
    tmp_path: Path, question: str
) -> None:
    async with TelegramServer() as server:
        server.say(question, user=1)
        for life in range(1, 4):
            server.say(f"hello {life}", user=1 + life)
            async with running(server, tmp_path, program=STALLING) as service:
                assert await service.end() == 1
            assert any(
                "CRITICAL bot.watchdog: The bot has stood still for 2 seconds and ends, here:" in line
                for line in service.lines
            )
            assert all(line[0] in " 2" for line in service.lines)  # a year begins an event, a space what belongs to it
        async with running(server, tmp_path, program=STALLING) as service:
            await service.logged("made the bot stand still or die 3 times and is given up")
            while {message.chat_id for message in server.sent} != {2, 3, 4}:
                await server.next_sent(PATIENCE)
            assert await service.stop() == 0
        assert question not in "".join(service.lines)


async def test_a_process_that_was_stopped_for_a_while_has_not_stood_still(tmp_path: Path) -> None:
    async with TelegramServer() as server, running(server, tmp_path, program=STALLING) as service:
        await service.logged("answers from")
        service.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(3)
        service.process.send_signal(signal.SIGCONT)
        server.say("hello")
        await server.next_sent(PATIENCE)
        assert await service.stop() == 0


async def test_a_log_that_nobody_reads_keeps_neither_answers_back_nor_the_end(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        with full_pipe() as pipe:
            async with running(server, tmp_path, pipe, QUOTH_LOG_LEVEL="DEBUG") as service:
                for user in range(1, 21):
                    server.say("hello", user=user)
                    await server.next_sent(PATIENCE)
                assert await service.stop() == 0
            async with running(server, tmp_path, pipe, program=STALLING) as service:
                server.say("a long sleep")
                assert await service.end() == 1
            async with running(server, tmp_path, pipe, QUOTH_TELEGRAM_TOKEN="1:another_token_of_nobody") as service:
                assert await service.end() == 1
