"""How the words of a question are read as terms of the documents: a ladder, the first rung that answers wins.

1. the documents have the word;
2. a table knows it: a translation or another name;
3. it is an English word: then it means itself, and the documents do not have it;
4. it sounds like a word of the documents;
5. it is a slip of the finger away from one.

A word on no rung is not understood, and the answer says so. Beside what a word means, related words of the tables
(Belarus and Belarusian, live and reside) count a little.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.analysis import LONGEST_WORD, is_cyrillic
from retrieval.names import Names
from retrieval.thesaurus import relatives, translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrieval.analysis import Token
    from retrieval.vocabulary import Vocabulary


class Rung(StrEnum):
    """How a word was understood."""

    EXACT = "exact"
    TABLE = "table"
    RELATED = "related"
    SOUND = "sound"
    SPELLING = "spelling"
    NONE = "none"


#: How much a term counts that a word was read as; chosen on tests/judgements/tune.jsonl and public questions.
WEIGHTS = {Rung.EXACT: 1.0, Rung.TABLE: 0.9, Rung.SOUND: 0.9, Rung.SPELLING: 0.8, Rung.RELATED: 0.7}
_BESIDE = 0.4  # a related word beside one that the documents have


@dataclass(frozen=True, slots=True)
class Reading:
    """A word of the question and the terms it may mean, each with its weight from 0 to 1."""

    token: Token
    rung: Rung
    meanings: Mapping[str, float] = field(default_factory=dict)
    related: Mapping[str, float] = field(default_factory=dict)

    @property
    def weights(self) -> dict[str, float]:
        """All terms that count for the word."""
        return {**self.related, **self.meanings}


class Reader:
    """Reads questions with the words of some documents."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names = Names(vocabulary)

    def read(self, token: Token) -> Reading:
        """How one word of a question is understood."""
        if token.term in self._vocabulary:
            related = dict.fromkeys(self._known(relatives().get(token.term, ())), _BESIDE)
            return Reading(token, Rung.EXACT, {token.term: 1.0}, related | self._spellings(token))
        rung, found = self._climb(token) if len(token.word) <= LONGEST_WORD else (Rung.NONE, [])
        return Reading(token, rung, dict.fromkeys(found, WEIGHTS.get(rung, 0.0)))

    def _climb(self, token: Token) -> tuple[Rung, list[str]]:
        meant = translations().meanings(token.word)
        if meant:
            found = self._known(meant)
            return (Rung.TABLE if found else Rung.NONE), found
        if not is_cyrillic(token.word) and token.term in _english():
            found = self._known(relatives().get(token.term, ()))
            return (Rung.RELATED if found else Rung.NONE), found
        for rung, find in ((Rung.SOUND, self._names.by_sound), (Rung.SPELLING, self._names.by_spelling)):
            found = sorted(find(token.word))
            if found:
                return rung, found
        return Rung.NONE, []

    def _spellings(self, token: Token) -> dict[str, float]:
        """The other spellings of a name in the same documents: Lukashenka, Lukashenko."""
        if not self._vocabulary.is_name(token.term):
            return {}
        alike = sorted(filter(self._vocabulary.is_name, self._names.by_sound(token.word)))
        return dict.fromkeys(alike, WEIGHTS[Rung.SOUND])

    def _known(self, terms: Iterable[str]) -> list[str]:
        return [term for term in terms if term in self._vocabulary]


@cache
def _english() -> frozenset[str]:
    """Stems of frequent English words: none of them is a slip of another."""
    return frozenset(Path(__file__).with_name("english.txt").read_text("utf-8").split())
