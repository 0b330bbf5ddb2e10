"""What words mean and what is related to them: translations into English, other names, synonyms.

`lexicon.tsv` (common words of public life), `countries.tsv` (from CLDR) and `aliases.tsv` (places, given names,
adjectives of countries) have a row for each concept: its English words, then for each language the beginnings of
its words; `=` before one makes it a whole word. The longest beginning wins. `synonyms.txt` has a group of English
words a line, with `_` between the words of a phrase; what stands behind `>` answers a question about what stands
before it, not the reverse.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrieval.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TABLES = ("lexicon.tsv", "countries.tsv", "aliases.tsv")
_SYNONYMS = "synonyms.txt"
_CODES = ("latin", "uk", "ru", "be")
_SHORTEST_BEGINNING = 3
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Column:
    """The words of one language, or of other names in Latin script: English terms by whole word and by beginning."""

    words: Mapping[str, tuple[str, ...]]
    beginnings: Mapping[str, tuple[str, ...]]

    def meanings(self, word: str) -> tuple[int, tuple[str, ...]]:
        """How much of a folded word the column knows, in letters, and its English terms, best first."""
        if word in self.words:
            return len(word) + 1, self.words[word]  # before a beginning of that length
        prefixes = (word[:length] for length in range(len(word), _SHORTEST_BEGINNING - 1, -1))
        known = next((prefix for prefix in prefixes if prefix in self.beginnings), "")
        return len(known), self.beginnings.get(known, ())


@dataclass(frozen=True, slots=True)
class Translations:
    """The columns of the tables but the English one, by language."""

    columns: Mapping[str, Column]

    def meanings(self, word: str, languages: Sequence[Iterable[str]] = ()) -> tuple[str, ...]:
        """The English terms of a folded word, best first; none if no table knows it.

        Args:
            word: the word.
            languages: in which columns it is looked up, one group after the other until one knows it, for people mix
                languages and a beginning means one thing in one and another in the next. None: in all at once.
        """
        for group in languages or (self.columns,):
            found = [self.columns[code].meanings(word) for code in group]
            longest = max((length for length, _ in found), default=0)
            if longest:
                return tuple(dict.fromkeys(term for length, terms in found if length == longest for term in terms))
        return ()


@cache
def translations() -> Translations:
    """The columns of the tables but the first, read when a word of another language is met."""
    words: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    beginnings: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for english, cells in _rows():
        group = dict.fromkeys(terms(english))
        for code, cell in cells.items():
            for entry in cell.replace("'", "").split():
                (words if entry.startswith("=") else beginnings)[code][entry.removeprefix("=")].update(group)
    return Translations({code: Column(_frozen(words[code]), _frozen(beginnings[code])) for code in _CODES})


def _frozen(groups: Mapping[_Key, Iterable[str]]) -> dict[_Key, tuple[str, ...]]:
    return {key: tuple(group) for key, group in groups.items()}


@cache
def relatives() -> Mapping[str, tuple[str, ...]]:
    """For each English term the others of its rows and of its groups of synonyms."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for group in _groups():
        for term in group.terms:
            found[term].update(group.meant)
    return {term: tuple(other for other in others if other != term) for term, others in found.items()}


@cache
def phrases() -> Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]]:
    """For the first term of each phrase: the terms of the phrase, and those that it may stand for."""
    found: dict[str, dict[tuple[str, ...], dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for group in _groups():
        for phrase in group.phrases:
            found[phrase[0]][phrase].update(group.meant)
    return {first: _frozen(several) for first, several in found.items()}


@dataclass(frozen=True, slots=True)
class _Group:
    terms: Mapping[str, None]
    phrases: Sequence[tuple[str, ...]]
    meant: Mapping[str, None]  # what stands for them


@cache
def _groups() -> tuple[_Group, ...]:
    # The lexicon is left out: what translates one word is not related in English ("post, office, appointment").
    return tuple(map(_group, (*(english for english, _ in _rows(_TABLES[1:])), *_lines(_SYNONYMS))))


def _group(line: str) -> _Group:
    asked, _, others = line.partition(">")
    found = [terms(entry.replace("_", " ")) for entry in asked.split()]
    single = dict.fromkeys(term for entry in found if len(entry) == 1 for term in entry)
    return _Group(single, [tuple(e) for e in found if len(e) > 1], dict.fromkeys(terms(others)) if others else single)


def _rows(tables: tuple[str, ...] = _TABLES) -> list[tuple[str, dict[str, str]]]:
    """The English words of every row of the tables, and the other cells by column."""
    rows = []
    for table in tables:
        head, *lines = _lines(table)
        for line in lines:
            english, *cells = line.split("\t")
            rows.append((english, dict(zip(head.split("\t")[1:], cells, strict=True))))
    return rows


def _lines(file: str) -> list[str]:
    lines = Path(__file__).with_name(file).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
