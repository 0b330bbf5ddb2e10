"""What Telegram does to a text, done beforehand, and how it counts.

Measured with TDLib 1.8.69, Telegram's own library, over every code point: see `tests/test_telegram_text.py`. A
message built of parts that went through `clean` arrives letter by letter as it was sent.
"""

from __future__ import annotations

import re

_BECOMES_SPACE = (*range(0x0A), 0x0B, 0x0C, *range(0x0E, 0x20))
_DISAPPEARS = (0x0D, 0x030A, 0x0333, 0x033F, *range(0x2028, 0x202F))
_HALVES = range(0xD800, 0xE000)  # surrogates: alone they are no text, and cannot be sent
_MAPPING: dict[int, str | None] = (
    dict.fromkeys(_BECOMES_SPACE, " ") | dict.fromkeys(_DISAPPEARS) | dict.fromkeys(_HALVES, "\ufffd")
)
#: Of direction marks in a row only the last stays one; the others become zero-width non-joiners.
_DIRECTION_MARKS = re.compile("[\u200e\u200f](?=[\u200e\u200f])")


def clean(text: str) -> str:
    """The text as Telegram will show it; idempotent."""
    return _DIRECTION_MARKS.sub("\u200c", text.translate(_MAPPING))


def utf16_length(text: str) -> int:
    """The length of a text as Telegram counts it: an astral character such as 🇺 takes two units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
