"""The usage log: what was asked, what was answered, whether it arrived, and what people thought of it.

It is the memory of the buttons, too: an answer's buttons work as long as its question is kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.database import Statement, timestamp

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from bot.database import Database
    from bot.pseudonyms import Pseudonyms
    from retrieval.types import Answer

#: In place of a chat's id: chats that the bot is not in.
ELSEWHERE = 0
_TOKEN_BYTES = 9  # 12 characters; one in 2^72 is not guessed
#: Whether a question was edited, and the answer with it.
_REPLACED = """EXISTS (
    SELECT 1 FROM question AS later
    WHERE later.chat = question.chat AND later.asked_in = question.asked_in
        AND later.answered_in = question.answered_in AND later.id > question.id
)"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer on Telegram."""

    user_id: int
    chat_id: int
    answer: Answer
    asked_at: datetime  # when the update was taken up, UTC
    answered_at: datetime
    token: str = ""  # what the answer's buttons call it
    asked_in: int | None = None  # the message that asks; None: a button did
    answered_in: int | None = None  # the message that answers; None: it did not arrive
    is_elsewhere: bool = False  # it arrived where messages have no ids

    @property
    def is_delivered(self) -> bool:
        """Whether the answer arrived."""
        return self.is_elsewhere or self.answered_in is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the log, found again."""

    id: int
    token: str
    question: str
    asked_in: int | None
    answered_in: int
    places: tuple[tuple[str, int, int], ...]  # file, start and end of each quote, best first


def new_token() -> str:
    """A name for an answer that nobody guesses."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


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

    async def behind(self, token: str, chat_id: int, message_id: int) -> Asked | None:
        """The question whose answer bears a token, if that is the message it was given in and it still stands there."""
        return await self._found(
            f"token = ? AND chat = ? AND answered_in = ? AND NOT {_REPLACED}",
            token,
            self._pseudonyms.chat(chat_id),
            message_id,
        )

    async def asked_in(self, chat_id: int, message_id: int) -> Asked | None:
        """The question that a message asked when it was last answered."""
        return await self._found(
            "chat = ? AND asked_in = ? AND answered_in IS NOT NULL", self._pseudonyms.chat(chat_id), message_id
        )

    def vote(self, asked: Asked, user_id: int, *, is_helpful: bool) -> asyncio.Future[bool]:
        """Keeps what a person thinks of an answer, in the place of what they thought before."""
        row = (asked.id, self._pseudonyms.person(user_id), int(is_helpful))
        return self._database.write(Statement("INSERT OR REPLACE INTO vote VALUES (?, ?, ?)", [row]))

    async def _found(self, condition: str, *values: str | int) -> Asked | None:
        rows = await self._database.read(
            f"SELECT id, token, text, asked_in, answered_in FROM question WHERE {condition} ORDER BY id DESC LIMIT 1",  # noqa: S608  # nosec B608  # ours
            *values,
        )
        if not rows:
            return None
        id_, token, text, asked_in, answered_in = rows[0]
        places = await self._database.read(
            'SELECT file, start, "end" FROM citation WHERE question_id = ? ORDER BY rank', id_
        )
        return Asked(id_, token, text, asked_in, answered_in, tuple((file, start, end) for file, start, end in places))

    def _statements(self, exchange: Exchange) -> Iterator[Statement]:
        answer, names = exchange.answer, self._pseudonyms
        yield Statement(
            """
            INSERT INTO question (
                asked_at, person, chat, text, verdict, coverage, search_ms, answer_ms, delivered,
                token, asked_in, answered_in
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (
                    timestamp(exchange.asked_at),
                    names.person(exchange.user_id),
                    names.chat(exchange.chat_id),
                    answer.question,
                    answer.verdict.value,
                    answer.coverage,
                    answer.search_ms,
                    (exchange.answered_at - exchange.asked_at) / timedelta(milliseconds=1),
                    int(exchange.is_delivered),
                    exchange.token or new_token(),
                    exchange.asked_in,
                    exchange.answered_in,
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
            yield Statement("DELETE FROM question WHERE asked_at < ?", [(timestamp(horizon),)])
