"""What the bot says, in four languages: a TOML file each, with the same keys and placeholders (a test sees to it)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TWO_TO_FOUR = range(2, 5)
_TEENS = range(11, 15)


def _english(number: int) -> str:
    return "one" if number == 1 else "other"


def _east_slavic(number: int) -> str:
    """The CLDR rule of whole numbers, the same for Ukrainian, Russian and Belarusian."""
    if number % 100 in _TEENS:
        return "many"
    if number % 10 == 1:
        return "one"
    return "few" if number % 10 in _TWO_TO_FOUR else "many"


#: The languages the bot speaks, the first for everybody else, each with its rule for numbers.
PLURALS: dict[str, Callable[[int], str]] = {
    "en": _english,
    "uk": _east_slavic,
    "be": _east_slavic,
    "ru": _east_slavic,
}


class Wording:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        content = Path(__file__).with_name(f"{language}.toml").read_text("utf-8")
        self.texts: dict[str, str | dict[str, str]] = tomllib.loads(content)

    def __call__(self, key: str, **values: object) -> str:
        """The text for a key, its placeholders filled in."""
        text = self.texts[key]
        if not isinstance(text, str):
            raise TypeError(f"{key} has forms; count() chooses one")
        return text.strip().format(**values)

    def count(self, key: str, number: int) -> str:
        """A number with its noun: "1 passage", "2 passages"."""
        forms = self.texts[key]
        if isinstance(forms, str):
            raise TypeError(f"{key} has no forms")
        return forms[PLURALS[self.language](number)].format(number=f"{number:,}".replace(",", "\u00a0"))


@cache
def wording(code: str | None) -> Wording:
    """The wording for an IETF language tag such as "uk" or "en-GB"; English for a language we do not speak."""
    language = (code or "").lower().partition("-")[0]
    return Wording(language if language in PLURALS else next(iter(PLURALS)))
