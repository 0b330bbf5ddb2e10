"""What a terminal may be given: text without the characters that steer it.

They are the control characters C0 and C1 of ECMA-48 and DEL: an escape sequence in a document, or in the name of a
file, could change colours, move the cursor or rename the window.
"""

from __future__ import annotations

_LINE_BREAK = 0x0A
_STEERING = dict.fromkeys((*range(_LINE_BREAK), *range(_LINE_BREAK + 1, 0x20), *range(0x7F, 0xA0)), "\ufffd")


def harmless(text: str) -> str:
    """The text, as long as it was, each steering character but the line break replaced by U+FFFD."""
    return text.translate(_STEERING)


def on_one_line(text: str) -> str:
    """The text without steering characters and without line breaks."""
    return harmless(text).replace("\n", "\ufffd")
