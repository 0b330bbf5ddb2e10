"""Short forms of what `python -m tests.stress` does at length, and the end while Telegram is slow."""

import random
from pathlib import Path

from tests.processes import running, until
from tests.stress import PATIENCE, SETTINGS, Crowd, kill, storm
from tests.telegram_server import Fault, TelegramServer

ROUNDS = 4


async def test_nothing_is_lost_and_order_is_kept_over_kills(tmp_path: Path) -> None:
    outcome = await kill(ROUNDS, tmp_path, random.Random(4))
    assert (outcome.lost, outcome.disordered) == (0, 0)
    # Where it died between the sending and the note of it: one message a life, two where the machine is very busy.
    assert outcome.twice <= 2 * ROUNDS


async def test_nothing_is_lost_and_order_is_kept_in_a_storm(tmp_path: Path) -> None:
    weathered = await storm(6, tmp_path, random.Random(6))
    assert (weathered.outcome.lost, weathered.outcome.disordered) == (0, 0)
    assert weathered.outcome.twice <= weathered.unknown
    assert weathered.grown_kb < 20_000


async def test_an_end_while_telegram_is_slow_answers_nobody_twice(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        crowd = Crowd(server)
        server.fail_next("sendMessage", Fault.slow(4), times=100)
        async with running(server, tmp_path, **SETTINGS) as service:
            await service.logged("answers from")
            for chat in range(100):
                crowd.ask(1_000 + chat)
            await until(lambda: any(call.method == "sendMessage" for call in server.calls))
            assert await service.stop() == 0
        assert 0 < crowd.outcome().lost < 100
        async with running(server, tmp_path, **SETTINGS) as service:
            await until(crowd.is_answered, PATIENCE)
            await service.stop()
        assert crowd.outcome().twice == 0
