"""What ends the program with a sentence for the person who started it.

BotError            `status` is the exit status of the command
├── CommandError    the command line, or the folder it leads to, has to be mended
├── SettingsError   a setting is wrong
├── DatabaseError   the database cannot be used at all
└── RejectedError   Telegram does not accept the token
"""


class BotError(Exception):
    """The family of this package; the message says what to do, and never holds the token."""

    status = 2


class CommandError(BotError):
    """Something at the terminal has to be mended."""

    def __init__(self, message: str, status: int = BotError.status) -> None:
        super().__init__(message)
        self.status = status


class SettingsError(BotError):
    """A setting is wrong; the message names the variable."""


class DatabaseError(BotError):
    """The database cannot be used at all."""


class RejectedError(BotError):
    """Telegram does not accept the token, at the start or later."""

    status = 1
