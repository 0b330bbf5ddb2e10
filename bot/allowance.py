"""How many questions a person may ask: a bucket of tokens each, which a restart does not refill.

Source: the token bucket of RFC 2697; here a full bucket is a minute's worth of questions, and refills in a minute.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.database import Statement

if TYPE_CHECKING:
    from bot.database import Database
    from bot.pseudonyms import Pseudonyms

_MINUTE = 60.0
_REMEMBERED = 10_000  # people; beyond that, those whose bucket is full are forgotten


@dataclass(slots=True)
class _Bucket:
    questions: float
    counted_at: float  # Unix time
    is_told: bool = False  # that it was empty


class Allowance:
    """The buckets of all who ask.

    Args:
        per_minute: questions; 0: without a limit.
    """

    def __init__(self, database: Database, pseudonyms: Pseudonyms, per_minute: int) -> None:
        self._database = database
        self._pseudonyms = pseudonyms
        self._per_minute = per_minute
        self._buckets: dict[str, _Bucket] = {}
        self._is_read = False  # what an earlier process left

    async def wait(self, user_id: int) -> float:
        """Takes a question from a person's bucket.

        Returns:
            0, or the seconds until there is one to take.
        """
        if not self._per_minute:
            return 0.0
        person = self._pseudonyms.person(user_id)
        bucket = self._refilled(await self._bucket(person))
        if bucket.questions < 1:
            return (1 - bucket.questions) * _MINUTE / self._per_minute
        bucket.questions -= 1
        self._keep(person, bucket)
        return 0.0

    def give_back(self, user_id: int) -> None:
        """Puts back a question that was taken for an answer that could not be sent yet."""
        person = self._pseudonyms.person(user_id)
        bucket = self._buckets.get(person)
        if bucket:
            bucket.questions += 1
            self._keep(person, bucket)

    def tell(self, user_id: int) -> bool:
        """Whether a person is to be told of the limit: once, until the bucket is full again."""
        person = self._pseudonyms.person(user_id)
        bucket = self._buckets[person]
        is_news, bucket.is_told = not bucket.is_told, True
        self._keep(person, bucket)
        return is_news

    async def _bucket(self, person: str) -> _Bucket:
        if not self._is_read:
            await self._read()
        if person not in self._buckets:
            self._make_room()
        return self._buckets.setdefault(person, _Bucket(self._per_minute, 0))

    async def _read(self) -> None:
        """Takes up the buckets that an earlier process left; those of a minute ago are full again."""
        rows = await self._database.try_to_read(
            "SELECT person, questions, counted_at, is_told FROM allowance WHERE counted_at > ?", time.time() - _MINUTE
        )
        self._is_read = rows is not None
        for person, questions, counted_at, is_told in rows or ():
            self._buckets.setdefault(person, _Bucket(questions, counted_at, bool(is_told)))

    def _refilled(self, bucket: _Bucket) -> _Bucket:
        now = time.time()
        gained = max(0.0, now - bucket.counted_at) * self._per_minute / _MINUTE
        bucket.questions, bucket.counted_at = min(self._per_minute, bucket.questions + gained), now
        bucket.is_told = bucket.is_told and bucket.questions < self._per_minute
        return bucket

    def _keep(self, person: str, bucket: _Bucket) -> None:
        row = (person, bucket.questions, bucket.counted_at, int(bucket.is_told))
        self._database.write(Statement("INSERT OR REPLACE INTO allowance VALUES (?, ?, ?, ?)", [row]))

    def _make_room(self) -> None:
        """Forgets, here and on the disk, those whose bucket is full again: to them nothing changes."""
        if len(self._buckets) < _REMEMBERED:
            return
        horizon = time.time() - _MINUTE
        self._buckets = {person: bucket for person, bucket in self._buckets.items() if bucket.counted_at > horizon}
        self._database.write(Statement("DELETE FROM allowance WHERE counted_at < ?", [(horizon,)]))
