"""Who holds which office in the documents: "the leader of the opposition, Sviatlana Tsikhanouskaya".

People ask for somebody by what they are, and texts go on with the name. An office is held by whoever is named right
beside it; the words around it tell one minister from another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from retrieval.analysis import is_cyrillic, terms
from retrieval.languages import OFFICES, OFFICES_CYRILLIC
from retrieval.thesaurus import countries, relatives

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from retrieval.analysis import Token

_WORD = r"[\w’'-]+"
_NAME = rf"[A-ZА-ЯІЇЄҐЁЎ]{_WORD}"
_FULL = rf"{_NAME}(?:\s+{_NAME}){{1,3}}"
#: From an office to its holder: "FM Dmytro Kuleba", "despot in Minsk, Russia's vassal, Aleksandr Lukashenko".
_BEFORE_NAME = re.compile(
    rf"(?:-{_WORD})?(?:(?:\s+[а-яіїєґёў]{_WORD}){{0,4}}\s+(?P<title>{_NAME}(?:\s+{_NAME}){{0,3}})"
    rf"|(?:\s+(?:of|to|for|in|at)\s+[^,.;:!?]{{1,60}})?,\s+(?:[^,.;:!?“”\"«»]{{1,40}},\s+)?(?P<name>{_FULL}))"
)
#: From a holder to the office: "Olaf Scholz, the German" chancellor.
_BEHIND_NAME = re.compile(
    rf"(?P<name>{_FULL}),\s+(?!(?:after|and|as|but|if|not|or|that|when|where|which|while|who)\b)(?:{_WORD}\s+){{0,4}}$"
)
_WORDS_BEFORE = re.compile(rf"(?:{_WORD}\s+){{0,4}}$")
_LOOK_BACK = 120  # characters
_MOST_HOLDERS = 3  # more of them are no answer to "the minister"
_CYRILLIC = re.compile(OFFICES_CYRILLIC)


class Offices:
    """For each office, by its term, whom the documents name as holding it."""

    def __init__(self) -> None:
        self._held: defaultdict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)  # terms around it, the name

    def add(self, text: str, tokens: Sequence[Token]) -> None:
        """Takes in the offices of a passage.

        Args:
            text: where the tokens stand.
            tokens: the words, in order.
        """
        for token in tokens:
            if not (_CYRILLIC.match(token.word) if is_cyrillic(token.word) else token.term in _english()):
                continue
            start = max(0, token.start - _LOOK_BACK)
            found = _BEFORE_NAME.match(text, token.end) or _BEHIND_NAME.search(text[start : token.start])
            if not found:
                continue
            offset = 0 if found.re is _BEFORE_NAME else start
            part = "name" if found["name"] else "title"
            first, end = offset + found.start(part), offset + found.end(part)
            words = _WORDS_BEFORE.search(text[start : token.start])
            around = start + words.start() if words else token.start
            name = [other.term for other in tokens if first <= other.start < end]
            beside = frozenset(t.term for t in tokens if around <= t.start < max(token.end, first))
            if name:
                self._held[token.term].append((beside - {token.term, *name}, name[-1]))

    def holders(self, office: str, said: AbstractSet[str]) -> list[str]:
        """The terms of the names of those who hold an office.

        Args:
            office: its term.
            said: terms of the other words of a question, which tell one holder from another.

        Returns:
            Those of whom most of these words are said, in the order of the documents; none where many hold it, or
            several of whom nothing is said.
        """
        matches: dict[str, int] = {}
        for beside, name in self._held.get(office, ()):
            if name not in relatives() and name not in countries():  # "official Kyiv"
                matches[name] = max(matches.get(name, 0), len(beside & said))
        most = max(matches.values(), default=0)
        found = [name for name, count in matches.items() if count == most]
        return found if len(found) == 1 or (most and len(found) <= _MOST_HOLDERS) else []


@cache
def _english() -> frozenset[str]:
    return frozenset(terms(OFFICES))
