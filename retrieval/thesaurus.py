"""What words mean and what is related to them: translations into English, other names, synonyms.

`lexicon.tsv` (common words of public life), `countries.tsv` (from CLDR) and `aliases.tsv` (places, given names,
adjectives of countries) have a row for each concept: its English words, then for each language the beginnings of
its words. `=` before one makes it a whole word, `~` behind one a word but for the ending of a noun or adjective;
whole words win, then the longest stem, then the longest beginning. `synonyms.txt` has a group of English words a
line, with `_` between the words of a phrase; what stands behind `>` answers a question about what stands before it,
not the reverse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrieval.analysis import terms
from retrieval.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_TABLES = ("lexicon.tsv", "countries.tsv", "aliases.tsv")
_SYNONYMS = "synonyms.txt"
_CODES = ("latin", "uk", "ru", "be")
_BEGINNING = 2  # letters of an English word
_KEPT = 10_000  # terms whose relatives are kept, and beginnings whose groups are
_Key = TypeVar("_Key")
_Found = TypeVar("_Found", bound=Sized)


@dataclass(frozen=True, slots=True)
class Column:
    """The words of one language, or of other names in Latin script: English words by what they are known from."""

    entries: dict[str, str]  # "=word", "stem~" or a beginning
    endings: frozenset[str] = frozenset()

    def meanings(self, word: str) -> tuple[int, str]:
        """How much of a folded word the column knows, in letters, and its English words, best first."""
        if f"={word}" in self.entries:
            return len(word) + 1, self.entries[f"={word}"]  # before a stem or a beginning of that length
        prefixes = [word[:length] for length in range(len(word), 1, -1)]
        for stem in prefixes:
            if f"{stem}~" in self.entries and word[len(stem) :] in self.endings:
                return len(word), self.entries[f"{stem}~"]
        known = next((prefix for prefix in prefixes if prefix in self.entries), "")
        return len(known), self.entries.get(known, "")


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
            found = [self.columns[code].meanings(_spelt(word, code)) for code in group]
            longest = max((length for length, _ in found), default=0)
            if longest:
                return tuple(
                    dict.fromkeys(term for length, known in found if length == longest for term in terms(known))
                )
        return ()


@cache
def translations() -> Translations:
    """The columns of the tables but the first, read when a word of another language is met."""
    endings = {row.code: frozenset(_spelt(ending, row.code) for ending in row.endings) for row in LANGUAGES}
    columns = {code: Column({}, endings.get(code, frozenset())) for code in _CODES}
    for english, *others in map(_table, _TABLES):
        for code, cells in others:
            known = columns[code].entries
            for words, cell in zip(english[1], _spelt("\n".join(cells), code).split("\n"), strict=True):
                for entry in cell.split():
                    known[entry] = f"{known[entry]} {words}" if entry in known else words
    return Translations(columns)


def _spelt(text: str, code: str) -> str:
    """A word, an ending or a cell as it is looked up: Belarusian is spelt in two ways, and у may stand for ў."""
    return (text.replace("ь", "").replace("ў", "у") if code == "be" else text).replace("'", "")


def _frozen(groups: Mapping[_Key, Iterable[str]]) -> dict[_Key, tuple[str, ...]]:
    return {key: tuple(group) for key, group in groups.items()}


class _Looked(Mapping[str, _Found]):
    """What is found for a term, found when it is asked for: to read all groups would take longer than to start."""

    def __init__(self, find: Callable[[str], _Found], keys: Callable[[], Iterable[str]]) -> None:
        self._find, self._keys = lru_cache(maxsize=_KEPT)(find), keys  # people ask with any words

    def __getitem__(self, term: str) -> _Found:
        found = self._find(term)
        if not found:
            raise KeyError(term)
        return found

    def __iter__(self) -> Iterator[str]:
        return (term for term in self._keys() if self._find(term))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def relatives() -> Mapping[str, tuple[str, ...]]:
    """For each English term the others of its rows and of its groups of synonyms."""
    return _Looked(_relatives, _terms)


@cache
def phrases() -> Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]]:
    """For the first term of each phrase: the terms of the phrase, and those that it may stand for."""
    return _Looked(_phrases, _terms)


@cache
def countries() -> frozenset[str]:
    """The terms of the names of countries."""
    return frozenset(terms(" ".join(_table("countries.tsv")[0][1])))


def beginning_like(word: str) -> Collection[str]:
    """The English words and phrases of the tables that begin with the same letters, as they stand there."""
    return _entries().get(word[:_BEGINNING], {}).keys()


def _relatives(term: str) -> tuple[str, ...]:
    lines = _read(term[:_BEGINNING]).get((term,), ())
    return tuple(dict.fromkeys(other for line in lines for other in _meant(line) if other != term))


def _phrases(first: str) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    known = _read(first[:_BEGINNING]).items()
    found = {phrase: lines for phrase, lines in known if len(phrase) > 1 and phrase[0] == first}
    return {phrase: tuple(dict.fromkeys(t for line in lines for t in _meant(line))) for phrase, lines in found.items()}


def _terms() -> Iterable[str]:
    """All terms that a group is asked by, or a phrase begins with."""
    return dict.fromkeys(entry[0] for beginning in _entries() for entry in _read(beginning))


@lru_cache(maxsize=_KEPT)
def _read(beginning: str) -> Mapping[tuple[str, ...], Sequence[str]]:
    """For the terms of each word or phrase that begins so, the groups that it asks for."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for entry, lines in _entries().get(beginning, {}).items():
        found[tuple(terms(entry.replace("_", " ")))] += lines
    return found


@cache
def _entries() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The lines of each word and phrase as it stands in the tables, by its first letters, which no stemmer changes."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    # The lexicon is left out: what translates one word is not related in English ("post, office, appointment").
    rows = (words for table in _TABLES[1:] for words in _table(table)[0][1])
    for line in (*rows, *_lines(_SYNONYMS)):
        for entry in line.partition(">")[0].split():
            found[entry[:_BEGINNING].casefold()][entry].append(line)
    return found


@cache
def _meant(line: str) -> tuple[str, ...]:
    """The terms that stand for the words and phrases of a group: its words, or those behind the sign."""
    asked, _, others = line.partition(">")
    if others:
        return tuple(dict.fromkeys(terms(others)))
    found = [terms(entry.replace("_", " ")) for entry in asked.split()]
    return tuple(dict.fromkeys(entry[0] for entry in found if len(entry) == 1))  # a phrase is looked for in a question


def _table(file: str) -> list[tuple[str, tuple[str, ...]]]:
    """The columns of a table, the English one first: the name and the cells of each."""
    head, *rows = (line.split("\t") for line in _lines(file))
    return list(zip(head, zip(*rows, strict=True), strict=True))


def _lines(file: str) -> list[str]:
    lines = Path(__file__).with_name(file).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
