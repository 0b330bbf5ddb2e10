"""What words mean and what is related to them: translations into English, other names, synonyms.

`lexicon.tsv` (common words of public life), `countries.tsv` (from CLDR) and `aliases.tsv` (places, given names,
adjectives of countries) have a row for each concept: its English words, then for each language the beginnings of
its words; `=` before one makes it a whole word. The longest beginning wins. `synonyms.txt` has a group of English
words a line.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.analysis import fold, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TABLES = ("lexicon.tsv", "countries.tsv", "aliases.tsv")
_SYNONYMS = "synonyms.txt"
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """All tables, by what leads to a row; the values are English terms, best first."""

    words: Mapping[str, tuple[str, ...]]
    beginnings: Mapping[str, tuple[str, ...]]
    relatives: Mapping[str, tuple[str, ...]]  # English term -> the others of its rows and groups

    def meanings(self, word: str) -> tuple[str, ...]:
        """The English terms of a folded word; none if no table knows it."""
        if word in self.words:
            return self.words[word]
        prefixes = (word[:length] for length in range(len(word), _SHORTEST_BEGINNING - 1, -1))
        return next((self.beginnings[prefix] for prefix in prefixes if prefix in self.beginnings), ())


@cache
def thesaurus() -> Thesaurus:
    """The tables, read once."""
    words: dict[str, dict[str, None]] = defaultdict(dict)
    beginnings: dict[str, dict[str, None]] = defaultdict(dict)
    relatives: dict[str, dict[str, None]] = defaultdict(dict)
    for english, *cells in _rows():
        group = dict.fromkeys(terms(english))
        for term in group:
            relatives[term].update(group)
        for entry in " ".join(cells).split():
            (words if entry.startswith("=") else beginnings)[fold(entry.removeprefix("="))].update(group)
    return Thesaurus(
        {word: tuple(group) for word, group in words.items()},
        {beginning: tuple(group) for beginning, group in beginnings.items()},
        {term: tuple(other for other in group if other != term) for term, group in relatives.items()},
    )


def _rows() -> Iterator[list[str]]:
    """The cells of every row of the tables, the English words first, and the groups of synonyms as rows of one cell."""
    for table in _TABLES:
        _, *rows = _lines(table)
        yield from (row.split("\t") for row in rows)
    yield from ([group] for group in _lines(_SYNONYMS))


def _lines(file: str) -> list[str]:
    lines = Path(__file__).with_name(file).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
