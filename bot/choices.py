"""What the buttons below the replies to commands do.

None of them leads to anything that the person who presses could not write a command for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.presses import Outcome

if TYPE_CHECKING:
    import telegram

    from bot.catalogue import Catalogue
    from bot.presses import Press
    from bot.rendering import Message


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
