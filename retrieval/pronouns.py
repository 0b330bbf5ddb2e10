"""Whom a paragraph means that speaks of "her" or "he" before it names anybody: the names of the paragraph above.

News is written in paragraphs of one sentence ("In spring 2021, she dotted the is"), and nobody asks about "she". "The
latter" is the last of them alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.types import Passage

_PRONOUN = re.compile(
    r"\b(?:he|she|him|his|her|hers|(?P<latter>the\s+latter)|він|вона|його|її|йому|їй|он|она|его|ее|её|ему|ей|ён|яна|яго|яе"
    r"|яму)\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"\b[A-ZА-ЯІЇЄҐЁЎ][\w’'-]+")
_FULL_NAME = re.compile(rf"{_CAPITALISED.pattern}(?: {_CAPITALISED.pattern})*")
_INSIDE = re.compile(r"(?<=[\w,;] )[A-ZА-ЯІЇЄҐЁЎ][\w’'-]+")  # where a sentence does not begin
_LOOK_BACK = 2  # blocks


def antecedents(passage: Passage) -> str:
    """The names that a passage's pronouns may stand for; empty if it names somebody itself before them."""
    text, blocks = passage.document.text, passage.document.blocks
    pronoun = _PRONOUN.search(text, passage.start, passage.end)
    if pronoun is None or passage.start > passage.block.start or _INSIDE.search(text, passage.start, pronoun.start()):
        return ""
    at = bisect_right(blocks, passage.block.start, key=lambda block: block.start) - 1
    above = (block for block in reversed(blocks[max(0, at - _LOOK_BACK) : at]) if block.kind is passage.block.kind)
    named = _last_name if pronoun["latter"] else _names
    return next(filter(None, (named(text, block.start, block.end) for block in above)), "")


def _names(text: str, start: int, end: int) -> str:
    """The words of a stretch that the text writes with a capital inside a sentence."""
    capitalised = (match[0] for match in _CAPITALISED.finditer(text, start, end))
    return " ".join(dict.fromkeys(word for word in capitalised if word in _known(text)))


def _last_name(text: str, start: int, end: int) -> str:
    """The last of them, with its given names: whom "the latter" means."""
    names = [match[0] for match in _FULL_NAME.finditer(text, start, end)]
    return next((name for name in reversed(names) if name.split()[-1] in _known(text)), "")


@lru_cache(maxsize=8)
def _known(text: str) -> frozenset[str]:
    return frozenset(_INSIDE.findall(text))
