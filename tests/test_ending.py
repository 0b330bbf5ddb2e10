"""The end: announced once, and every wait ends with it."""

import asyncio
import time
from itertools import islice

import pytest

from bot.ending import Ending, pauses
from bot.errors import EndingError


async def test_a_wait_ends_by_itself_as_long_as_there_is_no_end() -> None:
    ending = Ending()
    began = time.monotonic()
    await ending.sleep(0.05)
    assert time.monotonic() - began >= 0.05
    assert not ending.has_begun


async def test_every_wait_ends_with_the_end_and_none_begins_after_it() -> None:
    ending = Ending()
    waits = [asyncio.create_task(ending.sleep(600)) for _ in range(3)]
    await asyncio.sleep(0)
    ending.begin()
    assert [type(error) for error in await asyncio.gather(*waits, return_exceptions=True)] == [EndingError] * 3
    assert ending.has_begun
    with pytest.raises(EndingError):
        await ending.sleep(600)


def test_pauses_double_up_to_a_bound() -> None:
    assert list(islice(pauses(1, 30), 8)) == [1, 2, 4, 8, 16, 30, 30, 30]
