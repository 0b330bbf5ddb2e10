"""The usage log: what was asked, what was answered and whether it arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.database import Statement

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from bot.database import Database
    from bot.pseudonyms import Pseudonyms
    from retrieval.types import Answer


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer on Telegram."""

    user_id: int
    chat_id: int
    answer: Answer
    asked_at: datetime  # when the update was taken up, UTC
    answered_at: datetime
    delivered: bool


class UsageLog:
    """The log in the database.

    Args:
        retention_days: after how many days a question is forgotten; 0: never.
    """

    def __init__(self, database: Database, pseudonyms: Pseudonyms, retention_days: int = 0) -> None:
        self._database = database
        self._pseudonyms = pseudonyms
        self._retention_days = retention_days

    def record(self, exchange: Exchange) -> asyncio.Future[bool]:
        """Writes an exchange, all of it or nothing; the future need not be awaited."""
        return self._database.write(*self._statements(exchange), *self._forgetting())

    def forget(self) -> asyncio.Future[bool]:
        """Removes what is older than the operator wants it kept."""
        return self._database.write(*self._forgetting())

    def _statements(self, exchange: Exchange) -> Iterator[Statement]:
        answer, names = exchange.answer, self._pseudonyms
        yield Statement(
            """
            INSERT INTO question (
                asked_at, person, chat, text, verdict, coverage, search_ms, answer_ms, delivered
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (
                    _time(exchange.asked_at),
                    names.person(exchange.user_id),
                    names.chat(exchange.chat_id),
                    answer.question,
                    answer.verdict.value,
                    answer.coverage,
                    answer.search_ms,
                    (exchange.answered_at - exchange.asked_at) / timedelta(milliseconds=1),
                    int(exchange.delivered),
                )
            ],
        )
        # A table without row ids leaves last_insert_rowid() alone: https://sqlite.org/withoutrowid.html
        yield Statement(
            """
            INSERT INTO citation (question_id, rank, file, start, "end", kind)
            VALUES (last_insert_rowid(), ?, ?, ?, ?, ?)
            """,
            [(rank, c.file, c.start, c.end, c.kind.value) for rank, c in enumerate(answer.citations, start=1)],
        )

    def _forgetting(self) -> Iterator[Statement]:
        if self._retention_days:
            horizon = datetime.now(UTC) - timedelta(days=self._retention_days)
            yield Statement("DELETE FROM question WHERE asked_at < ?", [(_time(horizon),)])


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
