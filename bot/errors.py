"""What ends the program with a sentence for the person who started it, and what ends the work on one update.

BotError            `status` is the exit status of the command
├── CommandError    the command line, or the folder it leads to, has to be mended
├── SettingsError   a setting is wrong
├── DatabaseError   the database cannot be used at all
├── ListenError     the address to listen on cannot be had
├── RejectedError   Telegram does not accept the token
└── DeafError       nothing arrives from Telegram any more

UpdateError
├── PostponedError  its turn comes later
└── EndingError     the bot ends before it is done
"""


class BotError(Exception):
    """The family of what ends the program; the message says what to do, and never holds the token."""

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


class ListenError(BotError):
    """The address to listen on cannot be had; a process that is about to end may still have it."""

    status = 1


class RejectedError(BotError):
    """Telegram does not accept the token, at the start or later."""

    status = 1


class DeafError(BotError):
    """Nothing arrives from Telegram any more; a supervisor may start the bot again."""

    status = 1


class UpdateError(Exception):
    """The family of what ends the work on one update for now; it stays in the inbox."""


class PostponedError(UpdateError):
    """The person is over the allowance, or the disk cannot be read: it may be begun again in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"postponed by {seconds:.0f} s")
        self.seconds = seconds


class EndingError(UpdateError):
    """The bot is ending."""

    def __init__(self) -> None:
        super().__init__("the bot is ending")
