"""How the words of a question are read as terms of the documents: a ladder, the first rung that answers wins.

1. the documents have the word;
2. a table knows it: a translation or another name;
3. it is an English word: then it means itself, and the documents do not have it;
4. it sounds like a word of the documents;
5. it is a slip of the finger away from one, or from an English word that is related to one.

A word on no rung is not understood, and the answer says so. Beside what a word means, related words of the tables
(Belarus and Belarusian, live and reside) count a little. A word of a phrase ("behind bars") also means what the
phrase does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.analysis import LONGEST_WORD, is_cyrillic, terms
from retrieval.languages import likely
from retrieval.names import Names, slips
from retrieval.thesaurus import beginning_like, phrases, relatives, translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.analysis import Token
    from retrieval.vocabulary import Vocabulary


class Rung(StrEnum):
    """How a word was understood."""

    EXACT = "exact"
    TABLE = "table"
    RELATED = "related"
    SOUND = "sound"
    SPELLING = "spelling"
    ABSENT = "absent"  # a word that is known, of which the documents have nothing
    NONE = "none"


#: How much a term counts that a word was read as; chosen on tests/judgements/tune.jsonl and public questions. With
#: .79 for related words .700 of 1,143 questions in other words found the answer first, with .85 it was .712.
WEIGHTS = {Rung.EXACT: 1.0, Rung.TABLE: 0.9, Rung.SOUND: 0.9, Rung.SPELLING: 0.87, Rung.RELATED: 0.85}
_SHORTEST_SLIP = 6  # letters of an English word from which one slip is forgiven
_BESIDE = 0.5  # a related word beside one that the documents have
_BESIDE_TRANSLATION = 0.2  # beside a word that a table translates, often by several already


@dataclass(frozen=True, slots=True)
class Reading:
    """A word of the question and the terms it may mean, each with its weight from 0 to 1.

    There are none on the last two rungs, and on no other.
    """

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

    def readings(self, tokens: Sequence[Token], question: str) -> list[Reading]:
        """The different words of a question, in order, each as it is understood there."""
        languages = likely("".join(token.word for token in tokens))
        phrased = _phrased([token.term for token in tokens])
        first = {token.term: token for token in reversed(tokens)}
        different = [first[term] for term in dict.fromkeys(token.term for token in tokens)]
        return [
            self.read(
                token, languages, self._known(phrased.get(token.term, ())), is_name=is_capitalised(token, question)
            )
            for token in different
        ]

    def read(
        self,
        token: Token,
        languages: Sequence[Iterable[str]] = (),
        phrased: Sequence[str] = (),
        *,
        is_name: bool = False,
    ) -> Reading:
        """How one word of a question is understood.

        Args:
            token: the word.
            languages: those that the question may be written in, the likeliest first.
            phrased: terms of the documents that stand for a phrase which the word is part of.
            is_name: whether it is written as a name, and is no slip of a common word.
        """
        of_phrase = dict.fromkeys(phrased, WEIGHTS[Rung.RELATED])
        if token.term in self._vocabulary:
            related = self._beside([token.term]) | self._spellings(token) | of_phrase
            return Reading(token, Rung.EXACT, {token.term: 1.0}, related)
        if of_phrase:
            return Reading(token, Rung.RELATED, of_phrase, self._beside([token.term]))
        is_word = len(token.word) <= LONGEST_WORD
        rung, found = self._climb(token, languages, is_name=is_name) if is_word else (Rung.NONE, [])
        related = self._beside(found, _BESIDE_TRANSLATION) if rung is Rung.TABLE else {}
        return Reading(token, rung, dict.fromkeys(found, WEIGHTS.get(rung, 0.0)), related)

    def _climb(self, token: Token, languages: Sequence[Iterable[str]], *, is_name: bool) -> tuple[Rung, list[str]]:
        meant = translations().meanings(token.word, languages if is_cyrillic(token.word) else ())
        if meant:
            found = self._known(dict.fromkeys((*meant, *_stood_for(meant))))
            return (Rung.TABLE, found) if found else self._related(meant)
        if not is_cyrillic(token.word) and (token.term in relatives() or token.term in _english()):
            rung, found = self._related([token.term])
            exchanged = [] if found else sorted(self._names.by_exchange(token.word))
            return (Rung.SPELLING, exchanged) if exchanged else (rung, found)
        for rung, find in ((Rung.SOUND, self._names.by_sound), (Rung.SPELLING, self._names.by_spelling)):
            found = sorted(find(token.word))
            if found:
                return rung, found
        found = [] if is_name or is_cyrillic(token.word) else self._related(_misspelt(token))[1]
        return (Rung.RELATED, found) if found else (Rung.NONE, [])

    def _related(self, terms: Iterable[str]) -> tuple[Rung, list[str]]:
        """The documents' words that are related to a word which they do not have."""
        found = self._known(dict.fromkeys(other for term in terms for other in relatives().get(term, ())))
        return (Rung.RELATED if found else Rung.ABSENT), found

    def _beside(self, terms: Iterable[str], weight: float = _BESIDE) -> dict[str, float]:
        """The documents' words that are related to words which they have."""
        return dict.fromkeys(self._related(terms)[1], weight)

    def _spellings(self, token: Token) -> dict[str, float]:
        """The other spellings of a name in the same documents: Lukashenka, Lukashenko."""
        if not self._vocabulary.is_name(token.term):
            return {}
        alike = sorted(filter(self._vocabulary.is_name, self._names.by_sound(token.word)))
        return dict.fromkeys(alike, WEIGHTS[Rung.SOUND])

    def _known(self, terms: Iterable[str]) -> list[str]:
        return [term for term in terms if term in self._vocabulary]


def is_capitalised(token: Token, question: str) -> bool:
    """Whether a word of a question has a capital that tells something: not its first letter, nor one of all."""
    return token.start > 0 and question[token.start].isupper() and not question.isupper()


def _phrased(terms: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each term of a question the terms that a phrase stands for which it is part of there."""
    found: dict[str, tuple[str, ...]] = {}
    for at, first in enumerate(terms):
        for phrase, meant in phrases().get(first, {}).items():
            if tuple(terms[at : at + len(phrase)]) == phrase:
                for term in phrase:
                    found[term] = (*found.get(term, ()), *meant)
    return found


def _misspelt(token: Token) -> list[str]:
    """The terms of the English words of the tables that a word is one slip away from, or its stem is."""
    spellings = [word for word in (token.word, token.term) if len(word) >= _SHORTEST_SLIP]
    near = [other for word in spellings for other, _ in slips(word, beginning_like(word), 1)]
    return [term for other in dict.fromkeys(near) for term in terms(other)]


def _stood_for(terms: Sequence[str]) -> list[str]:
    """The terms that phrases among these stand for: one word of another language may be two of English."""
    return [meant for found in _phrased(terms).values() for meant in found]


@cache
def _english() -> frozenset[str]:
    """Stems of frequent English words: none of them is a slip of another."""
    return frozenset(Path(__file__).with_name("english.txt").read_text("utf-8").split())
