"""What the buttons below the replies to commands do: examples, documents.

None of them leads to anything that the person who presses could not write a command for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.presses import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import telegram

    from bot.catalogue import Catalogue
    from bot.examples import Examples
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
        question = self._examples.behind(*press.arguments) if len(press.arguments) == 2 else None  # noqa: PLR2004  # language and digest
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


def _shown(press: Press, message: Message | None) -> Outcome | None:
    return Outcome(shown=message) if message and _bears(press.message, "sources", "outline") else None


def _bears(message: telegram.Message, *kinds: str) -> bool:
    """Whether a message has a button of some kinds; a client may claim to have pressed any, anywhere."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return any(str(button.callback_data).partition(":")[0] in kinds for row in rows for button in row)
