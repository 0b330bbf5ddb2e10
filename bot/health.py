"""Whether the bot is well, for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.database import Database
    from bot.ear import Ear

#: Seconds: longer than the longest pause between two polls, or between two looks at the webhook.
_SILENT = 100


@dataclass(slots=True)
class Health:
    """What it takes to answer; the index is there before anything else is."""

    ear: Ear
    database: Database
    is_signed_in: bool = field(default=False)

    @property
    def is_live(self) -> bool:
        """Whether there is hope without a new process."""
        return not self.ear.is_deaf

    @property
    def is_database_well(self) -> bool:
        """Whether what is asked is kept."""
        return not self.database.is_failing and self.database.path is not None

    def ailments(self) -> list[str]:
        """Why the bot is not ready to answer and to keep what is asked; none: it is."""
        found = {
            "Telegram has not accepted the sign-in yet": not self.is_signed_in,
            f"Telegram has not replied for {self.ear.silence:.0f} seconds": self.ear.silence > _SILENT,
            "the database cannot be written": not self.is_database_well,
        }
        return [ailment for ailment, is_so in found.items() if is_so]
