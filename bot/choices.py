"""What the buttons below the replies to commands do: examples, documents, language, forgetting.

None of them leads to anything that the person who presses could not write a command for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Chat

from bot.commands import AS_IN_TELEGRAM, consent, languages
from bot.presses import Outcome
from bot.rendering import plain
from bot.wording import PLURALS, wording

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import telegram

    from bot.catalogue import Catalogue
    from bot.examples import Examples
    from bot.people import People
    from bot.presses import Press
    from bot.rendering import Message


class ExampleActions:
    """What the example questions do.

    Args:
        ask: answers a question of somebody below a message.
    """

    def __init__(
        self, examples: Examples, ask: Callable[[telegram.Message, telegram.User, str], Awaitable[None]]
    ) -> None:
        self._examples = examples
        self._ask = ask

    async def ask(self, press: Press) -> Outcome | None:
        """Asks the question that stands on the button."""
        match press.arguments:
            case language, digest:
                question = self._examples.behind(language, digest)
            case _:
                return None
        if question is None or not _bears(press.message, "ask"):
            return None
        await self._ask(press.message, press.user, question)
        return Outcome()


class CatalogueActions:
    """What the buttons below the list of documents and below an outline do; in a group they are everybody's."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def page(self, press: Press) -> Outcome | None:
        """Another page of the list."""
        match press.arguments:
            case (number,) if number.isdecimal():
                return _shown(press, self._catalogue.page(press.wording, int(number)))
        return None

    async def outline(self, press: Press) -> Outcome | None:
        """The outline of a document."""
        match press.arguments:
            case name, number if number.isdecimal():
                return _shown(press, self._catalogue.outline(press.wording, name, int(number)))
        return None


class LanguageActions:
    """What the buttons below /language do: each is for whoever presses it."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def choose(self, press: Press) -> Outcome | None:
        """Keeps the language; the message changes with that of the person who asked for it."""
        match press.arguments:
            case (code,) if code in {*PLURALS, AS_IN_TELEGRAM} and _bears(press.message, "language"):
                await self._people.choose_language(press.user.id, code if code in PLURALS else None)
            case _:
                return None
        words = wording(await self._people.language(press.user))
        said = words("language_chosen")
        return Outcome(said, plain(said).with_buttons(languages(words)) if _is_of(press.user, press.message) else None)


class ForgetActions:
    """What the buttons below /forget do; they are for the person who asked."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def decide(self, press: Press) -> Outcome | None:
        """Forgets a person, or does not."""
        if press.arguments not in {("yes",), ("no",)} or not _bears(press.message, "forget"):
            return None
        words = press.wording
        if not _is_of(press.user, press.message):
            return Outcome(words("not_yours"))
        if press.arguments == ("no",):
            return Outcome(shown=plain(words("forget_not")))
        if await self._people.forget(press.user.id):
            return Outcome(shown=plain(words("forget_done")))
        return Outcome(shown=plain(words("forget_failed")).with_buttons(consent(words)))


def _shown(press: Press, message: Message | None) -> Outcome | None:
    return Outcome(shown=message) if message and _bears(press.message, "sources", "outline") else None


def _bears(message: telegram.Message, *kinds: str) -> bool:
    """Whether a message has a button of some kinds; a client may claim to have pressed any, anywhere."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return any(str(button.callback_data).partition(":")[0] in kinds for row in rows for button in row)


def _is_of(user: telegram.User, message: telegram.Message) -> bool:
    """Whether a message of the bot replies to somebody; in a private chat there is nobody else."""
    replied = message.reply_to_message
    return message.chat.type == Chat.PRIVATE or bool(replied and replied.from_user and replied.from_user.id == user.id)
