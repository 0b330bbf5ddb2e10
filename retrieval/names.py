"""Words that the documents spell in another way: by sound across scripts, and by a slip of the finger."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.analysis import LONGEST_WORD, is_cyrillic
from retrieval.skeleton import skeleton, skeletons

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from retrieval.vocabulary import Vocabulary

_SHORTEST_SOUND, _SHORTEST_NAME = 4, 3  # letters of a skeleton that may stand for a word, for a name
_SHORTEST_SLIP, _LONG = 5, 9  # letters from which one, from which two slips are forgiven
_COMMON_LENGTH = 7  # letters of a Cyrillic skeleton that may be near a word that is no name
_LARGE = 10_000  # terms; in more, short keys meet by accident


class Names:
    """The vocabulary of some documents by sound and by first letter; built when the first unknown word comes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def by_sound(self, word: str) -> frozenset[str]:
        """The terms that sound like a word; none if it is too short to tell."""
        keys = skeletons(word)
        for key in keys:
            terms = self._sounds.get(key, frozenset[str]())
            names = frozenset(filter(self._vocabulary.is_name, terms))
            shortest = _SHORTEST_SOUND + (len(self._vocabulary) > _LARGE)
            if len(key) >= shortest and terms:
                return terms
            if names and (len(key) >= _SHORTEST_SOUND or (len(key) == _SHORTEST_NAME and key == keys[0])):
                return names
        return frozenset()

    def by_spelling(self, word: str) -> frozenset[str]:
        """The terms nearest to a word: one slip in five letters, two in nine, the first letter right."""
        near: dict[int, set[str]] = defaultdict(set)
        for distance, key, terms in self._neighbours(word):
            near[distance] |= {term for term in terms if self._may_mean(word, key, term)}
        return frozenset(next((near[distance] for distance in sorted(near) if near[distance]), set()))

    def by_exchange(self, word: str) -> frozenset[str]:
        """The names that a word is when two neighbouring letters change places: Minks, Minsk."""
        exchanged = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1))
        terms = (term for other in exchanged if len(word) >= _SHORTEST_SLIP for term in self._words.get(other, ()))
        return frozenset(filter(self._vocabulary.is_name, terms))

    def _may_mean(self, word: str, key: str, term: str) -> bool:
        return not is_cyrillic(word) or self._vocabulary.is_name(term) or len(key) >= _COMMON_LENGTH

    def _neighbours(self, word: str) -> Iterator[tuple[int, str, frozenset[str]]]:
        for key in skeletons(word):
            yield from _near(key, self._sound_shelves, self._sounds)
        if not is_cyrillic(word):
            yield from _near(word, self._word_shelves, self._words)

    @cached_property
    def _sounds(self) -> dict[str, frozenset[str]]:
        return _grouped((skeleton(word), term) for word, term in self._vocabulary if len(word) <= LONGEST_WORD)

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        stems = ((term, term) for _, term in self._vocabulary)  # "imprision" is nearer to imprison than to imprisoned
        return _grouped(chain(self._vocabulary, stems))

    @cached_property
    def _sound_shelves(self) -> dict[str, list[str]]:
        return _shelved(self._sounds)

    @cached_property
    def _word_shelves(self) -> dict[str, list[str]]:
        return _shelved(self._words)


def slips(word: str, words: Collection[str], allowed: int) -> list[tuple[str, int]]:
    """Which of some words a word is so few slips of the finger away from, with their number."""
    found = process.extract(word, words, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    return [(other, int(distance)) for other, distance, _ in found]


def _near(
    key: str, shelves: dict[str, list[str]], terms: dict[str, frozenset[str]]
) -> Iterator[tuple[int, str, frozenset[str]]]:
    allowed = 0 if len(key) < _SHORTEST_SLIP else 1 if len(key) < _LONG else 2
    if allowed:
        for found, distance in slips(key, shelves.get(key[0], []), allowed):
            yield distance, key, terms[found]


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for key, term in pairs:
        groups[key].add(term)
    return {key: frozenset(terms) for key, terms in groups.items()}


def _shelved(keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys of four letters and more by their first letter."""
    shelves: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        if len(key) >= _SHORTEST_SOUND:
            shelves[key[0]].append(key)
    return dict(shelves)
