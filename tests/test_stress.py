"""Short forms of what `python -m tests.stress` does at length."""

import random
from pathlib import Path

from tests.stress import kill, storm

ROUNDS = 4


async def test_nothing_is_lost_and_order_is_kept_over_kills(tmp_path: Path) -> None:
    outcome = await kill(ROUNDS, tmp_path, random.Random(4))
    assert (outcome.lost, outcome.disordered) == (0, 0)
    # Where it died between the sending and the note of it: one message a life, two where the machine is very busy.
    assert outcome.twice <= 2 * ROUNDS


async def test_nothing_is_lost_and_order_is_kept_in_a_storm(tmp_path: Path) -> None:
    outcome, unknown = await storm(6, tmp_path, random.Random(6))
    assert (outcome.lost, outcome.disordered) == (0, 0)
    assert outcome.twice <= unknown
