"""What people do with the running bot at the tests' Telegram, and that nothing of it went wrong."""

from tests.processes import PATIENCE
from tests.telegram_formatting import ENTITIES, TEXT_UNITS, utf16_length
from tests.telegram_people import Pointer
from tests.telegram_records import SentMessage
from tests.telegram_server import TelegramServer

UNKNOWN = "/ask xyzzy"


async def answer(server: TelegramServer, text: str, **said: object) -> SentMessage:
    """The message that a message leads to; `said` as `TelegramServer.say` takes it."""
    server.say(text, **said)  # type: ignore[arg-type]  # whichever they are
    return await server.next_sent(PATIENCE)


async def notice(server: TelegramServer, message: Pointer, button: str, **how: object) -> str:
    """What whoever presses a button is told; `how` as `TelegramServer.press` takes it."""
    query = server.press(message, button, **how)  # type: ignore[arg-type]  # whichever they are
    return (await query.answered(PATIENCE)).get("text", "")


async def turned(server: TelegramServer, message: Pointer, button: str, **how: object) -> SentMessage:
    """The message after a press that changes it."""
    assert await notice(server, message, button, **how) == ""
    return await server.next_edit(PATIENCE)


async def assert_silent(server: TelegramServer, chat: int) -> None:
    """Nothing was said to what was written in a chat, whose updates are worked on in order."""
    before = len(server.sent), len(server.edits)
    await answer(server, UNKNOWN, chat=chat)
    assert (len(server.sent), len(server.edits)) == (before[0] + 1, before[1])


def assert_well(server: TelegramServer) -> None:
    """No call was refused, no press is unanswered, and no message is beyond a limit."""
    assert server.refusals == []
    assert server.unanswered == []
    for message in (*server.sent, *server.edits):
        assert 0 < utf16_length(message.text) <= TEXT_UNITS
        assert len(message.entities) <= ENTITIES
