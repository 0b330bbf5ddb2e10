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

from retrieval.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLES = ("lexicon.tsv", "countries.tsv", "aliases.tsv")
_SYNONYMS = "synonyms.txt"
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Translations:
    """Words of other languages and other names, by whole words and by beginnings; the values are English terms."""

    words: Mapping[str, tuple[str, ...]]
    beginnings: Mapping[str, tuple[str, ...]]

    def meanings(self, word: str) -> tuple[str, ...]:
        """The English terms of a folded word, best first; none if no table knows it."""
        if word in self.words:
            return self.words[word]
        prefixes = (word[:length] for length in range(len(word), _SHORTEST_BEGINNING - 1, -1))
        return next((self.beginnings[prefix] for prefix in prefixes if prefix in self.beginnings), ())


@cache
def translations() -> Translations:
    """The columns of the tables but the first, read when a word of another language is met."""
    words: dict[str, dict[str, None]] = defaultdict(dict)
    beginnings: dict[str, dict[str, None]] = defaultdict(dict)
    for english, cells in _rows():
        group = dict.fromkeys(terms(english))
        for entry in cells.replace("'", "").split():
            (words if entry.startswith("=") else beginnings)[entry.removeprefix("=")].update(group)
    return Translations(
        {word: tuple(group) for word, group in words.items()},
        {beginning: tuple(group) for beginning, group in beginnings.items()},
    )


@cache
def relatives() -> Mapping[str, tuple[str, ...]]:
    """For each English term the others of its rows and of its groups of synonyms."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    # The lexicon is left out: what translates one word is not related in English ("post, office, appointment").
    for line in (*(english for english, _ in _rows(_TABLES[1:])), *_lines(_SYNONYMS)):
        group = dict.fromkeys(terms(line))
        for term in group:
            found[term].update(group)
    return {term: tuple(other for other in group if other != term) for term, group in found.items()}


def _rows(tables: tuple[str, ...] = _TABLES) -> list[tuple[str, str]]:
    """The English words and the other cells of every row of the tables."""
    rows = []
    for table in tables:
        for line in _lines(table)[1:]:
            english, _, cells = line.partition("\t")
            rows.append((english, cells))
    return rows


def _lines(file: str) -> list[str]:
    lines = Path(__file__).with_name(file).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
