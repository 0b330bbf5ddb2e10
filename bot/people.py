"""What is kept of people and chats beside their questions, and how a person is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.database import Statement

if TYPE_CHECKING:
    import telegram

    from bot.database import Database
    from bot.pseudonyms import Pseudonyms

#: What is deleted of a person. The citations of their questions and the votes on them go with the questions.
_TABLES_OF_A_PERSON = ("question", "vote", "allowance", "person")
#: Updates that a person has sent, which wait or are being worked on, this very wish among them. One that SQLite cannot
#: read, such as one with the NaN that Python writes, is nobody's.
_ERASE_WAITING = """
    UPDATE inbox SET body = NULL WHERE body IS NOT NULL AND EXISTS (
        SELECT 1 FROM json_each(iif(json_valid(inbox.body), inbox.body, '[]')) AS part
        WHERE part.type = 'object' AND json_extract(part.value, '$.from.id') = ?
    )
"""


class People:
    """People and chats, known by keyed hashes."""

    def __init__(self, database: Database, pseudonyms: Pseudonyms) -> None:
        self._database = database
        self._pseudonyms = pseudonyms
        self._languages: dict[str, str | None] = {}  # of the few who chose one; None: they do not want it any more
        self._are_read = False  # the languages that an earlier process left
        self._forgotten_at: dict[str, datetime] = {}  # of those who were forgotten since the start

    async def language(self, user: telegram.User | None) -> str | None:
        """The language to speak to a person: the one they chose, else the one of their Telegram."""
        if user is None:
            return None
        chosen = await self._chosen()
        return chosen.get(self._pseudonyms.person(user.id)) or user.language_code

    async def choose_language(self, user_id: int, language: str | None) -> None:
        """Keeps the language that a person chose; None: the one of their Telegram again."""
        person, chosen = self._pseudonyms.person(user_id), await self._chosen()
        if language:
            chosen[person] = language
            await self._database.write(Statement("INSERT OR REPLACE INTO person VALUES (?, ?)", [(person, language)]))
        else:
            chosen[person] = None
            await self._database.write(Statement("DELETE FROM person WHERE person = ?", [(person,)]))

    async def is_new(self, chat_id: int) -> bool:
        """Whether the bot has not introduced itself in a chat yet; from now on it has."""
        chat = self._pseudonyms.chat(chat_id)
        if await self._database.read("SELECT 1 FROM chat WHERE chat = ?", chat):
            return False
        now = datetime.now(UTC).isoformat(timespec="seconds")
        await self._database.write(Statement("INSERT OR IGNORE INTO chat VALUES (?, ?)", [(chat, now)]))
        return True

    async def forget(self, user_id: int) -> bool:
        """Deletes what is kept of a person, in the file and in its journal; returns whether it is gone."""
        person, private_chat = self._pseudonyms.person(user_id), self._pseudonyms.chat(user_id)
        (await self._chosen())[person] = None
        self._forgotten_at[person] = datetime.now(UTC)
        deletions = [Statement(f"DELETE FROM {table} WHERE person = ?", [(person,)]) for table in _TABLES_OF_A_PERSON]  # noqa: S608  # nosec B608  # ours
        is_deleted = await self._database.write(
            *deletions,
            Statement("DELETE FROM chat WHERE chat = ?", [(private_chat,)]),
            Statement(_ERASE_WAITING, [(user_id,)]),
        )
        return is_deleted and await self._database.clear_journal()

    def has_forgotten(self, user_id: int, said_at: datetime) -> bool:
        """Whether somebody has asked to be forgotten after they said something, which is then left as it is."""
        forgotten_at = self._forgotten_at.get(self._pseudonyms.person(user_id))
        return forgotten_at is not None and said_at < forgotten_at.replace(microsecond=0)  # Telegram tells seconds

    async def _chosen(self) -> dict[str, str | None]:
        """The languages that people chose, by their hashes; as long as the disk fails they are read again."""
        if not self._are_read:
            rows = await self._database.try_to_read("SELECT person, language FROM person")
            self._are_read = rows is not None
            for person, language in rows or ():
                self._languages.setdefault(person, language)  # somebody may have chosen one since
        return self._languages
